import type * as z from "zod";
import type { SavedSurvey, Survey, SurveyPatch } from "../../shared/contract/surveys/surveys.ts";
import { fromJson, toJson } from "../db/json.ts";
import { instantOrNull } from "../http/paging.ts";
import { Problem } from "../http/problem.ts";
import type { SurveyRow } from "./db/surveys.ts";
import type { Asks } from "./db/versions.ts";
import { flowErrors, flowOf, flowWarnings } from "./follow-up.ts";

/** A survey, as far as it is shown. */
type Shown = Omit<SurveyRow, "ref" | "stepsVersion" | "publishedBy" | "sample">;

/** What a survey, or a version of it, asks. */
export const asksJson = (row: Asks) => ({
  subject: row.subject,
  locale: row.locale,
  ...flowOf(row),
  theme: fromJson(row.theme),
});

export const surveyJson = (row: Shown): z.input<typeof Survey> => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  scale: { min: row.scaleMin, max: row.scaleMax },
  satisfied_from: row.satisfiedFrom,
  ...asksJson(row),
  version: row.version,
  published_at: new Date(row.publishedAt).toISOString(),
  created_at: new Date(row.createdAt).toISOString(),
  archived_at: instantOrNull(row.archivedAt),
});

export const savedJson = (row: Shown): z.input<typeof SavedSurvey> => {
  const warnings = flowWarnings(row, flowOf(row));
  return { ...surveyJson(row), ...(warnings.length > 0 && { warnings }) };
};

/**
 * Throws a 422 for what does not fit the survey's kind and scale. Each part is checked against these two alone. They
 * never change, so changing one part cannot invalidate another.
 */
export function checkFlow(row: Shown): void {
  const errors = flowErrors(row, flowOf(row));
  if (errors.length > 0) throw new Problem("invalid-input", { errors });
}

/** What is given of what a survey asks, by the columns in which it is stored. */
export const asksColumns = ({
  subject,
  locale,
  texts,
  look,
  steps,
  thanks,
  theme,
}: Omit<z.output<typeof SurveyPatch>, "name">): Partial<Asks> => ({
  ...(subject !== undefined && { subject }),
  ...(locale !== undefined && { locale }),
  ...(look !== undefined && { look }),
  ...(texts && { texts: toJson(texts) }),
  ...(steps !== undefined && { steps: steps && toJson(steps) }),
  ...(thanks && { thanks: toJson(thanks) }),
  ...(theme !== undefined && { theme: theme && toJson(theme) }),
});
