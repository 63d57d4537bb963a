import { expect, test } from "vitest";
import { faultsWith } from "./libraries/answered.ts";
import { LIBRARIES } from "./libraries/table.ts";
import { setUp, shop } from "./shop-fixture.ts";

setUp();

test.each(Object.entries(LIBRARIES))(
  "on a page with %s the survey in the page, the popover and the tab are answered, and stored word for word",
  async (_name, library) => {
    expect(await faultsWith(shop, [library])).toEqual([]);
  },
);
