import { build } from "../scripts/build.ts";
import { openBrowser } from "../test/browser/browser.ts";
import { faultsWith } from "../test/browser/libraries/answered.ts";
import { openShop } from "../test/browser/libraries/shop.ts";
import { LIBRARIES } from "../test/browser/libraries/table.ts";
import { note, report } from "./report.ts";

/** Surveys answered on pages with two libraries of the page library each, and on one page with all. */

await build();
const browser = await openBrowser();
const shop = await openShop(browser);
const names = Object.keys(LIBRARIES);
const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other]));
let wrong = 0;
try {
  for (const page of [...pairs, names]) {
    const libraries = page.flatMap((name) => LIBRARIES[name] ?? []);
    const faults = await faultsWith(shop, libraries).catch((error: unknown) => [String(error)]);
    if (faults.length > 0) wrong += 1;
    note(`${page.join(" + ")}: ${faults.join("; ") || "as answered"}`);
  }
} finally {
  await shop.stop();
  await browser.close();
}
report(
  [
    {
      what: `pages with two of ${names.length} libraries and with all: answers in the page, in a popover and from a tab that were not stored word for word, or an error seen by the page`,
      figure: `${wrong} of ${pairs.length + 1}`,
      target: "0",
      met: wrong === 0,
    },
  ],
  "npm run bench -- pages",
);
