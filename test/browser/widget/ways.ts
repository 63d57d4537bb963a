import type { Page } from "playwright-core";
import { WAYS } from "../../../worker/demo/ways.ts";
import type { Server } from "../../harness.ts";
import { serveSite } from "../site.ts";

/** The page of each way to show a survey, in the order of `WAYS`, on another origin than Candor. */
export const serveWays = ({ url, publishableKey }: Server) =>
  serveSite(
    Object.values(WAYS).map(
      ({ snippet }) =>
        snippet.replaceAll("ORIGIN", url).replaceAll("KEY", publishableKey) +
        '<p style="height:200vh">Something to read</p>',
    ),
  );

/** What a visitor or the page does before the survey is there. */
export const bringUp: Record<string, (page: Page) => Promise<unknown>> = {
  tab: (page) => page.locator(".open").click(),
  button: (page) => page.getByRole("button", { name: "Give feedback" }).click(),
  event: (page) => page.evaluate("candor('track', 'order_placed', { total: 53.5 })"),
  scroll: (page) => page.evaluate("scrollTo(0, document.documentElement.scrollHeight)"),
  consent: (page) => page.evaluate("candor('consent', true)"),
};
