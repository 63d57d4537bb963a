import { maxValues } from "../../shared/contract/breakdowns.ts";
import { type Act, noteAct } from "../audit/db/entries.ts";
import type { Database, Statement } from "../db/database.ts";
import { wakeJob } from "../db/due-jobs.ts";
import {
  blockDays,
  countedValueRef,
  counters,
  dimensionValue,
  eachCounter,
  isErasedValue,
  isSettled,
  noValue,
  otherValues,
} from "./schema.ts";
import { cellKey, counted, setCells, talliesIn, talliesOf } from "./tallies.ts";

export const maxBreakdowns = 10;
/** A job of worker/scheduled.ts. It continues what is unfinished. */
export const breakdownsJob = "breakdowns";

export interface BreakdownRow {
  dimension: string;
  /** 0: responses from before its declaration are still to be counted. */
  ready: number;
  /** Responses that the backfill has counted. */
  counted: number;
  /** Responses that the backfill has to count. While it runs, these are all responses. */
  total: number;
  /** The number of values that are counted by themselves. */
  values: number;
  /** 1: its owner listed the values; 0: they are learnt. */
  listed: number;
  createdAt: number;
  /** Unix ms: its counts are being removed. null: in use. */
  removedAt: number | null;
}

const responsesOfAll = `(SELECT SUM(${counters.join(" + ")}) FROM touchpoints CROSS JOIN rating_counts AS counts
    ON counts.workspace_ref = ?1 AND counts.touchpoint_ref = touchpoints.ref AND value_ref = 0
  WHERE touchpoints.workspace_ref = ?1)`;
const columns = `dimension, counted_to IS NULL AS ready, counted,
  IIF(counted_to IS NULL, counted, MAX(counted, COALESCE(${responsesOfAll}, 0))) AS total,
  (SELECT COUNT(*) FROM breakdown_values WHERE breakdown_ref = breakdowns.ref AND NOT ${isErasedValue}) - 2 AS "values", listed,
  created_at AS createdAt, removed_at AS removedAt`;

/** The breakdowns in use, oldest first. */
export const listBreakdowns = (db: Database, workspace: number): Promise<BreakdownRow[]> =>
  db.all(
    `SELECT ${columns} FROM breakdowns WHERE workspace_ref = ?1 AND removed_at IS NULL ORDER BY ref`,
    workspace,
  );

/** null: absent, or being removed. */
export const findBreakdown = (
  db: Database,
  workspace: number,
  dimension: string,
): Promise<BreakdownRow | null> =>
  db.first(
    `SELECT ${columns} FROM breakdowns WHERE workspace_ref = ?1 AND dimension = ?2 AND removed_at IS NULL`,
    workspace,
    dimension,
  );

/**
 * Declares the breakdown of a dimension. It may be new, in use, or being removed. `agrees`: whether it counts exactly
 * the given `values` by themselves; without any, it learns them. null: the workspace has the maximum already.
 */
export async function declareBreakdown(
  db: Database,
  workspace: number,
  dimension: string,
  now: number,
  values: readonly string[] | null = null,
  act: Act | null = null,
): Promise<{ created: boolean; breakdown: BreakdownRow; agrees: boolean } | null> {
  const ofDimension = "workspace_ref = ?1 AND dimension = ?2";
  const list = JSON.stringify(values ?? []);
  const [created, , , found, listed] = await db.batch<BreakdownRow & { value: string }>([
    {
      sql: `INSERT INTO breakdowns (workspace_ref, dimension, counted_to, created_at, listed) SELECT ?1, ?2, '', ?3, ?4
        WHERE (SELECT COUNT(*) FROM breakdowns WHERE workspace_ref = ?1 AND removed_at IS NULL) < ${maxBreakdowns}
        ON CONFLICT DO NOTHING RETURNING dimension`,
      values: [workspace, dimension, now, Number(values !== null)],
    },
    {
      sql: `INSERT INTO breakdown_values (breakdown_ref, value)
        SELECT ref, value FROM breakdowns CROSS JOIN (SELECT '${noValue}' AS value UNION ALL SELECT '${otherValues}')
        WHERE ${ofDimension} AND removed_at IS NULL ON CONFLICT DO NOTHING`,
      values: [workspace, dimension],
    },
    {
      // Only where there is no list yet: the first list stands.
      sql: `INSERT INTO breakdown_values (breakdown_ref, value)
        SELECT breakdowns.ref, value FROM breakdowns CROSS JOIN json_each(?3) WHERE ${ofDimension} AND removed_at IS NULL AND listed = 1
          AND (SELECT COUNT(*) FROM breakdown_values WHERE breakdown_ref = breakdowns.ref) = 2
        ON CONFLICT DO NOTHING`,
      values: [workspace, dimension, list],
    },
    { sql: `SELECT ${columns} FROM breakdowns WHERE ${ofDimension}`, values: [workspace, dimension] },
    {
      sql: `SELECT value FROM breakdown_values WHERE value IN (SELECT value FROM json_each(?3))
        AND breakdown_ref = (SELECT ref FROM breakdowns WHERE ${ofDimension} AND listed = 1)`,
      values: [workspace, dimension, list],
    },
    wakeJob(breakdownsJob, now),
    ...noteAct(
      act,
      {},
      `EXISTS (SELECT 1 FROM breakdowns WHERE ${ofDimension} AND created_at = ?3 AND removed_at IS NULL)`,
      [workspace, dimension, now],
    ),
  ]);
  const breakdown = found?.[0];
  if (!breakdown) return null;
  const agrees = values === null || [values.length, breakdown.values].every((n) => n === listed?.length);
  return { created: created?.length === 1, breakdown, agrees };
}

