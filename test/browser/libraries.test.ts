import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser } from "./browser.ts";
import { faultsWith } from "./libraries/answered.ts";
import { openShop, type Shop } from "./libraries/shop.ts";
import { LIBRARIES } from "./libraries/table.ts";

let browser: Browser;
let shop: Shop;
beforeAll(async () => {
  browser = await openBrowser();
  shop = await openShop(browser);
});
afterAll(async () => {
  await shop.stop();
  await browser.close();
});

test.each(Object.entries(LIBRARIES))(
  "on a page with %s the survey in the page, the popover and the tab are answered, and stored word for word",
  async (_name, library) => {
    expect(await faultsWith(shop, [library])).toEqual([]);
  },
);
