import { maxAnswerLetters } from "../../../shared/contract/surveys/follow-up.ts";
import type { AskedStep } from "../../../shared/surveys/steps.ts";
import type { PageTheme } from "../../html/page.tsx";
import { Page } from "../../html/page.tsx";
import type { Presented } from "../../surveys/wording.ts";

interface StepFormProps {
  action: string;
  survey: Presented;
  step: AskedStep;
  /** Above choices that allow several. */
  many: string;
  /** The text of the button that sends it. It tells whether more steps follow. */
  button: string;
  theme: PageTheme;
}

/** The most characters that the answer to a step may have. */
export const maxLetters = ({ id }: { id: string }): number => (id === "comment" ? 4000 : maxAnswerLetters);

/** What is asked after the rating, one step a page. Answering is optional. */
export const StepForm = ({ action, survey, step, many, button, theme }: StepFormProps) => {
  const { locale, direction } = survey;
  return (
    <Page title={step.question} locale={locale} direction={direction} styles={["survey"]} css={theme.css}>
      <body>
        <main class="card">
          <form method="post" action={action}>
            <input type="hidden" name="step" value={step.id} />
            {step.kind === "text" ? (
              <>
                <h1>
                  <label for="answer">{step.question}</label>
                </h1>
                <textarea id="answer" name="answer" rows={4} maxlength={maxLetters(step)} />
              </>
            ) : (
              <Choices step={step} many={many} />
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
