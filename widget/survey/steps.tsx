import type { Ask } from "../../shared/contract/ask.ts";
import type { Answers } from "../../shared/contract/surveys/follow-up.ts";
import { stepsFor } from "../../shared/surveys/steps.ts";
import { cleanText } from "../respond.ts";
import type { CardProps } from "./card.tsx";
import css from "./steps.css";

export { css, stepsFor };

type Step = NonNullable<Ask["steps"]>[number];

/** Reads the form's present answers to the steps after this rating. */
export const readAnswers = (ask: Ask, root: ParentNode, rating: number | undefined): Answers => {
  const answers: Answers = {};
  // Each step depends on the answers before it, so the list is derived again for each one.
  for (let index = 0; ; index += 1) {
    const step = stepsFor(ask, rating, answers)[index];
    if (!step) return answers;
    const { id, kind } = step;
    const values: string[] = [];
    root.querySelectorAll<HTMLInputElement>(`[name="${id}"]`).forEach(({ checked, value }) => {
      if (checked || kind === "text") values.push(value);
    });
    const answer = kind === "choices" ? values : kind === "text" ? cleanText(values[0]) : values[0];
    if (answer?.length) answers[id] = kind === "rating" ? +answer : answer;
  }
};

/** A growing form: answered steps stay visible and can be changed until the survey is closed. */
export const Steps = ({ ask, stage, selected, answers, passed, change, submit }: CardProps) => {
  const { texts } = ask;
  const steps = stepsFor(ask, selected, answers);
  return (
    <div class="reason" onChange={change}>
      {steps
        // An answered step stays visible even if a new step comes before it.
        .filter((step) => steps.indexOf(step) <= passed || answers[step.id] != null)
        .map((step) => (
          <Question key={step.id} step={step} many={texts.many} />
        ))}
      <button type="button" class="send" aria-disabled={stage === "sending"} onClick={submit}>
        {passed + 1 < steps.length ? texts.next : texts.send}
      </button>
    </div>
  );
};

const Question = ({ step, many }: { step: Step; many: string | undefined }) => {
  const { id, kind, question, choices, scale } = step;
  if (kind === "text")
    return (
      <label>
        {question}
        <textarea name={id} rows={3} maxLength={id === "comment" ? 4000 : 500} />
      </label>
    );
  const options = choices ?? scale?.map(({ rating, text, label }) => [String(rating), text, label]) ?? [];
  return (
    <fieldset class={kind}>
      <legend>
        {question}
        {kind === "choices" && <small>{many}</small>}
      </legend>
      {options.map(([value, text, label]) => (
        <label>
          <input
            type={kind === "choices" ? "checkbox" : "radio"}
            name={id}
            value={value}
            aria-label={label}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
};
