import { countedValueRef, counters, dayMs } from "./cells.ts";
import { counting } from "./counting.ts";
import type { Database } from "./database.ts";
import { cellKey, counted, setCells, talliesIn, talliesOf } from "./tallies.ts";

/**
 * Compares the roll-up with a recount of the responses, and makes it right. Each statement sees one moment, so that it is
 * exact beside writers, and binds nothing but whole numbers, so that it can also be sent as a finished text.
 */

/** What can be asked: a database, or whatever reaches one. */
export type Asked = Pick<Database, "all">;

/** A workspace and a day, from which to go on. */
export interface Place {
  workspace: number;
  /** Days since 1970-01-01 UTC. */
  day: number;
}

/** What is compared at once: the days of a workspace, half-open. */
export interface Shard {
  workspace: number;
  from: number;
  to: number;
}

/** As far as ECMAScript's time reaches, so that cells on days that cannot be are found too. */
export const lastDay = 100_000_000;

/** Before all shards. */
export const beginning: Place = { workspace: 0, day: -lastDay };

export const after = ({ workspace, to }: Shard): Place => ({ workspace, day: to });

/** The next whole days of some `responses`, or the one day that holds more. null: that was all. */
export async function nextShard(
  db: Asked,
  { workspace, day }: Place,
  responses: number,
): Promise<Shard | null> {
  const [shard] = await db.all<Shard>(
    `SELECT workspace, "from", COALESCE(
       (SELECT answered_at / ${dayMs} + 1 FROM responses WHERE workspace_ref = workspace AND answered_at >= "from" * ${dayMs}
        ORDER BY answered_at LIMIT 1 OFFSET ?3), ${lastDay}) AS "to"
     FROM (SELECT ref AS workspace, IIF(ref = ?1, ?2, ${-lastDay}) AS "from" FROM workspaces
       WHERE ref > ?1 OR (ref = ?1 AND ?2 < ${lastDay}) ORDER BY ref LIMIT 1)`,
    ...[workspace, day, responses - 1],
  );
  return shard ?? null;
}

const inShard = `responses.workspace_ref = ?1 AND answered_at >= ?2 * ${dayMs} AND answered_at < ?3 * ${dayMs}`;

// A skip through the key: one seek for each touchpoint and value, known or not, and not a read of every day's cell.
const slices = `slices (slice) AS (SELECT json_array(-1, -1) UNION ALL
  SELECT (SELECT json_array(touchpoint_ref, value_ref) FROM rating_counts WHERE workspace_ref = ?1
    AND (touchpoint_ref, value_ref) > (slice ->> 0, slice ->> 1) ORDER BY touchpoint_ref, value_ref LIMIT 1)
  FROM slices WHERE slice IS NOT NULL)`;

const differing = `
  ${slices},
  expected AS MATERIALIZED (${talliesOf(
    `SELECT ${counted("responses", "0")} FROM responses WHERE ${inShard} UNION ALL
     SELECT ${counted("responses", countedValueRef("responses"))} FROM responses CROSS JOIN ${counting("responses")} AND ${inShard}`,
  )}),
  cells AS MATERIALIZED (
    SELECT counts.* FROM slices CROSS JOIN rating_counts AS counts ON counts.workspace_ref = ?1
      AND counts.touchpoint_ref = slice ->> 0 AND counts.value_ref = slice ->> 1 AND day >= ?2 AND day < ?3
    WHERE value_ref NOT IN (SELECT breakdown_values.ref FROM breakdown_values JOIN breakdowns ON breakdowns.ref = breakdown_ref
      WHERE workspace_ref = ?1 AND removed_at IS NOT NULL)),
  differing AS MATERIALIZED (
    SELECT ${cellKey}, hour, quarter, rating, SUM(by_rows) AS by_rows, SUM(by_counts) AS by_counts FROM (
      SELECT ${cellKey}, NULL AS hour, NULL AS quarter, rating, n AS by_rows, 0 AS by_counts FROM expected
      UNION ALL SELECT ${cellKey}, NULL, NULL, CAST(ratings.key AS TEXT), 0, ratings.value
        FROM cells CROSS JOIN json_each(json_array(${counters.join(", ")})) AS ratings
      UNION ALL SELECT *, 0 FROM expected
      UNION ALL SELECT ${cellKey}, hour, quarter, rating, 0, n FROM (${talliesIn("cells")})
    ) GROUP BY ${cellKey}, hour, quarter, rating HAVING SUM(by_rows) <> SUM(by_counts))`;

/** A counter that is not what the responses say: a cell's for a rating, or for a rating in a quarter-hour. */
export interface Difference {
  /** Names where there are some, and otherwise refs. */
  touchpoint: string | number;
  survey: string | number;
  /** null: of all responses. */
  dimension: string | null;
  value: string | number;
  day: number;
  channel: string;
  exclusion: string;
  /** null: of the whole day. */
  hour: string | null;
  quarter: string | null;
  rating: string;
  rows: number;
  counts: number;
  /** Differing counters of the shard, of which the first 1,000 are listed. */
  total: number;
}

/** The counters of a shard that differ; none when it is exact. */
export const differences = (db: Asked, { workspace, from, to }: Shard): Promise<Difference[]> =>
  db.all(
    `WITH RECURSIVE ${differing}
     SELECT COALESCE(touchpoints.name, touchpoint_ref) AS touchpoint, COALESCE(surveys.id, differing.survey_ref) AS survey, dimension,
       COALESCE(value, value_ref) AS value, day, channel, exclusion, hour, quarter, rating, by_rows AS "rows",
       by_counts AS "counts", COUNT(*) OVER () AS total
     FROM differing LEFT JOIN touchpoints ON touchpoints.ref = touchpoint_ref LEFT JOIN surveys ON surveys.ref = differing.survey_ref
       LEFT JOIN breakdown_values ON breakdown_values.ref = value_ref LEFT JOIN breakdowns ON breakdowns.ref = breakdown_ref
     ORDER BY day, touchpoint_ref, value_ref, hour, quarter LIMIT 1000`,
    ...[workspace, from, to],
  );

/** Makes the differing cells of a shard what the responses say; one that no response is in counts none. */
export async function repairShard(db: Asked, { workspace, from, to }: Shard): Promise<void> {
  await db.all(
    `WITH RECURSIVE ${differing}, wrong AS MATERIALIZED (SELECT DISTINCT ${cellKey} FROM differing)
     ${setCells(
       `SELECT * FROM expected WHERE (${cellKey}) IN (SELECT ${cellKey} FROM wrong) UNION ALL SELECT *, '0', '0', '0', 0 FROM wrong`,
     )}`,
    ...[workspace, from, to],
  );
}
