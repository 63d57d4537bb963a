import type { Ask } from "../../shared/contract/ask.ts";
import type { FieldError } from "../../shared/contract/problem.ts";
import type { Answers, Step, Thanks } from "../../shared/contract/surveys/follow-up.ts";
import type { OwnTexts } from "../../shared/contract/surveys/surveys.ts";
import { bucketEnd, KINDS, type Look, ratingsOf, type Scale } from "../../shared/surveys/kinds.ts";
import { closestTag } from "../../shared/surveys/locales.ts";
import { type Conditional, stepsFor } from "../../shared/surveys/steps.ts";
import { fromJson } from "../db/json.ts";
import type { Steps } from "./db/former-steps.ts";
import type { SurveyRow } from "./db/surveys.ts";
import type { SurveyLanguage } from "./languages.ts";
import { fill, type Presented } from "./wording.ts";

/** What follows the rating: steps and thanks, checked against the survey, in one language. */
interface Flow {
  texts: OwnTexts;
  look: Look | null;
  steps: Step[] | null;
  thanks: Thanks[];
}

export const flowOf = ({
  texts,
  look,
  steps,
  thanks,
}: Pick<SurveyRow, "texts" | "look" | "steps" | "thanks">): Flow => ({
  texts: fromJson(texts),
  look,
  steps: fromJson(steps),
  thanks: fromJson(thanks),
});

type Buckets = Map<string, number[]>;

/** The ratings of each bucket of a survey, by the bucket's name. */
export function bucketsOf(
  survey: Pick<SurveyRow, "kind" | "scaleMin" | "scaleMax" | "satisfiedFrom">,
): Buckets {
  const scale = { min: survey.scaleMin, max: survey.scaleMax };
  const buckets = KINDS[survey.kind]?.buckets(scale, survey.satisfiedFrom) ?? [];
  return new Map(
    buckets.map(({ name, from }, index) => {
      const end = bucketEnd(buckets, index, scale);
      return [name, ratingsOf(scale).filter((rating) => rating >= from && rating <= end)];
    }),
  );
}

export const ratingsIn = (buckets: Buckets, names: readonly string[]): number[] =>
  [...new Set(names.flatMap((name) => buckets.get(name) ?? []))].sort((one, other) => one - other);

/** As much of a step as its answers depend on. */
export type Answerable = Pick<Step, "id" | "kind" | "choices" | "scale">;

const stepScale = ({ scale }: Pick<Step, "scale">): Scale => scale ?? { min: 1, max: 5 };

/** The possible answers to a step; null: any text. */
export function answersTo(step: Answerable): (string | number)[] | null {
  if (step.kind === "text") return null;
  return step.kind === "rating" ? ratingsOf(stepScale(step)) : (step.choices ?? []).map(({ id }) => id);
}

/** What of an answer a step can have, of a list the choices that exist, each once; undefined: nothing. */
function possibleAnswer(step: Step, answer: Answers[string]): Answers[string] | undefined {
  const possible = answersTo(step);
  if (possible === null) return typeof answer === "string" ? answer : undefined;
  const isPossible = (one: string | number) => possible.includes(one);
  if (step.kind !== "choices") return !Array.isArray(answer) && isPossible(answer) ? answer : undefined;
  if (!Array.isArray(answer)) return undefined;
  const chosen = [...new Set(answer.filter(isPossible))];
  return chosen.length > 0 || answer.length === 0 ? chosen : undefined;
}

/** What a response says after its rating. */
interface Said {
  answers?: Answers | undefined;
  comment: string | null;
}

/** What of it a survey's steps take. */
interface Heard extends Said {
  /** The ids of steps whose answers they cannot take. Nobody knows what these say. */
  leftOut: string[];
  /** The ids of steps, possibly `comment`, that are not asked after it. */
  unasked: string[];
  ignored: FieldError[];
}

/**
 * What is taken of what a response says: by the newest of the survey's steps, present or former, that take it whole,
 * since a page holds the steps that it was made with; by the present ones where none do.
 */
export function hear(survey: SurveyRow, former: readonly Steps[], rating: number, said: Said): Heard {
  const present = fromJson(survey.steps);
  const isWhole = (steps: Steps) => hearBy(survey, steps, rating, said).ignored.length === 0;
  const [steps = present] = [present, ...former].values().filter(isWhole);
  return hearBy(survey, steps, rating, said, present);
}

/** The step by this id, where one of these steps asks it after these answers; undefined: it is not asked. */
export function askedStep(
  survey: SurveyRow,
  steps: Steps,
  rating: number,
  answers: Answers | undefined,
  wanted: string,
): Answerable | undefined {
  if (steps === null) return wanted === "comment" ? { id: wanted, kind: "text" } : undefined;
  const isUnasked = unaskedSteps(survey, steps, rating, answers).includes(wanted);
  return isUnasked ? undefined : steps.find(({ id }) => id === wanted);
}

