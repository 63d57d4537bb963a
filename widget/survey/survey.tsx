import css from "./style.css";

// Before all code: amid it the sheet compresses worse, by 30 bytes for every visitor.

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

export { Fragment, jsx, jsxs } from "../jsx-runtime.ts";
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
/** Until what nobody could see is tried again; and until other tabs have surely read that this visitor was asked. */
const waitMs = 1_000;

// Constructable sheets need neither a nonce nor 'unsafe-inline' under the page's CSP; <style> and style="" do.
const sheetOf = (text: string) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
};
const sheet = sheetOf(css);

/** The host's shadow root, with the widget's style and the survey's own. */
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
  // JSON's own braces stand before a quotation mark.
  const ask = /\{\w/.test(json(given))
    ? (await import("./words.ts")).filled(given, propertiesOf(settings))
    : given;
  const root = styled(host, ask, steps?.css);
  const dialog = floating && ask.show?.as === "modal" && root.appendChild(document.createElement("dialog"));
  const box = dialog || root;
  // Running the module and drawing the survey are two tasks, so that neither is a long one.
  await pause();
  // Another one floats by now.
  if (floating && !host.candor) return;
  begin(page);

  let focusedBefore = document.activeElement as HTMLElement | null;

  const draw = swallowErrors(() => {
    // Thanks go by themselves, unless they hold something to follow.
    if (floating && shown.outcome === "saved" && shown.stage === "done" && !ask.thanks)
      setTimeout(close, thanksMs);
    render(<Card {...shown} {...actions} />, box);
  });

  const close = swallowErrors(() => {
    const focused = root.activeElement;
    // Whoever closes what a tab opened has the tab again.
    if (shown.stage !== "done") teller.tell("dismissed", !ask.texts.tab || shown.response);
    render(null, box);
    if (floating) leave(host);
    if (focused) focusedBefore?.focus();
  });

  const press = swallowErrors((event: KeyboardEvent) => {
    // To the page these keys come from no text field: its shortcuts would act on what is typed here.
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
  // Before anything is drawn: it lays out what is there, which would make this one long task.
  if (floating)
    await float(
      page,
      host,
      // The page may take away what nobody has begun to answer.
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
 * Shows a survey: in the page's host, or floating over the page. `automatic`: nobody asked for it, so it takes no focus, it waits
 * until it can be seen, it goes with the page that it was meant for, and of several tabs one shows it.
 */
export const show = swallowErrors(async (page: Page, ask: Waiting, automatic: unknown, host?: Host) => {
  if (!automatic) return put(page, ask, automatic, host);
  while (document.hidden || document.fullscreenElement?.matches("video,iframe,canvas")) await pause(waitMs);
  const alone = swallowErrors(async () => {
    // Asked in another tab meanwhile: what waits is told so when it is looked at again.
    if (page.refused(ask)) ask.due = undefined;
    else {
      await put(page, ask, automatic);
      await pause(waitMs);
    }
  });
  try {
    await navigator.locks.request("candor", alone);
  } catch {
    // There are none without https, nor in a sandbox.
    await alone();
  }
});
