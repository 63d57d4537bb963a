import { meets } from "../shared/asking/asking.ts";
import type { CompiledTrigger } from "../shared/asking/rules.ts";
import type { Page } from "./page.ts";
import { swallowErrors } from "./swallow-errors.ts";

/** Whether what a survey waits for has happened on this page: fetched where one waits for something. */
export const watch = (page: Page) => {
  /** When the pointer left at the top, unix milliseconds. */
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
      // Where there is none this throws, and it is not seen.
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
