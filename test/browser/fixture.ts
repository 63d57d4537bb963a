import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Server, type ServerOptions, startServer } from "../harness.ts";
import { openBrowser } from "./browser.ts";
import { watchErrors } from "./errors.ts";
import { openStage, type Stage } from "./stage.ts";

/** What browser tests stand on: a file calls one of the `setUp…`, which undoes at the file's end what it has done. */

export let browser: Browser;

export let server: Server;

export let stage: Stage;

/** One Chromium for all files that run in a process, until that ends: to start it costs as much as a test does. */
const inProcess = test.extend(
  "chromium",
  { scope: "worker" },
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads there what else it needs.
  async ({}, { onCleanup }) => {
    const chromium = await openBrowser();
    onCleanup(() => chromium.close());
    return chromium;
  },
);

const closeAll = (contexts: readonly BrowserContext[]) =>
  Promise.all(contexts.map((context) => context.close()));

/** A browser. Its contexts are closed with the test that opened them; those from before the tests, with the file. */
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

/** A browser, and Candor with these options, which are asked for after what hooks before it do. */
export function setUpServer(options: () => ServerOptions = () => ({})): void {
  setUpBrowser();
  beforeAll(async () => {
    server = await startServer(options());
  });
  afterAll(() => server.stop());
}

/** A browser, and a stage whose pages report no error in any test. */
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

/** Opens an address as a new visitor, for whom nothing moves; with what the page reports from its first moment. */
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
