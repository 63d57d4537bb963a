import { cleanText } from "../respond.ts";
import type { Outcome } from "../send.ts";
import { swallowErrors } from "../swallow-errors.ts";
import type { Actions, Shown } from "./card.tsx";
import { painted } from "./painted.ts";
import type * as Steps from "./steps.tsx";
import type { Teller } from "./telling.ts";

/** After this time without an acknowledgement, the answer is shown as unsent. The request continues and may still arrive. */
const patienceMs = 10_000;

/** Handles what the respondent chooses and writes: draws it, saves it once it is painted, and draws the outcome. */
export const takeAnswers = (
  shown: Shown,
  root: ShadowRoot,
  steps: typeof Steps | undefined,
  teller: Teller,
  draw: () => void,
): Actions => {
  const { ask } = shown;
  /** The last rating that was meant, not passed over. Its response follows a frame later. */
  let chosen: number | undefined;

  // Focus may fail without stopping the answer.
  const focus = swallowErrors((selector: string) => root.querySelector<HTMLElement>(selector)?.focus());

  const save = async (rating: number, comment?: string) => {
    // Storage, network and listeners are slow compared with drawing, so the respondent sees the click's effect first.
    await painted();
    const sent = teller.save(rating, comment);
    const { response } = shown;
    const settle = swallowErrors((outcome?: Outcome) => {
      if (response !== shown.response) return;
      if (outcome === false) return shown.close();
      const sending = shown.stage === "sending";
      // The focus moves before the button that has it is removed.
      if (sending && root.activeElement) focus("section");
      shown.saved = outcome === true;
      if (sending) shown.stage = "done";
      draw();
      if (sending) teller.tell("completed");
    });
    const late = setTimeout(settle, patienceMs);
    settle(await sent);
    clearTimeout(late);
  };

  const select = swallowErrors((rating: number, meant: boolean) => {
    if (shown.stage === "sending") return;
    const hasMore = !ask.steps || steps?.stepsFor(ask, rating, shown.answers)[0];
    shown.selected = rating;
    if (meant) shown.stage = hasMore ? "reason" : "sending";
    draw();
    // The steps of another rating are gone, and their answers with them.
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
    // detail > 1 is the second half of a double click on a rating, which lands on this button that just appeared there.
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