/** Stops counting by it from now on. Its counts are removed in chunks. */
export async function removeBreakdown(
  db: Database,
  workspace: number,
  dimension: string,
  now: number,
  act: Act | null = null,
): Promise<void> {
  const its = "workspace_ref = ?1 AND dimension = ?2 AND removed_at IS NULL";
  await db.batch([
    ...noteAct(act, {}, `EXISTS (SELECT 1 FROM breakdowns WHERE ${its})`, [workspace, dimension]),
    {
      sql: `UPDATE breakdowns SET removed_at = ?3 WHERE ${its}`,
      values: [workspace, dimension, now],
    },
    wakeJob(breakdownsJob, now),
  ]);
}

// The next responses of the breakdown ?1, at most ?2; none once all are counted or while it is being removed.
const chunk = `(SELECT * FROM responses WHERE workspace_ref = (SELECT workspace_ref FROM breakdowns WHERE ref = ?1)
  AND id > (SELECT counted_to FROM breakdowns WHERE ref = ?1 AND removed_at IS NULL) ORDER BY id LIMIT ?2) AS chunk`;
const chunkOfBreakdown = `breakdowns CROSS JOIN ${chunk} WHERE breakdowns.ref = ?1`;

/** The newest responses, whose most frequent values are learnt first: the earliest may be a stranger's junk. */
const sampleSize = 50_000;
const newest = `(SELECT * FROM responses WHERE workspace_ref = (SELECT workspace_ref FROM breakdowns WHERE ref = ?1 AND counted_to = '')
  ORDER BY answered_at DESC LIMIT ${sampleSize}) AS newest`;
const valuesIn = (rows: string, from: string) =>
  `SELECT id, exclusion, ${dimensionValue(rows, "dimension")} AS value FROM ${from} AND listed = 0`;

const learnChunk = `
INSERT INTO breakdown_values (breakdown_ref, value)
SELECT ?1, value FROM (SELECT value, SUM(exclusion = '') AS counted, MIN(id) AS first FROM (
    ${valuesIn("newest", `breakdowns CROSS JOIN ${newest} WHERE breakdowns.ref = ?1`)} UNION ${valuesIn("chunk", chunkOfBreakdown)}
  ) GROUP BY value)
WHERE value NOT IN (SELECT value FROM breakdown_values WHERE breakdown_ref = ?1)
ORDER BY counted DESC, first LIMIT MAX(0, ${maxValues + 2} - (SELECT COUNT(*) FROM breakdown_values WHERE breakdown_ref = ?1))`;

const added = talliesOf(`SELECT ${counted("chunk", countedValueRef("chunk"))} FROM ${chunkOfBreakdown}`);
const held = `rating_counts WHERE (${cellKey}) IN (SELECT ${cellKey} FROM added)`;
const addChunk = `WITH added AS MATERIALIZED (${added})
  ${setCells(`SELECT * FROM added UNION ALL ${talliesIn(`(SELECT * FROM ${held})`)}`)}`;

