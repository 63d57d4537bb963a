import type { Page } from "./page.ts";
import { deliver } from "./send.ts";
import { begin, read, write } from "./store.ts";
import { swallowErrors } from "./swallow-errors.ts";

const dayMs = 864e5;

/** Sends what earlier visits left, one after the other: browsers limit the bytes that keepalive requests have in flight. */
export const sendKept = swallowErrors(async (page: Page) => {
  begin(page);
  write({
    unsent: read().unsent.filter(
      // The server would give an older answer a wrong day, so it is given up; one without a day has that of its arrival.
      ({ message }) => !(+new Date(message.answered_at ?? "") < Date.now() - 14 * dayMs),
    ),
  });
  for (const entry of read().unsent) await deliver(entry);
});
