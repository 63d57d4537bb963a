import { swallowErrors } from "../swallow-errors.ts";

/** A pause that can be awaited, also where the page has replaced Promise. */
// biome-ignore lint/suspicious/noThenProperty: what `await` takes.
export const pause = (ms?: number) => ({ then: (done: () => void) => void setTimeout(done, ms) });

/** Until what was drawn is painted; or until the page is left or hidden, which may be its last moment. */
export const painted = swallowErrors(async () => {
  await {
    // biome-ignore lint/suspicious/noThenProperty: what `await` takes.
    then(done: () => void) {
      const end = swallowErrors(() => {
        done();
        removeEventListener("visibilitychange", end);
      });
      addEventListener("visibilitychange", end);
      // Where nothing is painted, or nobody says so.
      setTimeout(end, 200);
      requestAnimationFrame(swallowErrors(() => setTimeout(end)));
    },
  };
});
