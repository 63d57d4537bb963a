import type { Page } from "playwright-core";

/** Longer than it takes the widget to look a few times whose time has come. */
const someLooksMs = 4_000;

/** What `candor("why")` tells. */
interface Reason {
  touchpoint: string;
  asked: boolean;
  explanation: string;
}

/** What the widget says of each survey: whether it was opened, or why it is not. */
const why = (page: Page) => page.evaluate<Reason[]>("candor('why')");

/**
 * Lets a page go on until the widget knows what is asked there and has decided several times what to open; answers what it
 * says of each. What it has not opened then waits for something. The test has the page's clock: `page.clock.install()`.
 */
export async function decided(page: Page): Promise<Reason[]> {
  // The widget waits for both.
  await page.waitForLoadState();
  await page.waitForFunction("typeof candor === 'function' && candor.q === 0");
  await page.clock.runFor(someLooksMs);
  const asks = (await page.requests()).filter((request) => request.url().includes("/v1/ask?"));
  for (const ask of asks) await ask.response();
  // Turns of the page, in which it reads what has come; where that is nothing this asks the server once more, after it.
  await why(page);
  await page.clock.runFor(someLooksMs);
  return why(page);
}

/** The touchpoints whose survey was opened, or will be once its delay is over. */
export const opened = (reasons: readonly Reason[]) =>
  reasons.filter(({ asked }) => asked).map(({ touchpoint }) => touchpoint);
