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
      // The server would put an older response on a wrong day, so it is dropped. One without a time counts on the day
      // it arrives.
      ({ message }) => !(+new Date(message.answered_at ?? "") < Date.now() - 14 * dayMs),
    ),
  });
  for (const entry of read().unsent) {
    const url = entry.url.replace(/key=.*/, `key=${page.settings.key}`);
    // Its own key may have been replaced meanwhile. What is said to another key, perhaps another workspace's, refuses it not.
    if ((await deliver(entry)) === "kept" && url !== entry.url) await deliver({ ...entry, url }, 1);
  }
});
