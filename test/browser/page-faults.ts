import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import type { BrowserContextOptions, Page } from "playwright-core";

interface Violation {
  id: string;
  nodes: { target: unknown[] }[];
}

/** What the package exports has more than twice the bytes, which each page would parse anew. */
const axeSource = readFile("node_modules/axe-core/axe.min.js", "utf8");

/** Only violations: on a long page, axe takes many times longer to report what passes. */
const options = { resultTypes: ["violations" as const] };

/**
 * Without the page's frames. Playwright's `evaluate` would take three times as long to transfer axe's 650 kB, and the
 * page's policy forbids script elements.
 */
async function violationsOfOne(page: Page, exclude?: string): Promise<Violation[]> {
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
  if (!(await evaluate("'axe' in window"))) await evaluate(`${await axeSource}; 0`);
  const looked = exclude === undefined ? "document" : JSON.stringify({ exclude: [exclude] });
  const found = await evaluate(
    `axe.run(${looked}, ${JSON.stringify(options)}).then(({ violations }) => JSON.stringify(violations))`,
  );
  await session.detach();
  return JSON.parse(String(found));
}

/** Includes the page's frames. */
async function violationsOfFrames(page: Page): Promise<Violation[]> {
  const builder = new AxeBuilder({ page, axeSource: await axeSource }).options(options);
  return (await builder.analyze()).violations;
}

/**
 * The violations that axe finds, of WCAG and its own rules, with their places. `exclude` is for the one frame of a page
 * whose sandbox runs no script: axe would wait half a minute for it.
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
    page.frames().length === 1 || exclude !== undefined
      ? await violationsOfOne(page, exclude)
      : await violationsOfFrames(page);
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

/** Ways to look at a page, by name. */
export type Looks = Readonly<Record<string, BrowserContextOptions>>;

const usual = {
  colorScheme: "light",
  forcedColors: "none",
  contrast: "no-preference",
  viewport: { width: 1280, height: 720 },
} as const;

/**
 * Looks that one page can go through, with what its context is opened with: language and touch cannot be changed in an
 * open page. Where a page asks for the rest with its styles alone, opening it in each look finds nothing more.
 */
export function openings(looks: Looks): [names: string, options: BrowserContextOptions, looks: Looks][] {
  const together = Map.groupBy(Object.entries(looks), ([, { locale, hasTouch }]) => `${locale} ${hasTouch}`);
  return [...together.values()].map((some) => [
    some.map(([name]) => name).join(", "),
    some[0]?.[1] ?? {},
    Object.fromEntries(some),
  ]);
}

/** Shows an open page in a look. */
async function show(page: Page, look: BrowserContextOptions): Promise<void> {
  const { viewport, ...media } = { ...usual, ...look };
  await page.emulateMedia(media);
  if (viewport) await page.setViewportSize(viewport);
}

/** The faults of an open page in each look, with the look's name. Leaves the page in the first one. */
export async function faultsInLooks(page: Page, looks: Looks, exclude?: string): Promise<string[]> {
  const faults: string[] = [];
  for (const [name, look] of Object.entries(looks)) {
    await show(page, look);
    faults.push(...(await pageFaults(page, exclude)).map((fault) => `${name}: ${fault}`));
  }
  await show(page, Object.values(looks)[0] ?? {});
  return faults;
}
