import { cleanText } from "../respond.ts";
import type { Outcome } from "../send.ts";
import { swallowErrors } from "../swallow-errors.ts";
import type { Actions, Shown } from "./card.tsx";
import { painted } from "./painted.ts";
import type * as Steps from "./steps.tsx";
import type { Teller } from "./telling.ts";

/** After so long without acknowledgement an answer is called unsent. The request goes on and may still arrive. */
const patienceMs = 10_000;

/** Takes what the respondent chooses and writes: draws it, saves it once that is seen, and draws what became of it. */
export const takeAnswers = (
  shown: Shown,
  root: ShadowRoot,
  steps: typeof Steps | undefined,
  teller: Teller,
  draw: () => void,
): Actions => {
  const { ask } = shown;
  /** The rating that was meant last; its response follows a frame later. */
  let chosen: number | undefined;

  // What happens beside an answer may fail without it.
  const focus = swallowErrors((selector: string) => root.querySelector<HTMLElement>(selector)?.focus());

  const save = async (rating: number, comment?: string) => {
    // Storage, network and who listens are slow next to drawing: what the click changed is seen first.
    await painted();
    const sent = teller.save(rating, comment);
    const { response } = shown;
    const settle = swallowErrors((outcome: Outcome) => {
      if (response !== shown.response) return;
      if (outcome === "refused") return shown.close();
      const sending = shown.stage === "sending";
      // Before the button that has the focus goes.
      if (sending && root.activeElement) focus("section");
      shown.outcome = outcome;
      if (sending) shown.stage = "done";
      draw();
      if (sending) teller.tell("completed");
    });
    const late = setTimeout(settle, patienceMs, "kept");
    settle(await sent);
    clearTimeout(late);
  };

  const select = swallowErrors((rating: number, meant: boolean) => {
    if (shown.stage === "sending") return;
    const hasMore = !ask.steps || steps?.stepsFor(ask, rating, shown.answers)[0];
    shown.selected = rating;
    if (meant) shown.stage = hasMore ? "reason" : "sending";
    draw();
    // The questions of another rating are gone, and with them their answers.
    change();
    focus(meant ? "textarea,input" : "[aria-checked=true]");
    if (!meant || rating === chosen) return;
    chosen = rating;
    return save(rating);
  });

  const change = swallowErrors(() => {
    if (!steps) return;
    shown.answers = steps.readAnswers(ask, root, shown.selected);
    draw();
  });

  const submit = swallowErrors((event: MouseEvent) => {
    const { selected } = shown;
    // More than 1: the second half of a double click on a rating, over which this button has just appeared.
    if (event.detail > 1 || shown.stage === "sending" || selected == null) return;
    change();
    const isLast = !(steps && shown.passed + 1 < steps.stepsFor(ask, selected, shown.answers).length);
    if (isLast) shown.stage = "sending";
    else shown.passed += 1;
    draw();
    if (!isLast) focus(".reason>:nth-last-child(2) :is(input,textarea)");
    return save(selected, cleanText(root.querySelector<HTMLTextAreaElement>("#comment")?.value));
  });

  return { select, change, submit };
};
