import type { Texts } from "../../../shared/surveys/texts.ts";
import type { PageTheme } from "../../html/page.tsx";
import { Drawing, Page } from "../../html/page.tsx";
import type { Presented } from "../../surveys/wording.ts";

interface Answer {
  rating: number | null;
  comment: string;
}

interface SurveyFormProps {
  /** Where the form is sent: the page's address without its query. */
  action: string;
  survey: Presented;
  /** The version of the survey that is shown. */
  version: number;
  fixed: Texts;
  answer: Answer;
  theme: PageTheme;
  /** Whether steps follow. Otherwise the comment is asked for here. */
  hasSteps: boolean;
  error?: "choose" | "tooLong" | null;
  /**
   * When the rating was clicked in a mail, by our clock (unix ms). The first gesture on the page then counts it. null:
   * only the button does.
   */
  clickedAt?: number | null;
  /** When the page was made on which a gesture counted a rating, unix ms; null: on none before this one. */
  made?: number | null;
  /** By this, the browser recognizes a mailing's recipient; null: it does not. */
  claim?: string | null;
}

/** The survey as a plain form. Every rating is a native radio button: it works without scripts and by keyboard. */
export const SurveyForm = (props: SurveyFormProps) => {
  const { action, survey, version, fixed, answer, theme, hasSteps, error } = props;
  const { clickedAt = null, claim = null } = props;
  const { made = clickedAt } = props;
  const { locale, direction, texts, options } = survey;
  const wrongRating = error === "choose";
  const wrongComment = error === "tooLong";
  return (
    <Page title={texts.question} locale={locale} direction={direction} styles={["survey"]} css={theme.css}>
      <body>
        <main class="card">
          <form
            method="post"
            action={action}
            data-opened={clickedAt ?? undefined}
            data-claim={claim ?? undefined}
          >
            <input type="hidden" name="version" value={String(version)} />
            {made !== null && <input type="hidden" name="made" value={String(made)} />}
            <fieldset aria-describedby={wrongRating ? "error" : undefined}>
              <legend>
                <h1>{texts.question}</h1>
              </legend>
              {wrongRating && <ErrorText sentence={fixed.choose} />}
              <div class="scale">
                {options.map(({ rating, text, label, drawing }) => (
                  <label class={drawing ? "drawn" : ""}>
                    <input
                      type="radio"
                      name="rating"
                      value={String(rating)}
                      aria-label={label}
                      required
                      checked={rating === answer.rating}
                    />
                    {drawing ? <Drawing path={drawing} /> : <span>{text}</span>}
                  </label>
                ))}
              </div>
              {texts.low && (
                <p class="ends" aria-hidden="true">
                  <span>{texts.low}</span>
                  <span>{texts.high}</span>
                </p>
              )}
            </fieldset>
            {clickedAt !== null && <p class="counted" role="status" data-text={texts.thanks} />}
            {!hasSteps && (
              <>
                <label class="asks" for="comment">
                  {texts.comment}
                </label>
                {wrongComment && <ErrorText sentence={fixed.tooLong} />}
                <textarea
                  id="comment"
                  name="comment"
                  rows={4}
                  maxlength={4000}
                  aria-invalid={wrongComment ? "true" : undefined}
                  aria-describedby={wrongComment ? "error" : undefined}
                >
                  {answer.comment}
                </textarea>
              </>
            )}
            {claim !== null && <script src="/assets/again.js" />}
            <button type="submit">{hasSteps ? fixed.next : texts.send}</button>
          </form>
          {answer.rating !== null && <HiddenLink href={`${action}?rating=${answer.rating}&more`} />}
          {clickedAt !== null && <script type="module" src="/assets/confirm.js" />}
        </main>
      </body>
    </Page>
  );
};

/** No person can see or reach this link, so whoever follows it follows every link. */
const HiddenLink = ({ href }: { href: string }) => (
  <a href={href} rel="nofollow" hidden>
    .
  </a>
);

const ErrorText = ({ sentence }: { sentence: string }) => (
  <p class="error" id="error" role="alert">
    {sentence}
  </p>
);
