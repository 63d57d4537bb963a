import type { Host, Page } from "../page.ts";
import { swallowErrors } from "../swallow-errors.ts";

/** What may stand in the way of what floats. */
const crowd = ":is(:modal,[aria-modal],[role=dialog])";

/** Takes away what floats, for good. */
export const leave = (host: Host) => {
  host.candor = false;
  host.parentNode?.removeChild(host);
};

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
      (await import("./beside.ts")).settle(page, host);
  });
  page.looks.push(look);
  return look();
};
