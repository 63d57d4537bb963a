import { quietly } from "./quietly.ts";

/** Until what was drawn is painted; or until the page is left or hidden, which may be its last moment. */
export const painted = () =>
  new Promise((done) => {
    requestAnimationFrame(quietly(() => setTimeout(done)));
    addEventListener("visibilitychange", done, { once: true });
  });
