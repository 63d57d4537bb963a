import type { Page } from "playwright-core";

/** Enough time for several ticks of the widget. */
const someLooksMs = 4_000;

/** A reason from `candor("why")`. */
interface Reason {
  touchpoint: string;
  asked: boolean;
  explanation: string;
}

/** The widget's reason for each survey: it was opened, or why not. */
const why = (page: Page) => page.evaluate<Reason[]>("candor('why')");

/**
 * Runs the page until the widget has its surveys and has decided several times what to open. Returns the reasons. A
 * survey that is not open then waits for something. The page's clock must be the test's: `page.clock.install()`.
 */
export async function decided(page: Page): Promise<Reason[]> {
  // The widget waits for both conditions.
  await page.waitForLoadState();
  await page.waitForFunction("typeof candor === 'function' && candor.q === 0");
  await page.clock.runFor(someLooksMs);
  const asks = (await page.requests()).filter((request) => request.url().includes("/v1/ask?"));
  for (const ask of asks) await ask.response();
  // Gives the page time to read the answer. If nothing is asked, `why` itself asks the server once more, after that answer.
  await why(page);
  await page.clock.runFor(someLooksMs);
  return why(page);
}

/** The touchpoints whose survey was opened, or will be after its delay. */
export const opened = (reasons: readonly Reason[]) =>
  reasons.filter(({ asked }) => asked).map(({ touchpoint }) => touchpoint);
