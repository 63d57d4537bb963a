import { dayMs } from "../../shared/time/durations.ts";
import type { Database } from "../db/database.ts";
import { blockDays, countedValueRef, counters, eachCounter, isSettled } from "./schema.ts";
import { cellKey, counted, setCells, talliesIn, talliesOf } from "./tallies.ts";
import { breakdownsOf } from "./triggers.ts";

/**
 * Compares the roll-up with a recount of the responses, and repairs it. Each statement sees one moment, so it is exact
 * beside concurrent writers. It binds only whole numbers, so it can also be sent as finished text.
 */

/** A database, or anything that reaches one. */
export type Queryable = Pick<Database, "all">;

/** A workspace and a day from which to continue. */
export interface Place {
  workspace: number;
  /** Days since 1970-01-01 UTC. */
  day: number;
}

/** What is compared at once: days of a workspace, half-open, and the blocks that end in them. */
export interface Shard {
  workspace: number;
  from: number;
  to: number;
}

/** The end of ECMAScript's time range, so that cells on impossible days are found too. */
export const lastDay = 100_000_000;

/** Comes before all shards. */
export const beginning: Place = { workspace: 0, day: -lastDay };

export const after = ({ workspace, to }: Shard): Place => ({ workspace, day: to });

/** The next days with at most `responses` responses, or one day that has more. null: there are no more. */
export async function nextShard(
  db: Queryable,
  { workspace, day }: Place,
  responses: number,
): Promise<Shard | null> {
  const [shard] = await db.all<Shard>(
    `SELECT workspace, "from", COALESCE(
       (SELECT MAX("from" + 1, answered_at / ${dayMs}) FROM responses WHERE workspace_ref = workspace AND answered_at >= "from" * ${dayMs}
        ORDER BY answered_at LIMIT 1 OFFSET ?3), ${lastDay}) AS "to"
     FROM (SELECT ref AS workspace, IIF(ref = ?1, ?2, ${-lastDay}) AS "from" FROM workspaces
       WHERE ref > ?1 OR (ref = ?1 AND ?2 < ${lastDay}) ORDER BY ref LIMIT 1)`,
    workspace,
    day,
    responses,
  );
  return shard ?? null;
}

const inShard = `responses.workspace_ref = ?1 AND answered_at >= ?2 * ${dayMs} AND answered_at < ?3 * ${dayMs}`;

// Skips through the key: one seek for each touchpoint and value, known or not, instead of reading every day's cell.
// Cells of a breakdown that is being removed belong to nobody.
const heldIn = (table: "rating_counts" | "block_counts", condition: string) => `
  ${table}_slices (slice) AS (SELECT json_array(-1, -1) UNION ALL
    SELECT (SELECT json_array(touchpoint_ref, value_ref) FROM ${table} WHERE workspace_ref = ?1
      AND (touchpoint_ref, value_ref) > (slice ->> 0, slice ->> 1) ORDER BY touchpoint_ref, value_ref LIMIT 1)
    FROM ${table}_slices WHERE slice IS NOT NULL),
  held_${table} AS MATERIALIZED (SELECT counts.* FROM ${table}_slices CROSS JOIN ${table} AS counts
    ON counts.workspace_ref = ?1 AND counts.touchpoint_ref = slice ->> 0 AND counts.value_ref = slice ->> 1 AND ${condition}
    WHERE value_ref NOT IN (SELECT breakdown_values.ref FROM breakdown_values JOIN breakdowns ON breakdowns.ref = breakdown_ref
      WHERE workspace_ref = ?1 AND removed_at IS NOT NULL))`;

// Bound numbers are REAL, whose division would not round.
const blockAt = (day: string) => `CAST(${day} AS INTEGER) / ${blockDays}`;
const firstOfBlock = `day / ${blockDays} * ${blockDays}`;
const blockKey = `workspace_ref, touchpoint_ref, value_ref, ${firstOfBlock} AS day, survey_ref, channel, exclusion`;
const settled = `FROM held_rating_counts WHERE day < ${blockAt("?3")} * ${blockDays} AND ${isSettled(`day / ${blockDays}`, "touchpoint_ref")}`;
const ofItsDays = "(SELECT * FROM held_rating_counts WHERE day >= ?2)";

/** The counters of the table's columns, one in each row. */
const each = (key: string, from: string) =>
  `(SELECT ${key}, CAST(ratings.key AS TEXT) AS rating, ratings.value AS n
    FROM (${from}) CROSS JOIN json_each(json_array(${counters.join(", ")})) AS ratings)`;

