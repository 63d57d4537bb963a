import type { Page } from "playwright-core";

/** What browsers ask for by themselves: whether a site has it is no matter of its pages. */
const unasked = /\/favicon\.ico$/;

/** What a page reports while it is used: thrown errors, the console's errors, blocked by policy. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !unasked.test(message.location().url)) errors.push(message.text());
  });
  return errors;
}
