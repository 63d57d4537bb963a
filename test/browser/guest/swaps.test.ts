import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { commentOf } from "./libraries/shop.ts";
import { goOn, LIBRARIES, pageWith } from "./libraries/table.ts";
import { setUp, shop } from "./shop-fixture.ts";

/** Pages that replace their body while a respondent answers. */

setUp();
beforeEach(() => shop.clear());

const floating = (page: Page) => page.locator("candor-survey[popover] .floating");
const inPage = (script: string) => async (page: Page) => {
  await page.evaluate(script);
  await page.getByRole("heading", { name: "/next" }).waitFor();
};
const next = "<h1>A shop, /next</h1>";

const swaps: Record<string, { library?: string; swap: (page: Page) => Promise<unknown> }> = {
  "Turbo's visit": { library: "Turbo 8", swap: goOn },
  "htmx's boost": { library: "htmx", swap: goOn },
  "another body": {
    swap: inPage(
      `{ const body = document.createElement("body"); body.innerHTML = "${next}"; document.body.replaceWith(body); }`,
    ),
  },
  "the body's new content": { swap: inPage(`document.body.innerHTML = "${next}"`) },
  "a view transition": {
    swap: inPage(`document.startViewTransition(() => { document.body.innerHTML = "${next}"; }).finished`),
  },
};

test.each(Object.entries(swaps))(
  "after %s the survey goes on where its respondent was, with what was written",
  async (_name, { library, swap }) => {
    const libraries = Object.entries(LIBRARIES).flatMap(([name, each]) => (name === library ? [each] : []));
    const { page, errors } = await shop.visit({ ...pageWith(libraries), touchpoint: "popover" });
    await floating(page).getByRole("radio", { name: "10 of 10" }).click();
    await floating(page).getByRole("textbox").fill(commentOf("popover"));
    await swap(page);
    await expect.poll(() => floating(page).getByRole("textbox").inputValue()).toBe(commentOf("popover"));
    await floating(page).getByRole("button", { name: "Send" }).click();
    await floating(page).locator(".done").waitFor();
    expect(await shop.responses()).toMatchObject([{ rating: 10, comment: commentOf("popover") }]);
    expect(errors).toEqual([]);
  },
);

test("forward and back with Turbo, no survey that floated stands in the page's flow", async () => {
  const turbo = LIBRARIES["Turbo 8"] ?? { files: [] };
  const { page, errors } = await shop.visit({ ...pageWith([turbo]), touchpoint: "popover" });
  await floating(page).waitFor();
  await goOn(page);
  await page.goBack();
  await page.getByRole("heading", { name: "/first" }).waitFor();
  // The survey of this page is there, so anything that was restored before it is there too.
  await floating(page).waitFor();
  expect(await page.locator("candor-survey:not(:popover-open)").filter({ visible: true }).count()).toBe(0);
  expect(await floating(page).count()).toBe(1);
  expect(errors).toEqual([]);
});
