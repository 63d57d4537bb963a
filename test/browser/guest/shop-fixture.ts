import { afterAll, beforeAll } from "vitest";
import { browser, setUpBrowser } from "../fixture.ts";
import { openShop, type Shop } from "./libraries/shop.ts";

export let shop: Shop;

/** Before and after the tests of a file that calls it. */
export function setUp(): void {
  setUpBrowser();
  beforeAll(async () => {
    shop = await openShop(browser);
  });
  afterAll(() => shop.stop());
}
