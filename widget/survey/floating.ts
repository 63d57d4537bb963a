import { offPage } from "../../shared/asking/asking.ts";
import type { Ask } from "../../shared/contract/ask.ts";
import type { Host, Page } from "../page.ts";
import { swallowErrors } from "../swallow-errors.ts";

/** What may stand in the way of what floats. */
const crowd = ":is(:modal,[aria-modal],[role=dialog])";

/** The one survey that floats over the page. */
let popover: Host | undefined;

/** Takes away what floats, for good. */
export const leave = (host: Host) => {
  host.candor = false;
  host.parentNode?.removeChild(host);
};

/** What is to float in the place of the survey that did. undefined: what somebody is answering is not taken away by itself. */
export const replacePopover = (automatic: unknown): Host | undefined => {
  if (automatic && popover?.candor) return;
  if (popover) leave(popover);
  popover = document.createElement("candor-survey") as Host;
  popover.candor = true;
  return popover;
};

/** Whether the page is none of the survey's, whose clock runs by now. */
export const isOffPage = (page: Page, ask: Ask) =>
  page.refused({ ...ask, rules: { ...ask.rules, clocks: [] } }) === offPage;

/**
 * The margin that keeps a survey above what the page has at the bottom of the window: a chat, a cookie bar. Asked before
 * anything is drawn, when the page's layout is known and need not be made anew.
 */
export const takenBelow = swallowErrors(() => {
  let free = innerHeight;
  for (const x of [30, innerWidth - 30])
    for (const element of document.elementsFromPoint(x, innerHeight - 20)) {
      const { top } = element.getBoundingClientRect();
      // What covers half of the window is no bar: there is no room beside it.
      if (getComputedStyle(element).position === "fixed" && top > innerHeight / 2 && top < free) free = top;
    }
  return free < innerHeight && `${innerHeight - free + 12}px`;
});

/** Lets something float over the page, and keeps it in reach there, until it `isOver`. Answers when it is in reach. */
export const float = (page: Page, host: Host, isOver: () => unknown) => {
  host.candor = true;
  host.setAttribute("popover", "manual");
  document.body.appendChild(host);
  // In the top layer no z-index and no transformed ancestor of the page can cover or move it.
  host.showPopover?.();
  const look = swallowErrors(async (hides?: unknown) => {
    if (hides || !host.candor || isOver()) {
      leave(host);
      page.looks = page.looks.filter((each) => each !== look);
    } else if (host.parentNode !== document.body || document.querySelector(crowd))
      (await import("./reach.ts")).keepInReach(page, host);
  });
  page.looks.push(look);
  return look();
};
