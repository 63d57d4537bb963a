import { dayMs, hourMs } from "../../shared/time/durations.ts";
import type { Database } from "../db/database.ts";
import { counters } from "./schema.ts";

/**
 * Today's counts (UTC), in its first hour also yesterday's, as text to compare. While the text stays the same, nothing
 * new was answered just now. One row for each touchpoint and cell; `touchpoints` null: all.
 */
export async function recentCounts(
  db: Database,
  workspace: number,
  touchpoints: readonly string[] | null,
  now: number,
): Promise<string> {
  const row = await db.first<{ counts: string }>(
    `SELECT json_group_array(json_array(touchpoint_ref, day, survey, channel, exclusion, ${counters.join(", ")})) AS counts
     FROM (SELECT counts.survey_ref AS survey, * FROM touchpoints CROSS JOIN rating_counts AS counts
       ON counts.workspace_ref = ?1 AND touchpoint_ref = ref AND value_ref = 0 AND day >= ?2
       WHERE touchpoints.workspace_ref = ?1 ${touchpoints ? "AND name IN (SELECT value FROM json_each(?3))" : ""})`,
    workspace,
    Math.floor((now - hourMs) / dayMs),
    ...(touchpoints ? [JSON.stringify(touchpoints)] : []),
  );
  return row?.counts ?? "";
}
