import type { Ask } from "../../shared/contract/ask.ts";
import type { Answers } from "../../shared/contract/surveys/follow-up.ts";
import type { Child } from "../jsx-runtime.ts";
import type { Message } from "../store.ts";
import { swallowErrors } from "../swallow-errors.ts";

/** A survey that is shown: the respondent's progress so far. Whoever changes it calls draw. */
export interface Shown {
  ask: Ask;
  floating: boolean;
  /** The steps after the rating; undefined: only a comment. */
  Steps: ((props: CardProps) => Child) | undefined;
  stage: "rating" | "reason" | "sending" | "done";
  selected?: number;
  /** Whether the server has acknowledged the last message; undefined: that is not known yet. */
  saved?: boolean;
  /** The answers to the survey's steps, and how many steps the respondent has passed. */
  answers: Answers;
  passed: number;
  /** The message that was sent last. */
  response?: Message;
  close(): void;
  press(event: KeyboardEvent): void;
}

/** The respondent's actions. */
export interface Actions {
  /** Selects a rating; `meant` is false while arrow keys pass over it. */
  select(rating: number, meant: boolean): void;
  change(): void;
  submit(event: MouseEvent): void;
}

export type CardProps = Shown & Actions;

/** The whole survey in its present state. */
export const Card = (props: CardProps) => {
  const { ask, floating, stage, selected, saved, Steps, select, submit, close, press } = props;
  const { texts } = ask;
  const done = stage === "done";
  const thanks = ask.thanks?.find(({ is }) => is.includes(selected as number));
  const thanked = done && saved;
  return (
    <section
      class={floating ? "floating" : undefined}
      aria-label={texts.question}
      tabIndex={-1}
      onKeyDown={press}
      onKeyUp={press}
      onKeyPress={press}
    >
      {!done && [
        <p id="question">{texts.question}</p>,
        <Scale ask={ask} selected={selected} select={select} />,
        stage !== "rating" &&
          (Steps ? (
            <Steps {...props} />
          ) : (
            <div class="reason">
              <label for="comment">{texts.comment}</label>
              <textarea id="comment" rows={3} maxLength={4000} />
              <button type="button" class="send" aria-disabled={stage === "sending"} onClick={submit}>
                {texts.send}
              </button>
            </div>
          )),
      ]}
      <p role="status" key="status" class={stage}>
        {thanked && <Drawing path="M5 12.5l4.5 4.5L19 7.5" />}
        {thanked ? (thanks?.text ?? texts.thanks) : saved === false && texts.unsent}
      </p>
      {thanked && thanks?.link && (
        <a href={thanks.link.url} target="_blank" rel="noopener">
          {thanks.link.text}
        </a>
      )}
      {floating && (
        <button type="button" class="close" aria-label={texts.close} onClick={close}>
          <Drawing path="M7 7l10 10M17 7L7 17" />
        </button>
      )}
    </section>
  );
};

/** The ratings as one radio group with one tab stop. */
const Scale = ({ ask, selected, select }: Pick<CardProps, "ask" | "selected" | "select">) => {
  const { options, texts } = ask;
  return [
    <div role="radiogroup" aria-labelledby="question">
      {options.map(({ rating, text, label, drawing }) => (
        // biome-ignore lint/a11y/useSemanticElements: in a radio input, an arrow key chooses; here it only passes by
        <button
          type="button"
          role="radio"
          aria-label={label}
          aria-checked={rating === selected}
          tabIndex={rating === (selected ?? options[0]?.rating) ? 0 : -1}
          onClick={swallowErrors(() => select(rating, true))}
        >
          {drawing ? <Drawing path={drawing} /> : text}
        </button>
      ))}
    </div>,
    texts.low && (
      <p class="ends">
        <span>{texts.low}</span>
        <span>{texts.high}</span>
      </p>
    ),
  ];
};

/** A line drawing in a 24 by 24 box, in the colour of the surrounding text. */
const Drawing = ({ path }: { path: string }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={path} />
  </svg>
);