const differing = `
  ${heldIn("rating_counts", `day >= ${blockAt("?2")} * ${blockDays} AND day < ?3`)},
  ${heldIn("block_counts", `block >= ${blockAt("?2")} AND block < ${blockAt("?3")}`)},
  expected AS MATERIALIZED (${talliesOf(
    `SELECT ${counted("responses", "0")} FROM responses WHERE ${inShard} UNION ALL
     SELECT ${counted("responses", countedValueRef("responses"))} FROM responses CROSS JOIN ${breakdownsOf("responses")} AND ${inShard}`,
  )}),
  wanted AS (
    SELECT ${cellKey}, 1 AS days, NULL AS hour, NULL AS quarter, rating, n FROM expected
    UNION ALL SELECT ${cellKey}, 1, hour, quarter, rating, n FROM expected
    UNION ALL SELECT ${cellKey}, ${blockDays}, NULL, NULL, rating, n FROM ${each(blockKey, `SELECT * ${settled}`)}),
  found AS (
    SELECT ${cellKey}, 1 AS days, NULL AS hour, NULL AS quarter, rating, n FROM ${each(cellKey, ofItsDays)}
    UNION ALL SELECT ${cellKey}, 1, hour, quarter, rating, n FROM (${talliesIn(ofItsDays)})
    UNION ALL SELECT ${cellKey}, ${blockDays}, NULL, NULL, rating, n
      FROM ${each(cellKey, `SELECT *, block * ${blockDays} AS day FROM held_block_counts`)}),
  differing AS MATERIALIZED (
    SELECT ${cellKey}, days, hour, quarter, rating, SUM(wanted) AS wanted, SUM(found) AS found
    FROM (SELECT *, n AS wanted, 0 AS found FROM wanted UNION ALL SELECT *, 0, n FROM found)
    GROUP BY ${cellKey}, days, hour, quarter, rating HAVING SUM(wanted) <> SUM(found))`;

/** A wrong counter: of a cell (total or quarter-hour) against the responses, or of a block against its cells. */
export interface Difference {
  /** The name where there is one, otherwise the ref. */
  touchpoint: string | number;
  survey: string | number;
  /** null: the cell of all responses. */
  dimension: string | null;
  value: string | number;
  /** The first day of the cell or block. */
  day: number;
  /** 1: a cell; otherwise a block. */
  days: number;
  channel: string;
  exclusion: string;
  /** null: the total. */
  hour: string | null;
  quarter: string | null;
  rating: string;
  /** The right value of the counter, and the one that was found. */
  wanted: number;
  found: number;
  /** The number of differing counters in the shard. The first 1,000 are listed. */
  total: number;
}

/** The counters of a shard that differ; [] when it is exact. */
export const differences = (db: Queryable, { workspace, from, to }: Shard): Promise<Difference[]> =>
  db.all(
    `WITH RECURSIVE ${differing}
     SELECT COALESCE(touchpoints.name, touchpoint_ref) AS touchpoint, COALESCE(surveys.id, differing.survey_ref) AS survey, dimension,
       COALESCE(value, value_ref) AS value, day, days, channel, exclusion, hour, quarter, rating, wanted, found,
       COUNT(*) OVER () AS total
     FROM differing LEFT JOIN touchpoints ON touchpoints.ref = touchpoint_ref LEFT JOIN surveys ON surveys.ref = differing.survey_ref
       LEFT JOIN breakdown_values ON breakdown_values.ref = value_ref LEFT JOIN breakdowns ON breakdowns.ref = breakdown_ref
     ORDER BY day, touchpoint_ref, value_ref, hour, quarter LIMIT 1000`,
    workspace,
    from,
    to,
  );

/** Repairs the differing cells of a shard from the responses, then the differing blocks from their cells. */
export async function repairShard(db: Queryable, { workspace, from, to }: Shard): Promise<void> {
  const repair = (days: number, write: string) =>
    db.all(
      `WITH RECURSIVE ${differing}, wrong AS MATERIALIZED (SELECT DISTINCT ${cellKey} FROM differing WHERE days = ${days}) ${write}`,
      workspace,
      from,
      to,
    );
  // A cell without responses, or a block without cells, is left with zeros.
  await repair(
    1,
    setCells(
      `SELECT * FROM expected WHERE (${cellKey}) IN (SELECT ${cellKey} FROM wrong) UNION ALL SELECT *, '0', '0', '0', 0 FROM wrong`,
    ),
  );
  await repair(
    blockDays,
    `INSERT INTO block_counts (${cellKey.replace("day", "block")}, ${counters.join(", ")})
     SELECT ${cellKey.replace("day", `day / ${blockDays}`)}, ${eachCounter((name) => `SUM(${name})`)} FROM (
       SELECT ${cellKey}, ${eachCounter((name) => `0 AS ${name}`)} FROM wrong
       UNION ALL SELECT * FROM (SELECT ${blockKey}, ${counters.join(", ")} ${settled}) WHERE (${cellKey}) IN (SELECT ${cellKey} FROM wrong)
     ) GROUP BY ${cellKey}
     ON CONFLICT DO UPDATE SET ${eachCounter((name) => `${name} = excluded.${name}`)}`,
  );
}
