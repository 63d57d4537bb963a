import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { answer, differences } from "./libraries/answered.ts";
import { BROKEN } from "./libraries/built-ins.ts";
import { setUp, shop } from "./shop-fixture.ts";

let page: Page;
let errors: string[];
setUp();
beforeAll(async () => {
  ({ page, errors } = await shop.visit({ bare: true }));
});

test("at least forty built-ins are broken in turn", () => {
  expect(Object.keys(BROKEN).length).toBeGreaterThanOrEqual(40);
});

test.each(Object.entries(BROKEN))(
  "where a page has broken %s an answer is stored or kept, word for word, and the page sees no error",
  async (_name, script) => {
    errors.length = 0;
    const head = `<script>{ ${script} }</script>`;
    await shop.visitAgain(page, { head, touchpoint: "popover" });
    await answer(page.locator("candor-survey[popover] .floating"), "popover");
    const lost = async () => {
      const stored = differences(await shop.responses(), ["popover"]);
      return stored.length > 0 ? { stored, kept: differences(await shop.kept(page), ["popover"]) } : null;
    };
    await expect
      .poll(async () => {
        const told = await lost();
        return told?.kept.length === 0 ? null : told;
      })
      .toBeNull();
    expect(errors).toEqual([]);
  },
);
