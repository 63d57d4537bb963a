import { dayMs } from "../shared/asking/asking.ts";
import type { Page } from "./page.ts";
import { deliver } from "./send.ts";
import { begin, read, write } from "./store.ts";
import { swallowErrors } from "./swallow-errors.ts";

/** Sends the responses that earlier visits left, one at a time: browsers limit the bytes of keepalive requests in flight. */
export const sendKept = swallowErrors(async (page: Page) => {
  begin(page);
  write({
    unsent: read().unsent.filter(
      // The server would put an older response on a wrong day, so it is dropped. Where the page could tell no time, the
      // id has it: its first twelve digits are the milliseconds.
      ({ message: { id, answered_at } }) =>
        !(+new Date(answered_at ?? Number.parseInt(id.replace("-", ""), 16)) < Date.now() - 14 * dayMs),
    ),
  });
  for (const entry of read().unsent) {
    const url = entry.url.replace(/key=.*/, `key=${page.settings.key}`);
    const outcome = await deliver(entry);
    // Its own key may have been replaced meanwhile: it is unauthorized or forbidden. What is said to another key, perhaps
    // another workspace's, refuses it not.
    if (/^\/docs#(una|forb)/.test(`${outcome}`) && url !== entry.url) await deliver({ ...entry, url }, 1);
  }
});
