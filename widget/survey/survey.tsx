import css from "./style.css";

// The sheet comes before all code: between code it compresses worse, by 30 bytes for every visitor.

import type { Ask } from "../../shared/contract/ask.ts";
import { json, own } from "../json.ts";
import { render } from "../jsx-runtime.ts";
import type { Host, Page, Waiting } from "../page.ts";
import { cleanText, propertiesOf } from "../respond.ts";
import { deliver } from "../send.ts";
import { begin, noteAsking, read, write } from "../store.ts";
import { swallowErrors } from "../swallow-errors.ts";
import { takeAnswers } from "./answering.ts";
import { Card, type Shown } from "./card.tsx";
import { float, isOffPage, leave, replacePopover, takenBelow } from "./floating.ts";
import { readKey } from "./keys.ts";
import { pause } from "./painted.ts";
import { tellerOf } from "./telling.ts";

export { jsx, jsxs } from "../jsx-runtime.ts";
export {
  begin,
  cleanText,
  deliver,
  float,
  isOffPage,
  leave,
  noteAsking,
  own,
  read,
  render,
  swallowErrors,
  write,
};

const thanksMs = 5_000;
/** The delay before an unseen survey is tried again, and after which other tabs know that the visitor was asked. */
const waitMs = 1_000;

// A page's CSP allows constructable sheets without a nonce or 'unsafe-inline'; <style> and style="" need one.
const sheetOf = (text: string) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
};
const sheet = sheetOf(css);

/** Attaches the shadow root, with the widget's style sheet and the survey's own. */
export const styled = (host: HTMLElement, ask: Ask, own = "") => {
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet, sheetOf(own + (ask.css ?? ""))];
  host.lang = ask.locale;
  host.dir = ask.direction;
  return root;
};

const put = async (page: Page, given: Ask, automatic: unknown, inlineHost?: Host) => {
  const host = inlineHost ?? replacePopover(automatic);
  if (!host) return;
  const floating = !inlineHost;
  const settings = { ...page.settings, ...host.dataset };
  const steps = given.steps?.length ? await import("./steps.tsx") : undefined;
  // A brace before a letter is a placeholder: JSON's own braces are followed by a quotation mark.
  const ask = /\{\w/.test(json(given))
    ? (await import("./words.ts")).filled(given, propertiesOf(settings))
    : given;
  const root = styled(host, ask, steps?.css);
  const dialog = floating && ask.show?.as === "modal" && root.appendChild(document.createElement("dialog"));
  const box = dialog || root;
  // Running the module and drawing the survey are separate tasks, so neither is a long one.
  await pause();
  // Another survey has replaced this one.
  if (floating && !host.candor) return;
  begin(page);

  let focusedBefore = document.activeElement as HTMLElement | null;

  const draw = swallowErrors(() => {
    // Thanks close by themselves, unless they have a link.
    if (floating && shown.saved && shown.stage === "done" && !ask.thanks) setTimeout(close, thanksMs);
    render(<Card {...shown} {...actions} />, box);
  });

  const close = swallowErrors(() => {
    const focused = root.activeElement;
    // A survey that a tab opened returns to its tab when closed, so only an answer counts as asked.
    if (shown.stage !== "done") teller.tell("dismissed", !ask.texts.tab || shown.response);
    render(null, box);
    if (floating) leave(host);
    if (focused) focusedBefore?.focus();
  });

  const press = swallowErrors((event: KeyboardEvent) => {
    // The page sees no text field behind these keys, so its keyboard shortcuts would fire.
    event.stopPropagation();
    if (event.type !== "keydown" || event.isComposing || event.altKey || event.ctrlKey || event.metaKey)
      return;
    const { key } = event;
    if (floating && key === "Escape") return close();
    const pressed =
      (event.composedPath()[0] as HTMLElement).role === "radio" && readKey(key, ask, shown.selected);
    if (!pressed) return;
    event.preventDefault();
    return actions.select(pressed.rating, pressed.meant);
  });

  const shown: Shown = {
    ask,
    floating,
    Steps: steps?.Steps,
    stage: "rating",
    answers: {},
    passed: 0,
    close,
    press,
  };
  const teller = tellerOf(page, host, settings, shown);
  const actions = takeAnswers(shown, root, steps, teller, draw);

  const taken = takenBelow();
  // Floating comes before drawing: it forces a layout, which together with drawing would make one long task.
  if (floating)
    await float(
      page,
      host,
      // If the page removes a survey that nobody has begun to answer, it stays removed.
      () =>
        (!host.parentNode && (shown.selected == null || shown.stage === "done")) ||
        (automatic && !shown.response && isOffPage(page, ask)),
    );
  draw();
  const section = box.firstElementChild as HTMLElement;
  if (dialog) {
    dialog.ariaLabel = ask.texts.question;
    dialog.addEventListener("cancel", close);
    dialog.showModal();
  } else if (floating) {
    if (taken) section.style.marginBottom = taken;
    if (!automatic) section.focus();
  }
  host.addEventListener(
    "focusin",
    swallowErrors((event) => {
      focusedBefore = event.relatedTarget as HTMLElement | null;
    }),
  );
  teller.count(section, automatic);
  return host;
};

/**
 * Shows a survey in the page's host, or floating. `automatic` means that nobody asked for it: it takes no focus, waits
 * until it can be seen, closes on pages that it is not meant for, and opens in only one tab.
 */
export const show = swallowErrors(async (page: Page, ask: Waiting, automatic: unknown, host?: Host) => {
  if (!automatic) return put(page, ask, automatic, host);
  while (document.hidden || document.fullscreenElement?.matches("video,iframe,canvas")) await pause(waitMs);
  const alone = swallowErrors(async () => {
    // Another tab has asked it. The next tick checks this survey again.
    if (page.refused(ask)) ask.due = undefined;
    else {
      await put(page, ask, automatic);
      await pause(waitMs);
    }
  });
  try {
    await navigator.locks.request("candor", alone);
  } catch {
    // Web Locks are missing without https and in sandboxes.
    await alone();
  }
});
