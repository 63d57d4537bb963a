import { offPage } from "../../shared/asking/asking.ts";
import type { Ask } from "../../shared/contract/ask.ts";
import type { Host, Page } from "../page.ts";
import { swallowErrors } from "../swallow-errors.ts";

/** Elements of the page that may block a floating survey. */
const crowd = ":is(:modal,[aria-modal],[role=dialog])";

/** The one survey that floats over the page. */
let popover: Host | undefined;

/** Removes a floating survey for good. */
export const leave = (host: Host) => {
  host.candor = false;
  host.parentNode?.removeChild(host);
};

/** Makes a new floating host and removes the old one. undefined: an automatic survey never replaces an open one. */
export const replacePopover = (automatic: unknown): Host | undefined => {
  if (automatic && popover?.candor) return;
  if (popover) leave(popover);
  popover = document.createElement("candor-survey") as Host;
  popover.candor = true;
  return popover;
};

/** Whether the survey does not belong on this page. Clocks are left out: this survey's own is already running. */
export const isOffPage = (page: Page, ask: Ask) =>
  page.refused({ ...ask, rules: { ...ask.rules, clocks: [] } }) === offPage;

/**
 * The margin that keeps a survey above what the page has fixed at the bottom of the window: a chat, a cookie bar.
 * Measured before anything is drawn, so that it forces no new layout.
 */
export const takenBelow = swallowErrors(() => {
  let free = innerHeight;
  for (const x of [30, innerWidth - 30])
    for (const element of document.elementsFromPoint(x, innerHeight - 20)) {
      const { top } = element.getBoundingClientRect();
      // An element that covers half of the window is no bar: no room is left above it.
      if (getComputedStyle(element).position === "fixed" && top > innerHeight / 2 && top < free) free = top;
    }
  return free < innerHeight && `${innerHeight - free + 12}px`;
});

/** Floats a host over the page and keeps it reachable until `isOver`. Resolves when it is reachable. */
export const float = (page: Page, host: Host, isOver: () => unknown) => {
  host.candor = true;
  host.setAttribute("popover", "manual");
  document.body.appendChild(host);
  // In the top layer, no z-index or transformed ancestor of the page can cover or move it.
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
