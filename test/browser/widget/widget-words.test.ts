import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Ask } from "../../../shared/contract/ask.ts";
import { WAYS } from "../../../worker/demo/ways.ts";
import { visit } from "../fixture.ts";
import { leave } from "../site.ts";
import { bringUp, pageOf, setUp } from "./ways.ts";

/** Every text of a survey is one word of 85 letters, on the narrowest phone. */

setUp();

const word = "Wortungetuem".repeat(8).slice(0, 85);

const lengthened = (ask: Ask): Ask => ({
  ...ask,
  texts: Object.fromEntries(Object.keys(ask.texts).map((name) => [name, word])) as Ask["texts"],
  // Digits and drawings are not replaced.
  options: ask.options.map((option) => ({ ...option, ...(option.text.length > 2 && { text: word }) })),
  ...(ask.steps && {
    steps: ask.steps.map((step) => ({
      ...step,
      question: word,
      ...(step.choices && { choices: step.choices.map(([id]): [string, string] => [id, word]) }),
    })),
  }),
  thanks: [
    {
      is: ask.options.map(({ rating }) => rating),
      text: word,
      link: { text: word, url: "https://example.com/" },
    },
  ],
});

const lengthenAll = (page: Page) =>
  page.route("**/v1/ask?*", async (route) => {
    const response = await route.fetch();
    // A visitor who was asked gets no second survey, so there is nothing to lengthen.
    if (response.status() === 204) return route.fulfill({ response });
    const asked: Ask & { asks?: Ask[] } = await response.json();
    await route.fulfill({
      response,
      json: asked.asks ? { asks: asked.asks.map(lengthened) } : lengthened(asked),
    });
  });

/** Texts that stick out of their survey or the window, or lie under the close button. */
const astray = (page: Page) =>
  page.evaluate(() => {
    const faults: string[] = [];
    for (const { shadowRoot } of document.querySelectorAll("candor-survey")) {
      const section = shadowRoot?.querySelector("section");
      if (!section) continue;
      const box = section.getBoundingClientRect();
      const close = shadowRoot?.querySelector(".close, .dismiss")?.getBoundingClientRect();
      const texts = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(texts.currentNode);
        const name = texts.currentNode.parentElement?.className || texts.currentNode.parentElement?.localName;
        for (const { left, right, top, bottom } of range.getClientRects()) {
          if (left < box.left - 1 || right > box.right + 1 || right > innerWidth + 1)
            faults.push(`${name} sticks out`);
          if (
            close &&
            right > close.left + 1 &&
            left < close.right - 1 &&
            bottom > close.top + 1 &&
            top < close.bottom - 1
          )
            faults.push(`${name} lies under the button that closes`);
        }
      }
      if (section.scrollWidth > section.clientWidth)
        faults.push(`${section.scrollWidth - section.clientWidth} px too wide`);
    }
    return [...new Set(faults)];
  });

let page: Page;
beforeAll(async () => {
  ({ page } = await visit("about:blank", { viewport: { width: 320, height: 640 } }, lengthenAll));
});

test.each(Object.keys(WAYS))(
  "a word of 85 letters breaks in every text of the %s, and none lies under a button",
  async (way) => {
    await leave(page, new URL(pageOf(way)).origin);
    await page.goto(pageOf(way));
    await page.waitForFunction("typeof candor === 'function' && candor.q === 0");
    if (way === "tab") {
      await page.locator(".open").waitFor();
      expect(await astray(page)).toEqual([]);
    }
    await bringUp[way]?.(page);
    await page.getByRole("radio").first().waitFor();
    expect(await astray(page)).toEqual([]);
    await page.getByRole("radio").first().click();
    const send = page.locator("candor-survey .send").last();
    await send.waitFor();
    expect(await astray(page)).toEqual([]);
    if (way === "steps") {
      for (const box of await page.getByRole("checkbox").all()) await box.check();
      await send.click();
      await send.click();
      expect(await astray(page)).toEqual([]);
    }
    await send.click();
    await page.locator(".done a").or(page.locator(".done ~ a")).first().waitFor();
    expect(await astray(page)).toEqual([]);
  },
);
