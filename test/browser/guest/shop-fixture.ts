import { afterAll, beforeAll } from "vitest";
import { browser, setUpBrowser } from "../fixture.ts";
import { openShop, type Shop } from "./libraries/shop.ts";

export let shop: Shop;

/** Registers the hooks of a test file. */
export function setUp(): void {
  setUpBrowser();
  beforeAll(async () => {
    shop = await openShop(browser);
  });
  afterAll(() => shop.stop());
}
