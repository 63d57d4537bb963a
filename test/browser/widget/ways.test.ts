import type { BrowserContextOptions, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { WAYS } from "../../../worker/demo/ways.ts";
import { server, visit } from "../fixture.ts";
import { decided, opened } from "../looks.ts";
import { pageFaults } from "../page-faults.ts";
import { leave } from "../site.ts";
import { bringUp, pageOf, setUp } from "./ways.ts";

setUp();

/** The focused element, in surveys too: its role or name, and its text. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const outer = document.activeElement;
    const element = outer?.shadowRoot?.activeElement ?? outer;
    return `${element?.role ?? element?.localName} ${element?.textContent}`;
  });

/** The page reports that it is in this language. */
const speaks = (page: Page, lang: string) =>
  page.addInitScript((tag) => {
    addEventListener("DOMContentLoaded", () => {
      document.documentElement.lang = tag;
    });
  }, lang);

/** Opens a way's page, and makes its survey appear, under a clock of the test's. */
async function bringUpIn(way: string, options: BrowserContextOptions, lang: string) {
  const opening = await visit(pageOf(way), options, async (page) => {
    await page.clock.install();
    await speaks(page, lang);
  });
  const { page } = opening;
  expect(opened(await decided(page)), `${way} opened by itself`).toEqual(way === "tab" ? ["way-tab"] : []);
  if (way === "tab") await page.locator(".open").waitFor();
  expect(await page.getByRole("radio").count(), `${way} opened by itself`).toBe(0);
  await bringUp[way]?.(page);
  return opening;
}

/** Registers one page for many ways. Returns what opens a way as a new visitor, in a page with these options and language. */
function setUpPage(options: BrowserContextOptions = {}, lang = "en") {
  let shared: Awaited<ReturnType<typeof visit>>;
  beforeAll(async () => {
    shared = await visit("about:blank", options, (page) => speaks(page, lang));
  });
  const load = async (way: string) => {
    shared.errors.length = 0;
    await leave(shared.page, new URL(pageOf(way)).origin);
    await shared.page.goto(pageOf(way));
    return shared;
  };
  const open = async (way: string) => {
    const opening = await (bringUp[way] ? bringUpIn(way, options, lang) : load(way));
    await opening.page.getByRole("radio").first().waitFor();
    return opening;
  };
  return { load, open };
}

const { load, open } = setUpPage();

const responsesAt = async (touchpoint: string) => {
  const headers = { authorization: `Bearer ${server.readKey}` };
  const answer = await fetch(`${server.url}/v1/responses?touchpoint=${touchpoint}`, { headers });
  const { data }: { data: { rating: number; answers: unknown; comment: string | null }[] } =
    await answer.json();
  return data;
};

/** The violations that axe finds, without landmarks, which are these pages' matter and not the widget's. */
const faultsOf = async (page: Page) =>
  (await pageFaults(page)).filter((fault) => !/^(region|landmark|page-has)/.test(fault));

/** Expects the survey to float within the window. */
async function expectInside(page: Page, way: string) {
  if (way === "inline") return;
  const box = await page.locator("section").last().boundingBox();
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
  expect(box?.y).toBeGreaterThanOrEqual(-1);
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(height + 1);
}

test.each(Object.keys(WAYS))(
  "the %s, pasted into a page of another origin, asks, has no fault, and saves the answer",
  async (way) => {
    const { page, errors } = await open(way);
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole("radio").last().click();
    await page.getByRole("textbox").fill(`By ${way}`);
    expect(await faultsOf(page)).toEqual([]);
    await expectInside(page, way);
    await page.locator(".send").click();
    await page.locator(".done").waitFor();
    expect(await responsesAt(`way-${way}`)).toMatchObject([{ comment: `By ${way}` }]);
    expect(errors).toEqual([]);
  },
);

const darkPhone: BrowserContextOptions = {
  colorScheme: "dark",
  viewport: { width: 375, height: 667 },
  isMobile: true,
  hasTouch: true,
};
const zoomed: BrowserContextOptions = { viewport: { width: 320, height: 256 } };
const hard: [look: string, options: BrowserContextOptions, ways: string[]][] = [
  ["dark on a phone", darkPhone, ["corner", "bar", "modal", "tab", "theme"]],
  ["at 400 %", zoomed, ["popover", "bar", "sheet", "steps"]],
];
describe.each(hard)("%s", (_look, options, ways) => {
  const { open } = setUpPage(options);
  test.each(ways)("axe finds nothing in the %s, and it stays within the window", async (way) => {
    const { page } = await open(way);
    await page.getByRole("radio").nth(1).click();
    expect(await faultsOf(page)).toEqual([]);
    await expectInside(page, way);
  });
});

describe("from right to left", () => {
  const { open } = setUpPage({}, "ar");
  test.each(["popover", "corner", "bar", "modal", "tab", "steps"])(
    "axe finds nothing in the %s, and it stays within the window",
    async (way) => {
      const { page } = await open(way);
      await page.getByRole("radio").nth(1).click();
      expect(
        await page
          .locator("candor-survey section")
          .last()
          .evaluate((it) => getComputedStyle(it).direction),
      ).toBe("rtl");
      expect(await faultsOf(page)).toEqual([]);
      await expectInside(page, way);
    },
  );
});

/**
 * Each is used with the keyboard alone: into the survey, a rating, the steps, out of it. The first keys open it where needed.
 */
const walked = ["popover", "corner", "bar", "modal", "sheet", "inline", "tab", "button", "theme"];
test.each(walked)("the keyboard alone is enough for the %s, and what it says is as it was", async (way) => {
  const { page } = await load(way);
  await page.waitForFunction("typeof candor === 'function' && candor.q === 0");
  if (way === "tab" || way === "button") {
    const name = way === "tab" ? "Feedback" : "Give feedback";
    await page.getByRole("button", { name }).waitFor();
    await page.keyboard.press("Tab");
    expect(await focused(page)).toContain(name);
    await page.keyboard.press("Enter");
  }
  await page.getByRole("radio").first().waitFor();
  const tree = page.locator("candor-survey section").last();
  expect(await tree.ariaSnapshot()).toMatchSnapshot("asked");
  // A survey that opens automatically takes no focus; one that a person opened has it already.
  const isIn = () => page.evaluate(() => document.activeElement?.localName === "candor-survey");
  expect(await isIn()).toBe(["tab", "button", "modal"].includes(way));
  for (let presses = 0; presses < 8 && !/^radio/.test(await focused(page)); presses++)
    await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.getByRole("textbox").waitFor();
  expect(await focused(page)).toMatch(/^textarea/);
  await page.keyboard.type("From the keyboard");
  expect(await tree.ariaSnapshot()).toMatchSnapshot("answered");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator(".done").waitFor();
  expect(await tree.ariaSnapshot()).toMatchSnapshot("thanked");
  if (way !== "inline") {
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator("candor-survey[popover]").count()).toBe(0);
  }
  expect(await responsesAt(`way-${way}`)).toContainEqual(
    expect.objectContaining({ comment: "From the keyboard" }),
  );
});

