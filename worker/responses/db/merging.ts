import type { Answers } from "../../../shared/contract/surveys/follow-up.ts";
import { forgotten, type NewResponse, type SaveStatus } from "./response.ts";

/** A stored response, as far as a later message can change it. A response that was just created is complete. */
export interface Held
  extends Pick<
      NewResponse,
      "touchpointRef" | "surveyRef" | "surveyVersion" | "rating" | "comment" | "answers"
    >,
    Pick<NewResponse, "channel" | "respondent" | "properties" | "revision"> {
  erased: boolean;
}

/** A visitor's message changes only a response that a visitor made. */
const isClash = (held: Held, next: NewResponse) =>
  held.surveyRef !== next.surveyRef ||
  held.touchpointRef !== next.touchpointRef ||
  (next.channel === "widget" && held.channel !== "widget");

/**
 * What is stored after a message, by the rule of the two statements in save.ts: for several messages of one id, a
 * statement would not tell which it saved. `hasSteps`: whether the survey has steps. `held` null: nothing was stored.
 */
export function merge(
  held: Held | null,
  next: NewResponse,
  hasSteps: boolean,
): { status: SaveStatus; held: Held } {
  if (!held) return { status: "created", held: { ...next, erased: false } };
  if (isClash(held, next)) return { status: "conflict", held };
  if (held.erased) return { status: "unchanged", held };
  const isHigher = next.revision > held.revision;
  const [first, second] = isHigher ? [next, held] : [held, next];
  const isSame = next.revision === held.revision && next.rating === held.rating;
  const fills = isHigher || isSame || !hasSteps;
  const merged: Held = {
    ...held,
    rating: first.rating,
    revision: first.revision,
    surveyVersion: isHigher ? (next.surveyVersion ?? held.surveyVersion) : held.surveyVersion,
    comment: held.comment === forgotten ? forgotten : (first.comment ?? (fills ? second.comment : null)),
    answers: (isHigher ? withEarlier(first, held) : held.answers) ?? (fills ? second.answers : undefined),
    properties: first.properties ?? second.properties,
    respondent: held.respondent ?? next.respondent,
  };
  const isChanged = isHigher || parts.some((part) => (merged[part] ?? null) !== (held[part] ?? null));
  const stands = isHigher || isSame ? withoutUnasked(merged, next.unasked) : {};
  return { status: isChanged ? "updated" : "unchanged", held: { ...merged, ...stands } };
}

/** The answers of a message, with the earlier ones of which it says nothing, and those that were forgotten. */
const withEarlier = (
  { answers, leftOut = [] }: Pick<NewResponse, "answers" | "leftOut">,
  { answers: earlier }: Pick<NewResponse, "answers">,
): NewResponse["answers"] =>
  answers && {
    ...those(earlier, (step) => leftOut.includes(step)),
    ...answers,
    ...those(earlier, (_, answer) => answer === forgotten),
  };

const those = (answers: NewResponse["answers"], are: (step: string, answer: unknown) => boolean): Answers =>
  Object.fromEntries(Object.entries(answers ?? {}).filter(([step, answer]) => are(step, answer)));

/** The steps, possibly `comment`, that are answered. */
export const answeredSteps = ({ comment, answers }: Pick<NewResponse, "comment" | "answers">): string[] => [
  ...Object.keys(answers ?? {}),
  ...(comment === null ? [] : ["comment"]),
];

const parts = ["comment", "answers", "properties", "respondent"] as const;

/** Comment and answers without those to steps that are not asked, of which those that were forgotten stay. */
export function withoutUnasked(
  { comment, answers }: Pick<NewResponse, "comment" | "answers">,
  unasked: readonly string[] = [],
): Pick<NewResponse, "comment" | "answers"> {
  const stays = (step: string, answer: unknown) => answer === forgotten || !unasked.includes(step);
  return {
    comment: stays("comment", comment) ? comment : null,
    answers: answers && those(answers, stays),
  };
}
