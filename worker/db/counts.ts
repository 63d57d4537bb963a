import { HIGHEST_RATING } from "../../shared/kinds.ts";
import type { Database, Statement } from "./database.ts";

/** Rating counts of one touchpoint, survey, channel and exclusion ('' is counted). */
export interface CountRow {
  touchpoint: string;
  survey: string;
  channel: string;
  exclusion: string;
  /** Indexed by rating, 0 to 10. */
  counts: number[];
}

export const dayMs = 86_400_000;
export const quarterMs = 900_000;
const quartersPerDay = dayMs / quarterMs;

type Counter = `r${number}`;
const counters = Array.from({ length: HIGHEST_RATING + 1 }, (_, rating): Counter => `r${rating}`);
const eachCounter = (write: (counter: string, rating: number) => string) => counters.map(write).join(", ");
const cell = "workspace_ref, touchpoint_ref, day, survey_ref, channel, exclusion";

/** Within json_each of the moved quarter-hours: what one of them then holds of a rating. */
const slotSum = (_: string, rating: number) =>
  `(value ->> ${rating}) + COALESCE(old.quarters ->> ('$.' || key || '[${rating}]'), 0)`;

/**
 * SQL that applies moves to the roll-up. `moves` selects the columns workspace_ref, touchpoint_ref, survey_ref, channel,
 * exclusion, answered_at, rating and step (+1 or -1), and must run before the rows change, in the same transaction.
 * The new counters are written as absolute values: a proposed row of -1 would trip the CHECK that guards the table.
 * Refused: triggers. They would count every writer, but a trigger's body is what remote migrations were seen to split.
 */
export const applyMoves = (moves: string): string => `
WITH moves AS (${moves}),
slots AS (
  SELECT workspace_ref, touchpoint_ref, CAST(answered_at / ${dayMs} AS INTEGER) AS day, survey_ref, channel, exclusion,
    CAST(CAST(answered_at % ${dayMs} / ${quarterMs} AS INTEGER) AS TEXT) AS slot,
    ${eachCounter((name, rating) => `SUM(step * (rating = ${rating})) AS ${name}`)}
  FROM moves GROUP BY 1, 2, 3, 4, 5, 6, 7
),
cells AS (
  SELECT ${cell}, ${eachCounter((name) => `SUM(${name}) AS ${name}`)},
    json_group_object(slot, json_array(${counters.join(", ")})) AS quarters
  FROM slots GROUP BY 1, 2, 3, 4, 5, 6
)
INSERT INTO rating_counts (${cell}, ${counters.join(", ")}, quarters)
SELECT ${cell}, ${eachCounter((name) => `cells.${name} + COALESCE(old.${name}, 0)`)},
  CASE WHEN old.quarters IS NULL THEN cells.quarters ELSE json_patch(old.quarters, (
    SELECT json_group_object(key, json_array(${eachCounter(slotSum)})) FROM json_each(cells.quarters)
  )) END
FROM cells LEFT JOIN rating_counts AS old USING (${cell})
WHERE true
ON CONFLICT (${cell}) DO UPDATE SET ${eachCounter((name) => `${name} = excluded.${name}`)}, quarters = excluded.quarters`;

export interface CountFilter {
  /** Unix ms, half-open. */
  from: number;
  to: number;
  /** Public ids or names; null: all. */
  touchpoint: string | null;
  survey: string | null;
  channel: string | null;
}

const sums = (of: (counter: string, rating: number) => string) =>
  eachCounter((name, rating) => `SUM(${of(name, rating)}) AS ${name}`);
const rated = sums((_, rating) => `rating = ${rating}`);
const group = "touchpoint_ref, survey_ref, channel, exclusion";

