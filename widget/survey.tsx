import { offPage } from "../shared/asking.ts";
import type { Ask } from "../shared/contract/ask.ts";
import type { Host, Page } from "./candor.ts";
import { Card, type Progress } from "./card.tsx";
import { json } from "./json.ts";
import { render } from "./jsx-runtime.ts";
import { readKey } from "./keys.ts";
import { painted } from "./painted.ts";
import { quietly } from "./quietly.ts";
import { cleanText, propertiesOf, startResponse } from "./respond.ts";
import { type Outcome, post, send, sendAllKept } from "./send.ts";
import { keepIn, type Message, noteAsking } from "./store.ts";
import css from "./style.css";

export { Fragment, jsx, jsxs } from "./jsx-runtime.ts";
export { cleanText, noteAsking, quietly, render };

/** After so long without acknowledgement an answer is called unsent. The request goes on and may still arrive. */
const patienceMs = 10_000;
const thanksMs = 5_000;
const watchMs = 500;

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
let popover: HTMLElement | undefined;

const place = ({ settings, local }: Page) =>
  keepIn(() => (settings.consent || settings.test ? undefined : local));

addEventListener("online", quietly(sendAllKept));

/** Sends what earlier visits left. */
export const sendKept = quietly((page: Page) => {
  place(page);
  return sendAllKept();
});