/** Whether a step is of another kind or scale now: the answers to it must not be mixed with the present ones. */
function isOtherNow(step: Step, present: Steps): boolean {
  const now = present?.find(({ id }) => id === step.id);
  if (!now) return false;
  const [one, other] = [stepScale(now), stepScale(step)];
  return now.kind !== step.kind || one.min !== other.min || one.max !== other.max;
}

export const sameQuestions = (former: Steps, present: Steps): Steps =>
  former?.filter((step) => !isOtherNow(step, present)) ?? null;

/**
 * Where none of the answers is taken, it is as if none were sent, so that those that are stored stay. No answer is taken
 * to a step that is another among the `present` ones.
 */
function hearBy(survey: SurveyRow, steps: Steps, rating: number, said: Said, present = steps): Heard {
  const ignored: FieldError[] = [];
  const given = Object.entries(said.answers ?? {});
  const kept = given.flatMap(([id, answer]) => {
    // The comment is asked by a step, but is no part of the answers.
    const step = steps?.find((one) => one.id === id && id !== "comment");
    const possible = step && !isOtherNow(step, present) ? possibleAnswer(step, answer) : undefined;
    const isWhole = Array.isArray(possible) ? possible.length === Object(answer).length : possible === answer;
    const detail = step ? "is no answer to that step" : "is no step of this survey";
    if (!isWhole) ignored.push({ pointer: `/answers/${id}`, detail });
    return possible === undefined ? [] : [[id, possible] as const];
  });
  const isKept = (id: string) => kept.some(([one]) => one === id);
  const leftOut = given.flatMap(([id]) => (isKept(id) ? [] : id));
  const asksComment = steps === null || steps.some(({ id }) => id === "comment");
  if (said.comment !== null && !asksComment)
    ignored.push({ pointer: "/comment", detail: "is no step of this survey" });
  const answers =
    kept.length > 0 || given.length === 0 ? said.answers && Object.fromEntries(kept) : undefined;
  const comment = asksComment ? said.comment : null;
  const others = steps?.flatMap((step) => (isOtherNow(step, present) ? step.id : [])) ?? [];
  const unasked = unaskedSteps(survey, steps, rating, answers, leftOut).filter((id) => !others.includes(id));
  const detail = "is not asked after that";
  for (const id of unasked)
    if (isKept(id) || (id === "comment" && comment !== null))
      ignored.push({ pointer: id === "comment" ? "/comment" : `/answers/${id}`, detail });
  return { answers, comment, leftOut, unasked, ignored };
}

/** What is wrong with a survey's wording, look, steps and thanks, given its kind and scale. */
export function flowErrors(survey: Parameters<typeof bucketsOf>[0], flow: Flow): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (pointer: string, detail: string) => errors.push({ pointer, detail });
  const buckets = bucketsOf(survey);
  const checkBuckets = (pointer: string, names: readonly string[]) => {
    for (const [index, name] of names.entries())
      if (!buckets.has(name))
        refuse(`${pointer}/${index}`, `must be one of ${[...buckets.keys()].join(", ")}`);
  };
  const checkRepeats = (pointer: string, ids: readonly string[]) => {
    for (const [index, id] of ids.entries())
      if (ids.indexOf(id) < index) refuse(`${pointer}/${index}/id`, "is taken");
  };
  const isPair = survey.scaleMax - survey.scaleMin === 1;
  if (flow.look === "thumbs" && !isPair) refuse("/look", "thumbs are for two ratings");
  for (const [tag, words] of Object.entries(flow.texts))
    for (const rating of Object.keys(words?.ratings ?? {}))
      if (Number(rating) < survey.scaleMin || Number(rating) > survey.scaleMax)
        refuse(`/texts/${tag}/ratings/${rating}`, `must be from ${survey.scaleMin} to ${survey.scaleMax}`);
  const steps = flow.steps ?? [];
  checkRepeats(
    "/steps",
    steps.map(({ id }) => id),
  );
  for (const [index, step] of steps.entries()) {
    checkRepeats(
      `/steps/${index}/choices`,
      (step.choices ?? []).map(({ id }) => id),
    );
    for (const [at, condition] of step.when.entries()) {
      const pointer = `/steps/${index}/when/${at}`;
      if ("bucket" in condition) {
        checkBuckets(`${pointer}/bucket`, condition.bucket);
        continue;
      }
      const earlier = steps.slice(0, index).find(({ id }) => id === condition.step);
      if (!earlier) refuse(`${pointer}/step`, "is no earlier step");
      else if (earlier.kind === "text") refuse(`${pointer}/step`, "is a text, which holds anything");
      const possible = earlier && answersTo(earlier);
      for (const [n, answer] of condition.is.entries())
        if (possible && !possible.includes(answer)) refuse(`${pointer}/is/${n}`, "is no answer to that step");
    }
  }
  for (const [index, { buckets: names }] of flow.thanks.entries())
    checkBuckets(`/thanks/${index}/buckets`, names);
  return errors;
}

