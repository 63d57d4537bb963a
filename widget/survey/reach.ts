import type { Host, Page } from "../page.ts";
import { swallowErrors } from "../swallow-errors.ts";

/** Events that are hidden from the page when they happen in what floats. */
const types = "click mousedown pointerdown touchstart keydown focus focusin focusout".split(" ");

const floats = (target: EventTarget | null) => (target as Host | null)?.candor === true;

/** Runs before the page's listeners, except earlier ones on the window, and calls our handlers itself. */
const guard = swallowErrors((event: Event) => {
  const { type, relatedTarget = null } = event as FocusEvent;
  const path = event.composedPath();
  const inside = path.slice(0, path.findIndex(floats) + 1);
  // The page does not hear that the focus moves into what floats either.
  if (inside[0] || (type === "focusout" && floats(relatedTarget))) event.stopImmediatePropagation();
  for (const node of inside)
    (node as unknown as Record<string, (event: Event) => void>)[`on${type}`]?.(event);
});

/** Elements that can be in the top layer but have no room for a survey. */
const full = /^(video|iframe|canvas|img|object|embed)$/;

/** The topmost modal dialog or fullscreen element, else the body. Nothing outside it can be reached. */
const ground = (): Element => {
  const modals = [...document.querySelectorAll(":is(:modal)")].filter(
    (modal) => !full.test(modal.localName) && !modal.contains(document.body),
  );
  // The topmost has the focus. If none has, the last one is probably the topmost.
  return (
    modals.filter((modal) => modal.contains(document.activeElement)).pop() ?? modals.pop() ?? document.body
  );
};

/** Keeps a floating survey reachable when the page blocks it: with a modal dialog, a focus trap, or a new body. */
export const keepInReach = (page: Page, host: Host) => {
  // The survey was removed while this module loaded.
  if (!host.candor) return;
  for (const type of types) addEventListener(type, guard, { capture: true, signal: page.ending.signal });
  // Removes the empty copies that a page cache has restored.
  document.querySelectorAll<Host>("candor-survey[popover]").forEach((each) => {
    if (!each.candor) each.parentNode?.removeChild(each);
  });
  const top = ground();
  const root = host.shadowRoot;
  if (host.parentNode !== top) {
    top.appendChild(host);
    // A moved element leaves the top layer and loses the focus.
    host.showPopover?.();
    const dialog = root?.querySelector("dialog");
    dialog?.close();
    dialog?.showModal();
  }
  // The respondent can go on writing.
  if (document.activeElement === document.body) root?.querySelector<HTMLElement>("textarea,input")?.focus();
};