/** Puts what the page says into the `{name}`s and `{name|or else}`s of all texts. */
const filled = (ask: Ask, properties: Record<string, unknown>): Ask =>
  JSON.parse(
    json(ask).replace(/\{(\w+)(?:\|([^{}"]*))?\}/g, (_, name: string, otherwise = "") =>
      properties[name] == null ? otherwise : json(`${properties[name]}`).slice(1, -1),
    ),
  );

/** Whether the page is none of the survey's, whose clock runs by now. */
export const isOffPage = (page: Page, ask: Ask) =>
  page.refused({ ...ask, rules: { ...ask.rules, clocks: [] } }) === offPage;

/**
 * The margin that keeps a survey above what the page has at the bottom of the window: a chat, a cookie bar. Asked before
 * anything is drawn, when the page's layout is known and need not be made anew.
 */
const takenBelow = () => {
  const tops = [30, innerWidth - 30]
    .flatMap((x) => document.elementsFromPoint(x, innerHeight - 20))
    .filter((element) => getComputedStyle(element).position === "fixed")
    .map((element) => element.getBoundingClientRect().top)
    // What covers half of the window is no bar: there is no room beside it.
    .filter((top) => top > innerHeight / 2);
  return tops[0] === undefined ? "" : `${innerHeight - Math.min(...tops) + 12}px`;
};

/**
 * Shows a survey: in the page's host, or floating over the page. `automatic`: nobody asked for it, so it takes no focus, and
 * it goes with the page that it was meant for.
 */
export const show = quietly(async (page: Page, given: Ask, automatic: unknown, inlineHost?: Host) => {
  // What somebody is answering is not taken away.
  if (automatic && popover?.isConnected) return;
  const host = inlineHost ?? (document.createElement("candor-survey") as Host);
  const floating = !inlineHost;
  if (floating) {
    popover?.remove();
    popover = host;
    host.candor = true;
  }
  const settings = { ...page.settings, ...host.dataset };
  const steps = given.steps?.length ? await import("./steps.tsx") : undefined;
  const ask = filled(given, propertiesOf(settings));
  const { touchpoint, survey } = ask;
  const root = styled(host, ask, steps?.css);
  const dialog = floating && ask.show?.as === "modal" && root.appendChild(document.createElement("dialog"));
  const box = dialog || root;
  // Running the module and drawing the survey are two tasks, so that neither is a long one.
  await new Promise((done) => setTimeout(done));
  if (floating && popover !== host) return;
  place(page);

  let progress: Progress = { stage: "rating", answers: {}, passed: 0 };
  /** The rating that was meant last; its response follows a frame later. */
  let chosen: number | undefined;
  let response: Message | undefined;
  let focusedBefore = document.activeElement as HTMLElement | null;
  let noted = false;

  const url = (path: string) => `${page.base}${path}?key=${settings.key}`;
  const draw = (change: Partial<Progress>) => {
    progress = { ...progress, ...change };
    render(
      <Card {...progress} {...{ ask, floating, steps, select, change: changed, submit, close, press }} />,
      box,
    );
  };
  const focus = (selector: string) => root.querySelector<HTMLElement>(selector)?.focus();
  const tell = (event: string) => {
    const { id, rating } = response ?? {};
    host.dispatchEvent(
      new CustomEvent(`candor:${event}`, { bubbles: true, detail: { touchpoint, id, rating } }),
    );
  };
  const note = () => {
    if (!noted && !settings.test) noteAsking(survey);
    noted = true;
  };

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
    const settle = quietly((outcome: Outcome) => {
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

  const select = quietly((rating: number, meant: boolean) => {
    const { stage } = progress;
    if (stage === "sending") return;
    const hasMore = !ask.steps || steps?.stepsFor(ask, rating, progress.answers)[0];
    draw({ selected: rating, stage: meant ? (hasMore ? "reason" : "sending") : stage });
    focus(meant ? "textarea,input" : "[aria-checked=true]");
    if (!meant || rating === chosen) return;
    chosen = rating;
    return save(rating);
  });

  const changed = quietly(() => steps && draw({ answers: steps.readAnswers(ask, root) }));

  const submit = quietly((event: MouseEvent) => {
    const { stage, selected, passed } = progress;
    // More than 1: the second half of a double click on a rating, over which this button has just appeared.
    if (event.detail > 1 || stage === "sending" || selected == null) return;
    changed();
    const isLast = !(steps && passed + 1 < steps.stepsFor(ask, selected, progress.answers).length);
    draw(isLast ? { stage: "sending" } : { passed: passed + 1 });
    if (!isLast) focus(".reason>:nth-last-child(2) :is(input,textarea)");
    return save(selected, cleanText(root.querySelector<HTMLTextAreaElement>("#comment")?.value));
  });

  const close = quietly(() => {
    const focused = root.activeElement;
    if (progress.stage !== "done") {
      // Whoever closes what a tab opened has the tab again.
      if (!ask.texts.tab || response) note();
      tell("dismissed");
    }
    render(null, box);
    if (floating) host.remove();
    if (focused) focusedBefore?.focus();
  });

  const press = quietly((event: KeyboardEvent) => {
    // To the page these keys come from no text field: its shortcuts would act on what is typed here.
    event.stopPropagation();
    const { type, key, target, isComposing, altKey, ctrlKey, metaKey } = event;
    if (type !== "keydown" || isComposing || altKey || ctrlKey || metaKey) return;
    if (floating && key === "Escape") return close();
    const pressed = (target as HTMLElement).role === "radio" && readKey(key, ask, progress.selected);
    if (!pressed) return;
    event.preventDefault();
    return select(pressed.rating, pressed.meant);
  });

  const taken = takenBelow();
  if (floating) {
    // In the top layer no z-index and no transformed ancestor of the page can cover or move it.
    host.setAttribute("popover", "manual");
    document.body.append(host);
    // Before anything is drawn: it lays out what is there, which would make this one long task.
    host.showPopover?.();
  }
  draw({});
  const section = box.firstElementChild as HTMLElement;
  if (dialog) {
    dialog.ariaLabel = ask.texts.question;
    dialog.addEventListener("cancel", close);
    dialog.showModal();
  } else if (floating) {
    section.style.marginBottom = taken;
    if (!automatic) section.focus();
  }
  host.addEventListener(
    "focusin",
    quietly((event) => {
      focusedBefore = event.relatedTarget as HTMLElement | null;
    }),
  );
  // Counted when seen, and not when put somewhere down the page: the response rate is measured against it.
  const seen = quietly((entries: IntersectionObserverEntry[], observer: IntersectionObserver) => {
    if (!entries[0]?.isIntersecting) return;
    observer.disconnect();
    if (automatic) note();
    tell("shown");
    const { respondent, respondentHash: respondent_hash } = settings;
    if (!settings.test) return post(url("impressions"), { touchpoint, survey, respondent, respondent_hash });
  });
  new IntersectionObserver(seen).observe(section);
  if (!automatic) return host;
  const watch = setInterval(
    quietly(() => {
      if (!host.isConnected || response) clearInterval(watch);
      else if (isOffPage(page, ask)) host.remove();
    }),
    watchMs,
  );
  return host;
});