// A period is cut into whole UTC days (the counters), the whole quarter-hours of the days at its ends (`quarters`) and
// what is left of a quarter-hour (rows, through the index): exact for any instant, and cheap whatever the number of
// responses. One statement, so that all three parts show the same moment. CROSS JOIN keeps the order that seeks. A day's
// row stays when its last response leaves it: HAVING drops it.
const countsSql = `
WITH asked AS (
  SELECT ref, name FROM touchpoints WHERE workspace_ref = ?1 AND (?2 IS NULL OR name = ?2)
),
parts AS (
  SELECT counts.touchpoint_ref, survey_ref, channel, exclusion, ${sums((name) => name)}
  FROM asked CROSS JOIN rating_counts AS counts
    ON counts.workspace_ref = ?1 AND counts.touchpoint_ref = asked.ref AND day >= ?5 AND day < ?6
  GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT counts.touchpoint_ref, survey_ref, channel, exclusion, ${sums((_, rating) => `quarter.value ->> ${rating}`)}
  FROM asked CROSS JOIN rating_counts AS counts
    ON counts.workspace_ref = ?1 AND counts.touchpoint_ref = asked.ref AND day IN (?7, ?8)
  CROSS JOIN json_each(counts.quarters) AS quarter
  WHERE day * ${quartersPerDay} + quarter.key >= ?9 AND day * ${quartersPerDay} + quarter.key < ?10
  GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT ${group}, ${rated} FROM responses CROSS JOIN asked ON asked.ref = touchpoint_ref
  WHERE workspace_ref = ?1 AND answered_at >= ?11 AND answered_at < ?12
  GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT ${group}, ${rated} FROM responses CROSS JOIN asked ON asked.ref = touchpoint_ref
  WHERE workspace_ref = ?1 AND answered_at >= ?13 AND answered_at < ?14
  GROUP BY 1, 2, 3, 4
)
SELECT touchpoints.name AS touchpoint, surveys.id AS survey, channel, exclusion, ${sums((name) => name)}
FROM parts JOIN touchpoints ON touchpoints.ref = parts.touchpoint_ref JOIN surveys ON surveys.ref = parts.survey_ref
WHERE (?3 IS NULL OR surveys.id = ?3) AND (?4 IS NULL OR channel = ?4)
GROUP BY 1, 2, 3, 4
HAVING SUM(${counters.join(" + ")}) > 0`;

/** Where the three parts of a period begin and end. A part that does not occur is empty (it ends where it begins). */
export function cutPeriod(from: number, to: number) {
  const firstQuarter = Math.ceil(from / quarterMs);
  const lastQuarter = Math.floor(to / quarterMs);
  // The whole period lies inside one quarter-hour: rows alone.
  if (firstQuarter > lastQuarter) {
    return { days: [0, 0], ends: [-1, -1], quarters: [0, 0], head: [from, to], tail: [0, 0] } as const;
  }
  const head = [from, firstQuarter * quarterMs] as const;
  const tail = [lastQuarter * quarterMs, to] as const;
  const firstDay = Math.ceil(firstQuarter / quartersPerDay);
  const lastDay = Math.floor(lastQuarter / quartersPerDay);
  const startDay = Math.floor(firstQuarter / quartersPerDay);
  const days = [firstDay, Math.max(firstDay, lastDay)] as const;
  // A day whose every quarter-hour is inside is among `days`, and must not be counted a second time.
  const endsWithin = lastDay >= firstDay && lastQuarter > lastDay * quartersPerDay;
  const ends = [startDay < firstDay ? startDay : -1, endsWithin ? lastDay : -1] as const;
  return { days, ends, quarters: [firstQuarter, lastQuarter] as const, head, tail };
}

/** Counts by touchpoint, survey, channel and exclusion in a period; nothing answers an empty list. */
export async function ratingCounts(
  db: Database,
  workspace: number,
  filter: CountFilter,
): Promise<CountRow[]> {
  const { days, ends, quarters, head, tail } = cutPeriod(filter.from, filter.to);
  const { touchpoint, survey, channel } = filter;
  const rows = await db.all<Omit<CountRow, "counts"> & Record<Counter, number>>(
    countsSql,
    ...[workspace, touchpoint, survey, channel, ...days, ...ends, ...quarters, ...head, ...tail],
  );
  return rows.map((row) => ({
    touchpoint: row.touchpoint,
    survey: row.survey,
    channel: row.channel,
    exclusion: row.exclusion,
    counts: counters.map((name) => row[name] ?? 0),
  }));
}

/** Adds one to what was seen at a touchpoint today. */
export async function countImpression(
  db: Database,
  workspace: number,
  seen: { touchpointRef: number; surveyRef: number; channel: string; now: number },
): Promise<void> {
  const statement: Statement = {
    sql: `INSERT INTO impression_counts (workspace_ref, touchpoint_ref, day, survey_ref, channel, seen)
      VALUES (?1, ?2, ?3, ?4, ?5, 1) ON CONFLICT DO UPDATE SET seen = seen + 1`,
    values: [workspace, seen.touchpointRef, Math.floor(seen.now / dayMs), seen.surveyRef, seen.channel],
  };
  await db.once(statement);
}
