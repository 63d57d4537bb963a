import { maxValues } from "../../../shared/contract/breakdowns.ts";
import type { Database } from "../../db/database.ts";
import { type SurveyRow, surveyColumns } from "../../surveys/db/surveys.ts";

/** What a question about scores is resolved with. */
export interface Catalogue {
  /** IANA. */
  timeZone: string;
  weekStart: string;
  /** `sample` 1: its answers are invented. */
  touchpoints: { ref: number; name: string; sample: number }[];
  surveys: SurveyRow[];
  /** Breakdowns that have counted every response. `full`: new values are counted as `(other)`. */
  breakdowns: { ref: number; dimension: string; full: number }[];
  /** Days since 1970 UTC: when the first response at these touchpoints was given; null: none. */
  firstDay: number | null;
  /** Whether any impression was noted. Without impressions there is no response rate. */
  seen: boolean;
}

/**
 * Includes archived surveys and touchpoints, whose responses still count in scores. `names` null: all touchpoints, those of
 * the sample data only where nothing adds them up with others (`apart`).
 */
export async function readCatalogue(
  db: Database,
  workspace: number,
  names: readonly string[] | null,
  apart = false,
): Promise<Catalogue> {
  // Named touchpoints are looked up by name. One statement for both cases, with `?2 IS NULL OR …`, would scan all.
  const named = names ? "AND name IN (SELECT value FROM json_each(?2))" : apart ? "" : "AND sample = 0";
  const values = [workspace, ...(names ? [JSON.stringify(names)] : [])];
  const found = await db.together<{
    settings: Pick<Catalogue, "timeZone" | "weekStart">;
    touchpoints: Catalogue["touchpoints"][number];
    surveys: SurveyRow;
    breakdowns: Catalogue["breakdowns"][number];
    first: { day: number | null; seen: number };
  }>({
    settings: {
      sql: "SELECT time_zone AS timeZone, week_start AS weekStart FROM workspaces WHERE ref = ?1",
      values: [workspace],
    },
    touchpoints: {
      sql: `SELECT ref, name, sample FROM touchpoints WHERE workspace_ref = ?1 ${named} ORDER BY name`,
      values,
    },
    surveys: {
      sql: `SELECT ${surveyColumns} FROM surveys WHERE workspace_ref = ?1 ORDER BY id`,
      values: [workspace],
    },
    breakdowns: {
      sql: `SELECT ref, dimension, listed = 1 OR (SELECT COUNT(*) FROM breakdown_values WHERE breakdown_ref = breakdowns.ref) >= ${maxValues + 2} AS full
        FROM breakdowns WHERE workspace_ref = ?1 AND counted_to IS NULL AND removed_at IS NULL`,
      values: [workspace],
    },
    first: {
      sql: `SELECT MIN((SELECT day FROM rating_counts AS counts WHERE counts.workspace_ref = ?1
          AND counts.touchpoint_ref = touchpoints.ref AND value_ref = 0 ORDER BY day LIMIT 1)) AS day,
          MAX(EXISTS (SELECT 1 FROM impression_counts AS impressions WHERE impressions.workspace_ref = ?1
            AND impressions.touchpoint_ref = touchpoints.ref)) AS seen
        FROM touchpoints WHERE workspace_ref = ?1 ${named}`,
      values,
    },
  });
  const { timeZone, weekStart } = found.settings[0] ?? { timeZone: "UTC", weekStart: "monday" };
  const { touchpoints, surveys, breakdowns } = found;
  const [first] = found.first;
  const places = { touchpoints, firstDay: first?.day ?? null, seen: Boolean(first?.seen) };
  return { timeZone, weekStart, surveys, breakdowns, ...places };
}

/** Those of the values that the breakdown counts by themselves. */
export const countedValues = (
  db: Database,
  breakdown: number,
  values: readonly string[],
): Promise<{ value: string }[]> =>
  db.all(
    "SELECT value FROM breakdown_values WHERE breakdown_ref = ?1 AND value IN (SELECT value FROM json_each(?2))",
    breakdown,
    JSON.stringify(values),
  );
