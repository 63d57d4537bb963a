import AxeBuilder from "@axe-core/playwright";
import axe from "axe-core";
import type { Page } from "playwright-core";

interface Violation {
  id: string;
  nodes: { target: unknown[] }[];
}

/** Only violations: on a long page, axe takes many times longer to report what passes. */
const options = { resultTypes: ["violations" as const] };

/**
 * For a page without frames. Playwright's `evaluate` would take three times as long to transfer axe's 600 kB, and the
 * page's policy forbids script elements.
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
  // axe stays in the page between calls.
  if (!(await evaluate("'axe' in window"))) await evaluate(`${axe.source}; 0`);
  const found = await evaluate(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) => JSON.stringify(violations))`,
  );
  await session.detach();
  return JSON.parse(String(found));
}

/** Includes the page's frames, except an excluded one. */
async function violationsOfFrames(page: Page, exclude?: string): Promise<Violation[]> {
  const builder = new AxeBuilder({ page }).options(options);
  if (exclude !== undefined) builder.exclude(exclude);
  return (await builder.analyze()).violations;
}

/**
 * The violations that axe finds, of WCAG and its own rules, with their places. `exclude` is for a sandboxed frame that
 * runs no script: axe would wait half a minute for it.
 */
export async function violationsOf(page: Page, exclude?: string): Promise<string[]> {
  // Until styles are loaded and animations have ended, colours are not final.
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

/** The violations that axe finds, and whether the page is wider than its window. */
export async function pageFaults(page: Page, exclude?: string): Promise<string[]> {
  const violations = await violationsOf(page, exclude);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return overflow > 0 ? [...violations, `${overflow} px too wide`] : violations;
}
