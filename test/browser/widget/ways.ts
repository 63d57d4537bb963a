import type { Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { WAYS } from "../../../worker/demo/ways.ts";
import { server, setUpServer } from "../fixture.ts";
import { serveSite } from "../site.ts";

let site: Awaited<ReturnType<typeof serveSite>>;

/** Registers the hooks of a test file: the demo, and a page on another origin for each way to show a survey. */
export function setUp(): void {
  setUpServer(() => ({ demo: true }));
  beforeAll(async () => {
    site = await serveSite(
      Object.values(WAYS).map(
        ({ snippet }) =>
          snippet.replaceAll("ORIGIN", server.url).replaceAll("KEY", server.publishableKey) +
          '<p style="height:200vh">Something to read</p>',
      ),
    );
  });
  afterAll(() => site.stop());
}

/** The address of a way's page. */
export const pageOf = (way: string) => site.pages[Object.keys(WAYS).indexOf(way)] ?? "";

/** What a visitor or the page does before the survey appears. */
export const bringUp: Record<string, (page: Page) => Promise<unknown>> = {
  tab: (page) => page.locator(".open").click(),
  button: (page) => page.getByRole("button", { name: "Give feedback" }).click(),
  event: (page) => page.evaluate("candor('track', 'order_placed', { total: 53.5 })"),
  scroll: (page) => page.evaluate("scrollTo(0, document.documentElement.scrollHeight)"),
  consent: (page) => page.evaluate("candor('consent', true)"),
};
