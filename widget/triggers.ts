import { meets } from "../shared/asking/asking.ts";
import type { CompiledTrigger } from "../shared/asking/rules.ts";
import type { Page } from "./page.ts";
import { swallowErrors } from "./swallow-errors.ts";

/** Returns the check whether a trigger has happened on this page. Fetched only if a survey has a trigger. */
export const watch = (page: Page) => {
  /** When the pointer left through the top edge, unix milliseconds. */
  let left = 0;
  document.addEventListener(
    "mouseleave",
    swallowErrors(({ clientY }) => {
      left = clientY < 1 ? Date.now() : 0;
    }),
    page.ending,
  );
  return swallowErrors(({ event, visible, when }: CompiledTrigger) => {
    if (event) return page.events.some(([name, given]) => name === event && meets(when, given));
    if (visible) {
      // Throws if there is no such element; the wrapper then returns undefined.
      const { top, bottom } = (document.querySelector(visible) as Element).getBoundingClientRect();
      return top < innerHeight && bottom > 0;
    }
    return meets(when, {
      scroll: (scrollY + innerHeight) / document.documentElement.scrollHeight,
      ms: Date.now() - page.since,
      views: page.local.candorViews as number,
      exit: left > page.since,
    });
  });
};
