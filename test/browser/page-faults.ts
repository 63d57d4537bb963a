import AxeBuilder from "@axe-core/playwright";
import axe from "axe-core";
import type { Page } from "playwright-core";

interface Violation {
  id: string;
  nodes: { target: unknown[] }[];
}

/** The passes of a long page take axe many times as long to tell as what is wrong with it. */
const options = { resultTypes: ["violations" as const] };

/**
 * Of a page without frames. Past Playwright's `evaluate`, which takes three times as long to bring 600 kB there; a page's policy
 * allows no script element.
 */
async function violationsOfOne(page: Page): Promise<Violation[]> {
  const session = await page.context().newCDPSession(page);
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  // It stays in the page from one look to the next.
  if (!(await evaluate("'axe' in window"))) await evaluate(`${axe.source}; 0`);
  const found = await evaluate(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) => JSON.stringify(violations))`,
  );
  await session.detach();
  return JSON.parse(String(found));
}

/** Also of the frames in it, but for one that is left out. */
async function violationsOfFrames(page: Page, exclude?: string): Promise<Violation[]> {
  const builder = new AxeBuilder({ page }).options(options);
  if (exclude !== undefined) builder.exclude(exclude);
  return (await builder.analyze()).violations;
}

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
  const violations =
    page.frames().length === 1 ? await violationsOfOne(page) : await violationsOfFrames(page, exclude);
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
