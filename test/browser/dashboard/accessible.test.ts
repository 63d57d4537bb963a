import { beforeAll, describe, expect, test } from "vitest";
import { faultsInLooks, type Looks, openings } from "../page-faults.ts";
import { dashboard, expectNoFaults, open, setUpDashboard } from "./fixture.ts";
import { scoresShown, viewAt } from "./served.ts";

setUpDashboard();

const looks: Looks = {
  light: {},
  dark: { colorScheme: "dark" },
  "right to left": { locale: "ar" },
  "320 px": { viewport: { width: 320, height: 640 }, hasTouch: true },
  "a page of 1280 px at 400 %": { viewport: { width: 320, height: 256 } },
  "forced colours": { forcedColors: "active" },
  "more contrast": { contrast: "more" },
  "1600 px in German": { viewport: { width: 1600, height: 900 }, locale: "de" },
};
const views = {
  home: "",
  touchpoint: "/touchpoints/checkout",
  ratings: "/touchpoints/ticket-closed?interval=day",
};

describe.each(openings(looks))("in %s", (_, options, these) => {
  let opened: Awaited<ReturnType<typeof open>>;
  // One page for all views: a new one costs as much as a look at it.
  beforeAll(async () => {
    opened = await open("", options);
  });
  test.each(Object.entries(views))(
    "axe finds nothing in %s, and nothing is wider than the window",
    async (_, path) => {
      const { page, errors } = opened;
      await page.goto(viewAt(dashboard, path));
      await scoresShown(page);
      await page.locator(".said li").first().waitFor();
      if (path) await page.locator(".forest tbody tr").first().waitFor();
      expect(await faultsInLooks(page, these)).toEqual([]);
      if (path) {
        await page.keyboard.press("t");
        await page.locator(".tablewrap").waitFor();
      } else {
        await page.keyboard.press("ControlOrMeta+k");
        await page.locator(".palette input").waitFor();
      }
      expect(await faultsInLooks(page, these)).toEqual([]);
      expectNoFaults(errors.splice(0));
    },
  );
});
