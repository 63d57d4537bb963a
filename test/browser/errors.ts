import type { Page } from "playwright-core";

/** Requests that browsers make by themselves. Whether the site answers them is not the pages' concern. */
const unasked = /\/favicon\.ico$/;

/** Collects a page's errors: thrown, written to the console, or blocked by a policy. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !unasked.test(message.location().url)) errors.push(message.text());
  });
  return errors;
}