/** What is accepted, but may break the rules of others. */
export function flowWarnings(survey: Parameters<typeof bucketsOf>[0], { thanks }: Flow): string[] {
  const urls = [...bucketsOf(survey).keys()].map(
    (bucket) => thanks.find(({ buckets }) => buckets.includes(bucket))?.url ?? null,
  );
  if (new Set(urls).size < 2) return [];
  return [
    "The thanks lead some customers to another address than others. If these are pages for public reviews, that is review gating: asking only happy customers for reviews is against the rules of the review sites and, in the United States, may be against the FTC's rule on consumer reviews of 2024. Show the same link to everyone.",
  ];
}

/** The conditions in the form of an Ask: on the rating or an earlier step, with all values that meet them. */
const conditionsOf = ({ when }: Step, buckets: Buckets): NonNullable<Conditional["when"]> =>
  when.map((condition) => ("bucket" in condition ? { is: ratingsIn(buckets, condition.bucket) } : condition));

/**
 * The ids of those of a survey's steps that are not asked after a rating and these answers, whatever the answers to
 * `unknown` steps are. `answers` undefined: whatever the answers are.
 */
export function unaskedSteps(
  survey: SurveyRow,
  steps: Steps,
  rating: number,
  answers: Answers | undefined,
  unknown: readonly string[] = [],
): string[] {
  if (steps === null) return [];
  const buckets = bucketsOf(survey);
  const conditional = steps.map((step) => ({ id: step.id, when: conditionsOf(step, buckets) }));
  const all = conditional.flatMap(({ when }) => when);
  const anything = (id: string) => [id, all.flatMap(({ step, is }) => (step === id ? is : []))] as const;
  const open = answers === undefined ? steps.map(({ id }) => id) : unknown;
  const given = { ...answers, ...(Object.fromEntries(open.map(anything)) as Answers) };
  const asked = stepsFor({ steps: conditional }, rating, given);
  return steps.flatMap(({ id }) => (asked.some((step) => step.id === id) ? [] : id));
}

/** The words for a reader of `locale`, else in the survey's own language, else in the first that there is. */
function wordsFor<Words>(
  texts: Partial<Record<string, Words>>,
  locale: string,
  survey: SurveyRow,
): Words | undefined {
  const tags = Object.keys(texts);
  const tag = closestTag(locale, tags) ?? closestTag(survey.locale, tags) ?? tags[0];
  return tag === undefined ? undefined : texts[tag];
}

/** The part of an Ask for what follows the rating, and the words that only this part needs. */
export function presentFlow(
  survey: SurveyRow,
  presented: Presented,
  { own, fixed }: SurveyLanguage,
  isTab: boolean,
): Pick<Ask, "texts" | "steps" | "thanks"> {
  const { locale, texts } = presented;
  const flow = flowOf(survey);
  const buckets = bucketsOf(survey);
  const digits = new Intl.NumberFormat(locale);
  const scaleOptions = (scale: Scale) =>
    ratingsOf(scale).map((rating) => {
      const text = digits.format(rating);
      return { rating, text, label: fill(fixed.option, { rating: text, max: digits.format(scale.max) }) };
    });
  const steps = flow.steps?.map((step) => ({
    id: step.id,
    kind: step.kind,
    question: wordsFor(step.texts, locale, survey)?.question ?? texts.comment,
    ...(step.choices && {
      choices: step.choices.map((choice): [string, string] => [
        choice.id,
        wordsFor(choice.texts, locale, survey) ?? choice.id,
      ]),
    }),
    ...(step.kind === "rating" && { scale: scaleOptions(stepScale(step)) }),
    ...(step.when.length > 0 && { when: conditionsOf(step, buckets) }),
  }));
  const thanks = flow.thanks.map(({ buckets: names, texts: words, url }) => {
    const { text = texts.thanks, link } = wordsFor(words, locale, survey) ?? {};
    return { is: ratingsIn(buckets, names), text, ...(url && link && { link: { text: link, url } }) };
  });
  return {
    texts: {
      ...texts,
      ...(steps?.length && { next: fixed.next }),
      ...(steps?.some(({ kind }) => kind === "choices") && { many: fixed.many }),
      ...(isTab && { tab: own.tab ?? fixed.tab }),
    },
    ...(steps && { steps }),
    ...(thanks.length > 0 && { thanks }),
  };
}
