import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Server, type ServerOptions, startServer } from "../harness.ts";
import { openBrowser } from "./browser.ts";
import { watchErrors } from "./errors.ts";
import { openStage, type Stage } from "./stage.ts";

/** The fixture of browser tests. A file calls one of the `setUp…` functions, which clean up at the file's end. */

export let browser: Browser;

export let server: Server;

export let stage: Stage;

/** One Chromium for all files of a process, until it ends: starting it takes as long as a test. */
const inProcess = test.extend(
  "chromium",
  { scope: "worker" },
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures are needed.
  async ({}, { onCleanup }) => {
    const chromium = await openBrowser();
    onCleanup(() => chromium.close());
    return chromium;
  },
);

const closeAll = (contexts: readonly BrowserContext[]) =>
  Promise.all(contexts.map((context) => context.close()));

/** A browser. Contexts are closed after the test that opened them; those opened before the tests, after the file. */
export function setUpBrowser(): void {
  let ofFile: BrowserContext[];
  inProcess.beforeAll(({ chromium }) => {
    browser = chromium;
  });
  beforeEach(() => {
    ofFile = browser.contexts();
  });
  afterEach(() => closeAll(browser.contexts().filter((context) => !ofFile.includes(context))));
  afterAll(() => closeAll(browser.contexts()));
}

/** A browser and Candor. The options are read after the hooks that were registered earlier. */
export function setUpServer(options: () => ServerOptions = () => ({})): void {
  setUpBrowser();
  beforeAll(async () => {
    server = await startServer(options());
  });
  afterAll(() => server.stop());
}

/** A browser, and a stage whose pages must report no error in any test. */
export function setUpStage(options: () => ServerOptions = () => ({})): void {
  setUpBrowser();
  beforeAll(async () => {
    stage = await openStage(browser, options());
  });
  afterEach(() => {
    expect(stage.errors.splice(0)).toEqual([]);
  });
  afterAll(() => stage.stop());
}

/** Opens an address as a new visitor with reduced motion, and collects the page's errors from the start. */
export async function visit(
  address: string,
  options: BrowserContextOptions = {},
  before?: (page: Page) => Promise<unknown>,
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const errors = watchErrors(page);
  await before?.(page);
  await page.goto(address);
  return { page, errors };
}
