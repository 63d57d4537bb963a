import type { AskedStep } from "../../shared/steps.ts";
import type { Dress } from "../dress.ts";
import type { Presented } from "../present.ts";
import { Page } from "./page.tsx";

interface StepFormProps {
  action: string;
  survey: Presented;
  step: AskedStep;
  /** Above choices of which several may be taken. */
  many: string;
  /** What sends it: that there is more to come, or not. */
  button: string;
  dress: Dress;
}

/** Characters of what is written to a step. */
export const mostLetters = (step: AskedStep): number => (step.id === "comment" ? 4000 : 500);

/** What is asked after the rating, one step a page. Nothing has to be answered. */
export const StepForm = ({ action, survey, step, many, button, dress }: StepFormProps) => {
  const { locale, direction } = survey;
  return (
    <Page title={step.question} locale={locale} direction={direction} styles={["survey"]} css={dress.css}>
      <body>
        <main class="card">
          <form method="post" action={action}>
            <input type="hidden" name="step" value={step.id} />
            {step.kind === "text" ? (
              <>
                <h1>
                  <label for="answer">{step.question}</label>
                </h1>
                <textarea id="answer" name="answer" rows={4} maxlength={mostLetters(step)} />
              </>
            ) : (
              <Choices {...{ step, many }} />
            )}
            <button type="submit">{button}</button>
          </form>
        </main>
      </body>
    </Page>
  );
};

const Choices = ({ step, many }: Pick<StepFormProps, "step" | "many">) => {
  const { kind, question, choices, scale } = step;
  const options = choices ?? scale?.map(({ rating, text, label }) => [String(rating), text, label]) ?? [];
  return (
    <fieldset>
      <legend>
        <h1>{question}</h1>
        {kind === "choices" && <p class="ends">{many}</p>}
      </legend>
      <div class={kind === "rating" ? "scale" : "scale choices"}>
        {options.map(([value, text, label]) => (
          <label>
            <input
              type={kind === "choices" ? "checkbox" : "radio"}
              name="answer"
              value={value}
              aria-label={label}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
};