const addBlocks = `
  INSERT INTO block_counts (${cellKey.replace("day", "block")}, ${counters.join(", ")})
  SELECT ${cellKey.replace("day", `day / ${blockDays} AS block`)}, ${eachCounter((_, rating) => `SUM(n * (rating = '${rating}'))`)}
  FROM (${added}) WHERE ${isSettled(`day / ${blockDays}`, "touchpoint_ref")}
  GROUP BY ${cellKey.replace("day", "block")}
  ON CONFLICT DO UPDATE SET ${eachCounter((name) => `${name} = ${name} + excluded.${name}`)}`;

const passChunk = `
UPDATE breakdowns SET counted = counted + passed.n, counted_to = IIF(passed.n < ?2, NULL, passed.last)
FROM (SELECT COUNT(*) AS n, MAX(id) AS last FROM ${chunk}) AS passed
WHERE ref = ?1 AND removed_at IS NULL AND counted_to IS NOT NULL`;

/**
 * Counts the next responses of a breakdown, in one transaction. Whoever else counts, writes or is killed, each response
 * is counted once: by this, or by the triggers once its id is at or before `counted_to`.
 */
export async function countChunk(db: Database, breakdown: number, responses: number): Promise<void> {
  await db.batch(
    [learnChunk, addChunk, addBlocks, passChunk].map(
      (sql): Statement => ({ sql, values: [breakdown, responses] }),
    ),
  );
}

const ofValue = (
  table: "rating_counts" | "block_counts",
) => `touchpoints CROSS JOIN ${table} AS counts ON counts.workspace_ref = touchpoints.workspace_ref
    AND counts.touchpoint_ref = touchpoints.ref AND counts.value_ref = breakdown_values.ref
  WHERE touchpoints.workspace_ref = breakdowns.workspace_ref`;
const removed = "breakdowns.ref = ?1 AND removed_at IS NOT NULL";
const removedValues = `breakdowns JOIN breakdown_values ON breakdown_ref = breakdowns.ref`;

const removeFrom = (table: "rating_counts" | "block_counts", key: string) => `
DELETE FROM ${table} WHERE (${key}) IN (
  SELECT ${key.replaceAll(/\w+/g, "counts.$&")} FROM ${removedValues} CROSS JOIN ${ofValue(table)} AND ${removed} LIMIT ?2)`;

/** Deletes the next blocks and cells of a breakdown that is being removed, then values without any, at last itself. */
export async function removeChunk(db: Database, breakdown: number, cells: number): Promise<void> {
  await db.batch([
    { sql: removeFrom("block_counts", cellKey.replace("day", "block")), values: [breakdown, cells] },
    { sql: removeFrom("rating_counts", cellKey), values: [breakdown, cells] },
    {
      sql: `DELETE FROM breakdown_values WHERE ref IN (
        SELECT breakdown_values.ref FROM ${removedValues} WHERE ${removed} AND NOT EXISTS (SELECT 1 FROM ${ofValue("rating_counts")})
          AND NOT EXISTS (SELECT 1 FROM ${ofValue("block_counts")}))`,
      values: [breakdown],
    },
    {
      sql: `DELETE FROM breakdowns WHERE ${removed} AND NOT EXISTS (SELECT 1 FROM breakdown_values WHERE breakdown_ref = ?1)`,
      values: [breakdown],
    },
  ]);
}

/** A chunk is five queries and some 50 ms of the database's time, in which nobody else can write. */
const chunkSize = 5000;

/** Continues unfinished breakdowns, of all workspaces in turn, by at most `chunks`. True: there may be more. */
export async function continueBreakdowns(db: Database, chunks: number): Promise<boolean> {
  for (let left = chunks; left > 0; ) {
    const unfinished = await db.all<{ ref: number; removed: number }>(
      `SELECT ref, removed_at IS NOT NULL AS removed FROM breakdowns
       WHERE counted_to IS NOT NULL OR removed_at IS NOT NULL ORDER BY ref LIMIT ?1`,
      left,
    );
    if (unfinished.length === 0) return false;
    for (const { ref, removed } of unfinished) {
      await (removed ? removeChunk(db, ref, chunkSize) : countChunk(db, ref, chunkSize));
    }
    left -= unfinished.length;
  }
  return true;
}
