import type { Ask } from "../shared/contract/ask.ts";
import type { Answers } from "../shared/contract/flow.ts";
import { stepsFor } from "../shared/steps.ts";
import type { CardProps } from "./card.tsx";
import css from "./steps.css";
import { cleanText } from "./survey.tsx";

export { css, stepsFor };

type Step = NonNullable<Ask["steps"]>[number];

/** What is written, rated and chosen in the form now. */
export const readAnswers = ({ steps = [] }: Ask, root: ParentNode): Answers => {
  const answers: Answers = {};
  for (const { id, kind } of steps) {
    const fields = [...root.querySelectorAll<HTMLInputElement>(`[name="${id}"]`)];
    const values = fields.filter(({ checked }) => kind === "text" || checked).map(({ value }) => value);
    const [value] = values;
    const answer = kind === "choices" ? values : kind === "text" ? cleanText(value) : value;
    if (answer?.length) answers[id] = kind === "rating" ? Number(answer) : answer;
  }
  return answers;
};

/** A form that grows: what was answered stays, and can be changed until the survey is closed. */
export const Steps = ({ ask, stage, selected, answers, passed, change, submit }: CardProps) => {
  const { texts } = ask;
  const steps = stepsFor(ask, selected, answers);
  return (
    <div class="reason" onChange={change}>
      {steps.slice(0, passed + 1).map((step) => (
        <Question {...{ key: step.id, step, many: texts.many }} />
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
