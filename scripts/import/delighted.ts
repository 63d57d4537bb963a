import type { Survey } from "../../shared/contract/surveys/surveys.ts";

/**
 * What Delighted's survey types measure, and on which scale. pmf and csat3 are missing, since no kind of Candor has
 * their answers. https://delighted.com/docs/api (survey_type)
 */
const surveyTypes: Record<string, { kind: string; min: number; max: number }> = {
  nps: { kind: "nps", min: 0, max: 10 },
  csat: { kind: "csat", min: 1, max: 5 },
  smileys: { kind: "csat", min: 1, max: 5 },
  stars_five: { kind: "csat", min: 1, max: 5 },
  ces: { kind: "ces", min: 1, max: 5 },
  ces7: { kind: "ces", min: 1, max: 7 },
  thumbs: { kind: "thumbs", min: 0, max: 1 },
};

/** Why an answer of this type does not fit this survey; null: it fits. On another scale, a 5 would mean something else. */
export function misfitOf(type: string, { kind, scale }: Survey): string | null {
  const from = surveyTypes[type];
  if (!from) return "is of a type that Candor does not know; --map survey_type= imports it unchecked";
  if (from.kind === kind && from.min === scale.min && from.max === scale.max) return null;
  return `${type} is ${from.kind} from ${from.min} to ${from.max}, the survey here ${kind} from ${scale.min} to ${scale.max}`;
}
