import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import type { Server } from "../../harness.ts";
import { watchErrors } from "../errors.ts";
import { browser, setUpBrowser } from "../fixture.ts";
import { fillWorkspace, serveDashboard, signedIn, signIn, viewAt } from "./served.ts";

export let dashboard: Server;

/** The token of a session of its owner. */
export let token: string;

/** What the pages of a test broke of their policy: scripts, styles, addresses that it does not allow. */
let violations: string[] = [];

/** A browser, and the dashboard of a shop with 90 days of answers. */
export function setUpDashboard(): void {
  setUpBrowser();
  beforeAll(async () => {
    dashboard = await serveDashboard();
    await fillWorkspace(dashboard);
    token = await signIn(dashboard);
  });
  beforeEach(() => {
    violations = [];
  });
  afterAll(() => dashboard.stop());
}

/** Opens a view as a member, and collects what goes wrong in it. */
export async function open(
  path = "",
  options: BrowserContextOptions = {},
  before?: (page: Page) => Promise<unknown>,
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ ...signedIn(token), ...options });
  await context.exposeBinding("reportViolation", (_, text: string) => violations.push(text));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      Object(window).reportViolation(`${violatedDirective} ${blockedURI}`),
    );
  });
  const page = await context.newPage();
  const errors = watchErrors(page);
  await before?.(page);
  await page.goto(viewAt(dashboard, path));
  return { page, errors };
}

/** Nothing was thrown, written to the console as an error, or against the policy. */
export function expectNoFaults(errors: readonly string[]): void {
  expect([...errors, ...violations]).toEqual([]);
}

/** Goes to another view as the links of a page do: as a new document it would take three times as long. */
export async function goTo(page: Page, address: string): Promise<void> {
  const heading = page.locator("h1");
  const before = await heading.innerText();
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, address);
  await heading.filter({ hasNotText: before }).waitFor();
}
