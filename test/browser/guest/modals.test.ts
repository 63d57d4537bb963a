import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { answer, differences } from "./libraries/answered.ts";
import { LIBRARIES, pageWith } from "./libraries/table.ts";
import { setUp, shop } from "./shop-fixture.ts";

/** Pages with something open over them that traps the focus or covers everything. */

setUp();
beforeEach(() => shop.clear());

const floating = (page: Page) => page.locator("candor-survey[popover] .floating");

/** Each opens something with a field that traps the focus. */
const keepers = ["Bootstrap 5", "focus-trap"];
test.each(keepers)(
  "beside what %s has opened the comment is typed into the survey, and the page hears nothing of its focus",
  async (name) => {
    const library = LIBRARIES[name] ?? { files: [] };
    const { head, body } = pageWith([library]);
    const listener =
      "<script>document.addEventListener('focusin', ({ target }) => { if (target.localName === 'candor-survey') document.title += ' heard'; }, true);</script>";
    const { page, errors } = await shop.visit(
      { head: head + listener, body, touchpoint: "popover" },
      (opened) => opened.clock.install(),
    );
    await floating(page).waitFor();
    await library.use?.(page);
    await page.clock.runFor(2_000);
    await answer(floating(page), "popover");
    await floating(page).locator(".done").waitFor();
    expect(await page.getByLabel("Code").inputValue()).toBe("");
    expect(differences(await shop.responses(), ["popover"])).toEqual([]);
    expect(await page.title()).toBe("A shop");
    expect(errors).toEqual([]);
  },
);

const dialog = `<dialog><button type="button" data-candor-open="popover">Give feedback</button><p>Your order</p></dialog>
  <div id="film" style="background: #024">A film <button type="button" onclick="film.requestFullscreen()">Larger</button></div>`;
const showModal = "document.querySelector('dialog').showModal()";
const closeModal = "document.querySelector('dialog').close()";
const enlarge = async (page: Page) => {
  await page.getByRole("button", { name: "Larger" }).click();
  await page.waitForFunction("document.fullscreenElement");
};
const toShrink = "document.exitFullscreen()";

test("a survey that a button in a modal dialog opens is answered there", async () => {
  const { page, errors } = await shop.visit({ body: dialog, touchpoint: "later" });
  await page.evaluate(showModal);
  await page.getByRole("button", { name: "Give feedback" }).click();
  await answer(floating(page), "popover");
  await floating(page).locator(".done").waitFor();
  expect(await page.getByText("Your order").isVisible()).toBe(true);
  expect(differences(await shop.responses(), ["popover"])).toEqual([]);
  expect(errors).toEqual([]);
});

const covers: [what: string, open: (page: Page) => Promise<unknown>, close: string][] = [
  ["a modal dialog", (page) => page.evaluate(showModal), closeModal],
  ["an element in fullscreen", enlarge, toShrink],
];

test.each(covers)(
  "a survey that is open when %s comes over it can be answered there, and after it",
  async (_what, open, close) => {
    const { page, errors } = await shop.visit({ body: dialog, touchpoint: "popover" });
    await floating(page).getByRole("radio", { name: "3 of 10" }).click();
    await floating(page).getByRole("checkbox", { name: "Prices" }).check();
    await open(page);
    await floating(page).getByRole("checkbox", { name: "Support" }).click();
    await page.evaluate(close);
    expect(await floating(page).getByRole("checkbox", { name: "Prices" }).isChecked()).toBe(true);
    await floating(page).getByRole("button", { name: "Next" }).click();
    await expect
      .poll(shop.responses)
      .toMatchObject([{ rating: 3, answers: { reason: ["prices", "support"] } }]);
    expect(errors).toEqual([]);
  },
);

test.each(covers)("what opens by itself while %s lies over the page can be answered", async (_what, open) => {
  const { page, errors } = await shop.visit({ body: dialog, touchpoint: "later" });
  await open(page);
  await page.evaluate("candor('track', 'ready')");
  await answer(floating(page), "later");
  await floating(page).locator(".done").waitFor();
  expect(differences(await shop.responses(), ["later"])).toEqual([]);
  expect(errors).toEqual([]);
});

test.each(covers)(
  "the tab can be pressed while %s lies over the page, and after it",
  async (_what, open, close) => {
    const { page, errors } = await shop.visit({ body: dialog, touchpoint: "tab" });
    const tab = page.getByRole("button", { name: "Feedback", exact: true });
    await tab.waitFor();
    await open(page);
    await tab.click();
    await floating(page).getByRole("button", { name: "Close" }).click();
    await page.evaluate(close);
    await tab.click();
    await answer(floating(page), "tab");
    await floating(page).locator(".done").waitFor();
    expect(differences(await shop.responses(), ["tab"])).toEqual([]);
    expect(errors).toEqual([]);
  },
);
