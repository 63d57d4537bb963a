import { render } from "preact";
import type { Ask } from "../shared/contract/ask.ts";
import { Card, type Progress } from "./card.tsx";
import { readKey } from "./keys.ts";
import { painted } from "./painted.ts";
import { quietly } from "./quietly.ts";
import { cleanComment, startResponse } from "./respond.ts";
import { type Outcome, post, send } from "./send.ts";
import { type Message, wait } from "./store.ts";
import css from "./style.css";

export { sendKept } from "./send.ts";

/** What the loader hands over. */
export interface Embed {
  host: HTMLElement;
  root: ShadowRoot;
  /** A popover over the page; otherwise inline, where the page put the element. */
  floating: boolean;
  ask: Ask;
  settings: DOMStringMap;
  url(path: string): string;
}

/** After so long without acknowledgement an answer is called unsent. The request goes on and may still arrive. */
const patienceMs = 10_000;
const thanksMs = 5_000;

// Constructable sheets need neither a nonce nor 'unsafe-inline' under the page's CSP; <style> and style="" do.
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** Runs a survey in the host's shadow root; a popover is also put into the page. */
export const show = ({ host, root, floating, ask, settings, url }: Embed) => {
  const { touchpoint, survey, rules } = ask;
  let progress: Progress = { step: "rating" };
  /** The rating that was meant last; its response follows a frame later. */
  let chosen: number | undefined;
  let response: Message | undefined;
  let focusedBefore: HTMLElement | null;

  const draw = (change: Partial<Progress>) => {
    progress = { ...progress, ...change };
    render(<Card {...progress} {...{ ask, floating, select, submit, close, press }} />, root);
  };
  const focus = (selector: string) => root.querySelector<HTMLElement>(selector)?.focus();
  const tell = (event: string) => {
    const detail = { touchpoint, id: response?.id, rating: response?.rating };
    host.dispatchEvent(new CustomEvent(`candor:${event}`, { bubbles: true, detail }));
  };

  /** Every message says the whole answer as it is now: in whatever order they arrive, the highest revision wins. */
  const save = async (rating: number, comment?: string) => {
    // Storage, network and who listens are slow next to drawing: what the click changed is seen first.
    await painted();
    const before = response ?? startResponse(ask, settings);
    const message: Message = { ...before, rating, comment, revision: before.revision + 1 };
    response = message;
    wait(touchpoint, rules.wait);
    const sent = send({ url: url("responses"), message });
    if (message.revision === 1) tell("answered");
    const settle = quietly((outcome: Outcome) => {
      if (message !== response) return;
      if (outcome === "refused") return close();
      const sending = progress.step === "sending";
      // Before the button that has the focus goes.
      if (sending && root.activeElement) focus("section");
      draw({ outcome, step: sending ? "done" : progress.step });
      if (sending) tell("completed");
      if (floating && outcome === "saved" && progress.step === "done") setTimeout(close, thanksMs);
    });
    const late = setTimeout(settle, patienceMs, "kept");
    void settle(await sent);
    clearTimeout(late);
  };

  const select = quietly((rating: number, meant: boolean) => {
    const { step } = progress;
    if (step === "sending") return;
    draw({ selected: rating, step: meant ? "comment" : step });
    focus(meant ? "textarea" : "[aria-checked=true]");
    if (!meant || rating === chosen) return;
    chosen = rating;
    return save(rating);
  });

  const submit = quietly((event: MouseEvent) => {
    const { step, selected } = progress;
    // More than 1: the second half of a double click on a rating, over which this button has just appeared.
    if (event.detail > 1 || step === "sending" || selected == null) return;
    draw({ step: "sending" });
    return save(selected, cleanComment(root.querySelector("textarea")?.value ?? ""));
  });

  const close = quietly(() => {
    const focused = root.activeElement;
    if (progress.step !== "done") {
      wait(touchpoint, rules.wait);
      tell("dismissed");
    }
    render(null, root);
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

  root.adoptedStyleSheets = [sheet];
  host.lang = ask.locale;
  host.dir = ask.direction;
  if (floating) {
    // In the top layer no z-index and no transformed ancestor of the page can cover or move it.
    host.setAttribute("popover", "manual");
    document.body.append(host);
    // Before anything is drawn: it lays out what is there, which would make this one long task.
    host.showPopover?.();
  }
  draw({});
  host.addEventListener("focusin", (event) => {
    focusedBefore = event.relatedTarget as HTMLElement | null;
  });
  // Counted when seen, and not when put somewhere down the page: the response rate is measured against it.
  const seen = quietly((entries: IntersectionObserverEntry[], observer: IntersectionObserver) => {
    if (!entries[0]?.isIntersecting) return;
    observer.disconnect();
    tell("shown");
    return post(url("impressions"), { touchpoint, survey });
  });
  for (const section of root.children) new IntersectionObserver(seen).observe(section);
};