test("steps follow the rating and the answers, each is saved as it is given, and thanks follow the bucket", async () => {
  const { page, errors } = await open("steps");
  await page.getByText("Alex, how likely are you to recommend Demo shop?").waitFor();
  await page.getByRole("radio", { name: "3 of 10" }).click();
  await page.getByRole("checkbox", { name: "Prices" }).check();
  await page.getByRole("checkbox", { name: "Support" }).check();
  await page.getByRole("button", { name: "Next" }).click();
  const mine = async () => (await responsesAt("way-steps")).find(({ rating }) => rating === 3);
  await expect.poll(mine).toMatchObject({ rating: 3, answers: { reason: ["price", "support"] } });
  await page.getByRole("radio", { name: "2 of 5" }).check();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("textbox").fill("Answer the phone");
  // Earlier answers can be changed, and steps that depended on them disappear.
  await page.getByRole("checkbox", { name: "Support" }).uncheck();
  expect(await page.getByText("How was our support?").count()).toBe(0);
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Thank you, we will work on it.").waitFor();
  await expect
    .poll(mine)
    .toMatchObject({ rating: 3, comment: "Answer the phone", answers: { reason: ["price"] } });
  expect(errors).toEqual([]);
});

test("a promoter is asked for a comment alone, and gets a link", async () => {
  const { page } = await open("steps");
  await page.getByRole("radio", { name: "10 of 10" }).click();
  expect(await page.getByRole("checkbox").count()).toBe(0);
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("That makes our day.").waitFor();
  const link = page.getByRole("link", { name: "Tell a friend" });
  expect(await link.getAttribute("href")).toBe("https://example.com/");
});

test("closing what a tab opened brings the tab back; answering it, or closing the tab, takes it away for the wait", async () => {
  const { page } = await open("tab");
  await page.locator(".close").last().click();
  await page.getByRole("button", { name: "Feedback" }).waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await expect.poll(() => page.locator("candor-survey").count()).toBe(0);
});

test("before consent nothing is stored, and withdrawing it forgets all", async () => {
  const { page } = await visit(pageOf("consent"), {}, (opening) => opening.clock.install());
  expect(opened(await decided(page))).toEqual([]);
  const stored = () => page.evaluate(() => Object.keys(localStorage));
  expect(await stored()).toEqual([]);
  expect(await page.locator("candor-survey").count()).toBe(0);
  await page.evaluate("candor('consent', true)");
  await page.getByRole("radio").first().click();
  await expect.poll(async () => (await stored()).sort()).toEqual(["candor", "candorViews"]);
  await page.evaluate("candor('consent', false)");
  await expect.poll(stored).toEqual([]);
});

test("each demo page shows its snippet, and none has a fault", async () => {
  const { page, errors } = await visit("about:blank");
  for (const [way, { title }] of Object.entries(WAYS)) {
    await page.goto(`${server.url}/demo/${way}`);
    expect(await page.locator("h1").innerText()).toBe(title);
    expect(await page.locator("pre").first().innerText()).toContain(`way-${way}`);
    const opens: Record<string, string> = { event: "Place the order", consent: "I agree" };
    if (!opens[way]) continue;
    await page.waitForFunction("typeof candor === 'function' && candor.q === 0");
    await page.getByRole("button", { name: opens[way] }).click();
    await page.getByRole("radio").first().waitFor();
    expect(await pageFaults(page)).toEqual([]);
  }
  expect(errors).toEqual([]);
});
