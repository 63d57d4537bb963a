import type { NewResponse, SaveStatus } from "./response.ts";

/** A response as it stands, as far as what comes later can change it; one that was just made, whole. */
export interface Held
  extends Pick<NewResponse, "touchpointRef" | "surveyRef" | "rating" | "comment" | "answers" | "channel">,
    Pick<NewResponse, "respondent" | "properties" | "revision"> {
  erased: boolean;
}

/** A visitor's message changes only what a visitor's message made. */
const isClash = (held: Held, next: NewResponse) =>
  held.surveyRef !== next.surveyRef ||
  held.touchpointRef !== next.touchpointRef ||
  (next.channel === "widget" && held.channel !== "widget");

/**
 * What stands after a message, by the rule that `saveRows` has for two statements: needed where one statement would not tell
 * which of several messages it saved. `hasSteps`: the survey's. `held` null: nothing was there.
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
    comment: first.comment ?? (fills ? second.comment : null),
    answers: first.answers ?? (fills ? second.answers : undefined),
    properties: first.properties ?? second.properties,
    respondent: held.respondent ?? next.respondent,
  };
  const isChanged = isHigher || parts.some((part) => (merged[part] ?? null) !== (held[part] ?? null));
  if (!isChanged) return { status: "unchanged", held };
  const stands = isHigher || isSame ? withoutUnasked(merged, next.unasked) : {};
  return { status: "updated", held: { ...merged, ...stands } };
}

const parts = ["comment", "answers", "properties", "respondent"] as const;

/** Comment and answers without those to what is not asked. */
export function withoutUnasked(
  { comment, answers }: Pick<NewResponse, "comment" | "answers">,
  unasked: readonly string[] = [],
): Pick<NewResponse, "comment" | "answers"> {
  const asked = Object.entries(answers ?? {}).filter(([step]) => !unasked.includes(step));
  return {
    comment: unasked.includes("comment") ? null : comment,
    answers: answers && Object.fromEntries(asked),
  };
}
