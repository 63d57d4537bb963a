import { offPage } from "../../shared/asking/asking.ts";
import type { Ask } from "../../shared/contract/ask.ts";
import { json, own } from "../json.ts";
import { render } from "../jsx-runtime.ts";
import type { Host, Page, Waiting } from "../page.ts";
import { cleanText, propertiesOf, startResponse } from "../respond.ts";
import { deliver, type Outcome, post, send } from "../send.ts";
import { begin, type Message, noteAsking, read, write } from "../store.ts";
import { swallowErrors } from "../swallow-errors.ts";
import { Card, type Progress } from "./card.tsx";
import { float, leave } from "./float.ts";
import { readKey } from "./keys.ts";
import { painted, pause } from "./painted.ts";
import css from "./style.css";

export { Fragment, jsx, jsxs } from "../jsx-runtime.ts";
export { begin, cleanText, deliver, float, leave, noteAsking, own, read, render, swallowErrors, write };

/** After so long without acknowledgement an answer is called unsent. The request goes on and may still arrive. */
const patienceMs = 10_000;
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

/** The one survey that floats over the page. */
let popover: Host | undefined;

/** Whether the page is none of the survey's, whose clock runs by now. */
export const isOffPage = (page: Page, ask: Ask) =>
  page.refused({ ...ask, rules: { ...ask.rules, clocks: [] } }) === offPage;

/**
 * The margin that keeps a survey above what the page has at the bottom of the window: a chat, a cookie bar. Asked before
 * anything is drawn, when the page's layout is known and need not be made anew.
 */
const takenBelow = swallowErrors(() => {
  let free = innerHeight;
  for (const x of [30, innerWidth - 30])
    for (const element of document.elementsFromPoint(x, innerHeight - 20)) {
      const { top } = element.getBoundingClientRect();
      // What covers half of the window is no bar: there is no room beside it.
      if (getComputedStyle(element).position === "fixed" && top > innerHeight / 2 && top < free) free = top;
    }
  return free < innerHeight && `${innerHeight - free + 12}px`;
});

