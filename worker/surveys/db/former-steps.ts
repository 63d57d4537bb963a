import type { Step } from "../../../shared/contract/surveys/follow-up.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import type { Bindable, Database, Statement } from "../../db/database.ts";
import { fromJson, type Json } from "../../db/json.ts";
import type { Target } from "../../db/update.ts";

/** How long after it was given a page may send an answer, which it keeps while it is offline, ms. */
export const latestAnswer = 14 * dayMs;

/** What is kept of an owner who saves each of many small changes: the newest. */
const mostKept = 20;

/** What a survey asks or asked after the rating; null: one free comment. */
export type Steps = readonly Step[] | null;

/** SQL of all of some steps but their words. */
const wordless = (
  steps: string,
) => `(SELECT json_group_array(json_set(json_remove(step.value, '$.texts'), '$.choices',
  (SELECT json_group_array(choice.value->>'id') FROM json_each(step.value, '$.choices') AS choice))) FROM json_each(${steps}) AS step)`;

/**
 * Records what a survey, the `target` of an update, asked until now, where its steps change, and forgets what no page answers any more. Other words are no
 * change: the answers to both are the same, and corrections would push out what pages still answer.
 */
export const changeSteps = (
  { where, values: identifying }: Omit<Target, "read">,
  steps: Bindable,
): Statement[] => {
  const values = [...identifying, steps];
  const next = `?${values.length}`;
  const changed = `surveys WHERE ${where} AND steps IS NOT ${next}
    AND (steps IS NULL OR ${next} IS NULL OR ${wordless("steps")} <> ${wordless(next)})`;
  return [
    {
      sql: `INSERT INTO former_steps (survey_ref, version, steps, asked_until)
        SELECT ref, steps_version, steps, unixepoch() * 1000 FROM ${changed}`,
      values,
    },
    {
      sql: `DELETE FROM former_steps WHERE survey_ref = (SELECT ref FROM ${changed})
        AND (asked_until <= unixepoch() * 1000 - ${latestAnswer} OR version <= (SELECT steps_version FROM ${changed}) - ${mostKept})`,
      values,
    },
    {
      sql: `UPDATE surveys SET steps_version = steps_version + 1
        WHERE ref = (SELECT ref FROM ${changed})`,
      values,
    },
  ];
};

/** What surveys asked before that pages may still answer: by the survey's ref, the newest first. */
export async function findFormerSteps(
  db: Database,
  surveyRefs: readonly number[],
  now: number,
): Promise<Map<number, Steps[]>> {
  const rows = await db.all<{ surveyRef: number; steps: Json<Step[]> | null }>(
    `SELECT survey_ref AS surveyRef, steps FROM json_each(?1) CROSS JOIN former_steps ON survey_ref = value
     WHERE asked_until > ?2 ORDER BY survey_ref, version DESC`,
    JSON.stringify(surveyRefs),
    now - latestAnswer,
  );
  const bySurvey = Map.groupBy(rows, ({ surveyRef }) => surveyRef);
  return new Map(
    [...bySurvey].map(([surveyRef, found]) => [surveyRef, found.map(({ steps }) => fromJson(steps))]),
  );
}
