import { afterAll, beforeAll, expect, test } from "vitest";
import { faultsWith } from "./libraries/answered.ts";
import { openShop, type Shop } from "./libraries/shop.ts";
import { LIBRARIES } from "./libraries/table.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.stop());

test.each(Object.entries(LIBRARIES))(
  "on a page with %s the survey in the page, the popover and the tab are answered, and stored word for word",
  async (_name, library) => {
    expect(await faultsWith(shop, [library])).toEqual([]);
  },
);