const put = async (page: Page, given: Ask, automatic: unknown, inlineHost?: Host) => {
  // What somebody is answering is not taken away.
  if (automatic && popover?.candor) return;
  const host = (inlineHost ?? document.createElement("candor-survey")) as Host;
  const floating = !inlineHost;
  if (floating) {
    if (popover) leave(popover);
    popover = host;
    host.candor = true;
  }
  const settings = { ...page.settings, ...host.dataset };
  const steps = given.steps?.length ? await import("./steps.tsx") : undefined;
  // JSON's own braces stand before a quotation mark.
  const ask = /\{\w/.test(json(given))
    ? (await import("./words.ts")).filled(given, propertiesOf(settings))
    : given;
  const { touchpoint, survey } = ask;
  const root = styled(host, ask, steps?.css);
  const dialog = floating && ask.show?.as === "modal" && root.appendChild(document.createElement("dialog"));
  const box = dialog || root;
  // Running the module and drawing the survey are two tasks, so that neither is a long one.
  await pause();
  if (floating && popover !== host) return;
  begin(page);

  let progress: Progress = { stage: "rating", answers: {}, passed: 0 };
  /** The rating that was meant last; its response follows a frame later. */
  let chosen: number | undefined;
  let response: Message | undefined;
  let focusedBefore = document.activeElement as HTMLElement | null;
  let noted = false;

  const url = (path: string) => `${page.base}${path}?key=${settings.key}`;
  const draw = swallowErrors((change: Partial<Progress>) => {
    progress = { ...progress, ...change };
    render(
      <Card
        {...progress}
        {...{ ask, floating, Steps: steps?.Steps, select, change: changed, submit, close, press }}
      />,
      box,
    );
  });
  // What happens beside an answer may fail without it.
  const focus = swallowErrors((selector: string) => root.querySelector<HTMLElement>(selector)?.focus());
  const tell = swallowErrors((event: string) => {
    const { id, rating } = response ?? {};
    host.dispatchEvent(
      new CustomEvent(`candor:${event}`, { bubbles: true, detail: { touchpoint, id, rating } }),
    );
  });
  const note = swallowErrors(() => {
    if (!noted && !settings.test) noteAsking(survey);
    noted = true;
  });

  /** Every message says the whole answer as it is now: in whatever order they arrive, the highest revision wins. */
  const save = async (rating: number, comment?: string) => {
    // Storage, network and who listens are slow next to drawing: what the click changed is seen first.
    await painted();
    const { comment: written = comment, ...answers } = progress.answers;
    const before = response ?? startResponse(ask, settings);
    const message: Message = {
      ...before,
      rating,
      comment: written as string | undefined,
      answers,
      revision: before.revision + 1,
    };
    response = message;
    note();
    const sent = settings.test ? "saved" : send({ url: url("responses"), message });
    if (message.revision === 1) tell("answered");
    const settle = swallowErrors((outcome: Outcome) => {
      if (message !== response) return;
      if (outcome === "refused") return close();
      const sending = progress.stage === "sending";
      // Before the button that has the focus goes.
      if (sending && root.activeElement) focus("section");
      draw({ outcome, stage: sending ? "done" : progress.stage });
      if (sending) tell("completed");
      if (floating && outcome === "saved" && progress.stage === "done" && !ask.thanks)
        setTimeout(close, thanksMs);
    });
    const late = setTimeout(settle, patienceMs, "kept");
    settle(await sent);
    clearTimeout(late);
  };

  const select = swallowErrors((rating: number, meant: boolean) => {
    const { stage } = progress;
    if (stage === "sending") return;
    const hasMore = !ask.steps || steps?.stepsFor(ask, rating, progress.answers)[0];
    draw({ selected: rating, stage: meant ? (hasMore ? "reason" : "sending") : stage });
    // The questions of another rating are gone, and with them their answers.
    changed();
    focus(meant ? "textarea,input" : "[aria-checked=true]");
    if (!meant || rating === chosen) return;
    chosen = rating;
    return save(rating);
  });

  const changed = swallowErrors(
    () => steps && draw({ answers: steps.readAnswers(ask, root, progress.selected) }),
  );

  const submit = swallowErrors((event: MouseEvent) => {
    const { stage, selected, passed } = progress;
    // More than 1: the second half of a double click on a rating, over which this button has just appeared.
    if (event.detail > 1 || stage === "sending" || selected == null) return;
    changed();
    const isLast = !(steps && passed + 1 < steps.stepsFor(ask, selected, progress.answers).length);
    draw(isLast ? { stage: "sending" } : { passed: passed + 1 });
    if (!isLast) focus(".reason>:nth-last-child(2) :is(input,textarea)");
    return save(selected, cleanText(root.querySelector<HTMLTextAreaElement>("#comment")?.value));
  });

  const close = swallowErrors(() => {
    const focused = root.activeElement;
    if (progress.stage !== "done") {
      // Whoever closes what a tab opened has the tab again.
      if (!ask.texts.tab || response) note();
      tell("dismissed");
    }
    render(null, box);
    if (floating) leave(host);
    if (focused) focusedBefore?.focus();
  });

  const press = swallowErrors((event: KeyboardEvent) => {
    // To the page these keys come from no text field: its shortcuts would act on what is typed here.
    event.stopPropagation();
    const { type, key, isComposing, altKey, ctrlKey, metaKey } = event;
    if (type !== "keydown" || isComposing || altKey || ctrlKey || metaKey) return;
    if (floating && key === "Escape") return close();
    const pressed =
      (event.composedPath()[0] as HTMLElement).role === "radio" && readKey(key, ask, progress.selected);
    if (!pressed) return;
    event.preventDefault();
    return select(pressed.rating, pressed.meant);
  });

  const taken = takenBelow();
  // Before anything is drawn: it lays out what is there, which would make this one long task.
  if (floating)
    await float(
      page,
      host,
      // The page may take away what nobody has begun to answer.
      () =>
        (!host.parentNode && (progress.selected == null || progress.stage === "done")) ||
        (automatic && !response && isOffPage(page, ask)),
    );
  draw({});
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
  // Counted when seen, and not when put somewhere down the page: the response rate is measured against it.
  const seen = swallowErrors((entries: IntersectionObserverEntry[], observer: IntersectionObserver) => {
    if (!entries[0]?.isIntersecting) return;
    observer.disconnect();
    if (automatic) note();
    tell("shown");
    const { respondent, respondentHash: respondent_hash } = settings;
    if (!settings.test) return post(url("impressions"), { touchpoint, survey, respondent, respondent_hash });
  });
  new IntersectionObserver(seen).observe(section);
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
