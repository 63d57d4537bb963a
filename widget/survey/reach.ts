import type { Host, Page } from "../page.ts";
import { swallowErrors } from "../swallow-errors.ts";

/** What the page hears nothing of where it happens in what floats. */
const types = "click mousedown pointerdown touchstart keydown focus focusin focusout".split(" ");

const floats = (target: EventTarget | null) => (target as Host | null)?.candor === true;

/** Comes before all listeners of the page but those at the window that were there earlier, and calls our handlers itself. */
const guard = swallowErrors((event: Event) => {
  const { type, relatedTarget = null } = event as FocusEvent;
  const path = event.composedPath();
  const inside = path.slice(0, path.findIndex(floats) + 1);
  // Nor does it hear that the focus goes there.
  if (inside[0] || (type === "focusout" && floats(relatedTarget))) event.stopImmediatePropagation();
  for (const node of inside)
    (node as unknown as Record<string, (event: Event) => void>)[`on${type}`]?.(event);
});

/** In the top layer, what has no room for anything. */
const full = /^(video|iframe|canvas|img|object|embed)$/;

/** Where what floats can be reached: in the topmost modal dialog or fullscreen element, beside which nothing can be. */
const ground = (): Element => {
  const modals = [...document.querySelectorAll(":is(:modal)")].filter(
    (modal) => !full.test(modal.localName) && !modal.contains(document.body),
  );
  // The topmost has the focus; if nothing has it, the last one is likely the topmost.
  return (
    modals.filter((modal) => modal.contains(document.activeElement)).pop() ?? modals.pop() ?? document.body
  );
};

/**
 * Keeps what floats in reach where something of the page stands in the way: a modal dialog, a focus trap, or another body in the
 * place of the one that it was in.
 */
export const keepInReach = (page: Page, host: Host) => {
  // It was taken away while this was fetched.
  if (!host.candor) return;
  for (const type of types) addEventListener(type, guard, { capture: true, signal: page.ending.signal });
  // Copies out of a cache of pages, with nothing in them.
  document.querySelectorAll<Host>("candor-survey[popover]").forEach((each) => {
    if (!each.candor) each.parentNode?.removeChild(each);
  });
  const top = ground();
  const root = host.shadowRoot;
  if (host.parentNode !== top) {
    top.appendChild(host);
    // Whatever is moved leaves the top layer, and loses the focus.
    host.showPopover?.();
    const dialog = root?.querySelector("dialog");
    dialog?.close();
    dialog?.showModal();
  }
  // Whoever was writing goes on.
  if (document.activeElement === document.body) root?.querySelector<HTMLElement>("textarea,input")?.focus();
};
