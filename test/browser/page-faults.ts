import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";

/**
 * What axe finds in WCAG and its own rules, each with its places. `exclude` takes a frame in which no script may run out of it,
 * not even axe, which would wait for half a minute.
 */
export async function violationsOf(page: Page, exclude?: string): Promise<string[]> {
  // Without a style, or while it still moves, its colours are not yet its own.
  await page.waitForLoadState();
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
        .map(({ finished }) => finished),
    ),
  );
  // The passes of a long page take axe many times as long to tell as what is wrong with it.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] });
  if (exclude !== undefined) axe.exclude(exclude);
  // Otherwise each frame's results travel to an empty page and are put together there.
  if (page.frames().length === 1) axe.setLegacyMode();
  const { violations } = await axe.analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
  );
}

/** What axe finds, and whether the page is wider than its window. */
export async function pageFaults(page: Page, exclude?: string): Promise<string[]> {
  const violations = await violationsOf(page, exclude);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return overflow > 0 ? [...violations, `${overflow} px too wide`] : violations;
}
