import { swallowErrors } from "../swallow-errors.ts";

/** A pause that can be awaited even if the page has replaced Promise. */
// biome-ignore lint/suspicious/noThenProperty: `await` calls `then`.
export const pause = (ms?: number) => ({ then: (done: () => void) => void setTimeout(done, ms) });

/** Resolves when the last drawing is painted, or when the page is left or hidden, which may be its last moment. */
export const painted = swallowErrors(async () => {
  await {
    // biome-ignore lint/suspicious/noThenProperty: `await` calls `then`.
    then(done: () => void) {
      const end = swallowErrors(() => {
        done();
        removeEventListener("visibilitychange", end);
      });
      addEventListener("visibilitychange", end);
      // For pages that are not painted, or whose requestAnimationFrame never calls back.
      setTimeout(end, 200);
      requestAnimationFrame(swallowErrors(() => setTimeout(end)));
    },
  };
});
