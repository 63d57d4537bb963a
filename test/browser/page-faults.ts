import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";

/**
 * What axe finds, and whether the page is wider than its window. `exclude` takes a frame in which no script may run out of
 * it, not even axe, which would wait for half a minute.
 */
export async function pageFaults(page: Page, exclude?: string): Promise<string[]> {
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
  const axe = new AxeBuilder({ page });
  const { violations } = await (exclude === undefined ? axe : axe.exclude(exclude)).analyze();
  const faults = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
  );
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return overflow > 0 ? [...faults, `${overflow} px too wide`] : faults;
}
