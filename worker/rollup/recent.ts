import { dayMs, hourMs, quarterMs } from "../../shared/time/durations.ts";
import type { Database } from "../db/database.ts";
import { fromJson, type Json } from "../db/json.ts";
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

interface Cell {
  ref: number;
  day: number;
  /** Counts by hour, quarter-hour and rating. */
  quarters: Json<Record<string, Record<string, Record<string, number>>>>;
}

/** When the newest quarter-hour begins that counts anything, unix ms. */
function newestQuarter(cells: readonly Cell[]): number {
  const begins = cells.flatMap(({ day, quarters }) =>
    Object.entries(fromJson(quarters)).flatMap(([hour, ofHour]) =>
      Object.entries(ofHour)
        .filter(([, ratings]) => Object.values(ratings).some((count) => count > 0))
        .map(([quarter]) => day * dayMs + Number(hour) * hourMs + Number(quarter) * quarterMs),
    ),
  );
  return Math.max(...begins);
}

const countedIn = (cells: string) =>
  `${cells}.workspace_ref = ?1 AND ${cells}.touchpoint_ref = ref AND ${cells}.value_ref = 0 AND ${cells}.exclusion = ''`;

/**
 * When the newest counted response at a touchpoint was answered, unix ms; null: there is none, or no such touchpoint. The roll-up
 * names its quarter-hour. No index knows whose the rows of a quarter-hour are: they are read from the newest on until one is the
 * touchpoint's.
 */
export async function lastAnswered(
  db: Database,
  workspace: number,
  touchpoint: string,
): Promise<number | null> {
  // Twice: before it is read, what was found may be excluded or erased.
  for (let tries = 0; tries < 2; tries += 1) {
    const cells = await db.all<Cell>(
      `SELECT ref, day, json(quarters) AS quarters
       FROM touchpoints CROSS JOIN rating_counts AS counts ON ${countedIn("counts")} AND day = (
         SELECT day FROM rating_counts AS newest WHERE ${countedIn("newest")} AND ${counters.join(" + ")} > 0
         ORDER BY day DESC LIMIT 1)
       WHERE touchpoints.workspace_ref = ?1 AND name = ?2`,
      workspace,
      touchpoint,
    );
    const [first] = cells;
    if (!first) return null;
    const begins = newestQuarter(cells);
    const row = await db.first<{ at: number }>(
      `SELECT answered_at AS at FROM responses
       WHERE workspace_ref = ?1 AND touchpoint_ref = ?2 AND answered_at >= ?3 AND answered_at < ?4 AND exclusion = ''
       ORDER BY answered_at DESC LIMIT 1`,
      workspace,
      first.ref,
      begins,
      begins + quarterMs,
    );
    if (row) return row.at;
  }
  return null;
}
