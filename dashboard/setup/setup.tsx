import type { ComponentChildren } from "preact";
import { Icon } from "../frame/icons.tsx";
import { at, page } from "../page.ts";
import { withSheet } from "../sheets.ts";
import { SeenLine, useSeen } from "../snippet/seen.tsx";
import { Snippet } from "../snippet/snippet.tsx";
import { kindTag, say, t } from "../words.tsx";
import { LeaveOut } from "./leave-out.tsx";
import sheet from "./setup.css";
import { setupWords } from "./speak.ts";

await Promise.all([withSheet(sheet), setupWords()]);

interface SetUpProps {
  /** Answers that have come in, counted or not. */
  received: number;
  counted: number;
}

/** The steps from nothing to a score. Each ticks itself. */
export default function SetUp({ received, counted }: SetUpProps) {
  // Whoever makes a second survey before the first answer goes on with that one.
  const asked = page.touchpoints
    ?.filter(({ survey, sample }) => survey !== null && !sample)
    .toSorted((one, other) => (one.since < other.since ? 1 : -1))[0];
  const seen = useSeen(asked?.name ?? null);
  const done = [asked !== undefined, (seen.data?.data.length ?? 0) > 0, received > 0, counted > 0];
  // An answer by a link or a mail needs no snippet; what has come ticks what led to it.
  const ticked = done.map((_, index) => done.slice(index).some(Boolean));
  const now = ticked.indexOf(false);
  const survey = page.surveys?.find(({ id }) => id === asked?.survey);
  return (
    <>
      <p class="digest" role="status">
        {now < 0 ? t("steps.done") : say("steps", { n: ticked.filter(Boolean).length })}
      </p>
      <ol class="checklist">
        <Step title={t("steps.survey")} number={1} now={now} ticked={ticked}>
          {asked ? (
            <p class="note">
              {survey && `${survey.name}, `}
              {asked.kind && `${kindTag(asked.kind)}.`} <a href={at("/surveys/new")}>{t("steps.another")}</a>
            </p>
          ) : (
            <>
              <p class="note">{t("steps.survey.none")}</p>
              <div class="row">
                <a class="btn main" href={at("/surveys/new")}>
                  {t("steps.gallery")}
                </a>
              </div>
            </>
          )}
        </Step>
        <Step title={t("steps.snippet")} number={2} now={now} ticked={ticked}>
          {asked && now === 1 ? (
            <>
              <Snippet touchpoint={asked.name} />
              <SeenLine touchpoint={asked.name} of={seen} />
            </>
          ) : asked && ticked[1] ? (
            <SeenLine touchpoint={asked.name} of={seen} />
          ) : (
            <p class="note">{t("steps.snippet.later")}</p>
          )}
        </Step>
        <Step title={t("steps.answer")} number={3} now={now} ticked={ticked}>
          <p class="note">{t(ticked[2] ? "steps.answer.came" : "steps.answer.yours")}</p>
          {counted === 1 && page.role !== "analyst" && <LeaveOut />}
        </Step>
        <Step title={t("steps.score")} number={4} now={now} ticked={ticked}>
          <p class="note">{t("steps.score.from")}</p>
        </Step>
      </ol>
    </>
  );
}

interface StepProps {
  title: string;
  /** From 1. */
  number: number;
  /** The index of the first that is not done; -1: all are. */
  now: number;
  ticked: readonly boolean[];
  children: ComponentChildren;
}

const Step = ({ title, number, now, ticked, children }: StepProps) => {
  const isDone = ticked[number - 1] === true;
  const state = isDone ? "done" : now === number - 1 ? "now" : undefined;
  return (
    <li class={state} aria-current={state === "now" ? "step" : undefined}>
      <span class="tickmark">
        {isDone ? (
          <>
            <Icon name="done" />
            <span class="unseen">{t("steps.step-done")}</span>
          </>
        ) : (
          number
        )}
      </span>
      <div class="stack top">
        <h2>{title}</h2>
        {children}
      </div>
    </li>
  );
};
