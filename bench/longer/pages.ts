import { build } from "../../scripts/build/build.ts";
import { openBrowser } from "../../test/browser/browser.ts";
import { faultsWith } from "../../test/browser/guest/libraries/answered.ts";
import { openShop } from "../../test/browser/guest/libraries/shop.ts";
import { LIBRARIES, type Library, pageWith } from "../../test/browser/guest/libraries/table.ts";
import { note, report } from "../tools/report.ts";

/** Answers surveys on pages with each pair of libraries, and on one page with all of them. */

await build();
const browser = await openBrowser();
const shop = await openShop(browser);
const names = Object.keys(LIBRARIES);
const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other]));

/** The libraries that work together on a page without Candor: some of them break each other. */
async function usable(page: readonly string[]): Promise<Library[]> {
  const libraries = page.flatMap((name) => LIBRARIES[name] ?? []);
  const { page: bare } = await shop.visit({ ...pageWith(libraries), bare: true });
  bare.setDefaultTimeout(5_000);
  const found: Library[] = [];
  for (const { use, ...library } of libraries) {
    const works =
      use &&
      (await use(bare).then(
        () => true,
        () => false,
      ));
    found.push(works ? { ...library, use } : library);
  }
  return found;
}

let wrong = 0;
try {
  for (const page of [...pairs, names]) {
    const libraries = await usable(page);
    const faults = await faultsWith(shop, libraries).catch((error: unknown) => [String(error)]);
    if (faults.length > 0) wrong += 1;
    const unused = page.filter((name, index) => LIBRARIES[name]?.use && !libraries[index]?.use);
    const but =
      unused.length > 0 ? ` (of which ${unused.join(", ")} cannot be used, without Candor neither)` : "";
    note(`${page.join(" + ")}${but}: ${faults.join("; ") || "as answered"}`);
  }
} finally {
  await browser.close();
  await shop.stop();
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
