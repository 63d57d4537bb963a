import type { ErasedTable } from "../../shared/contract/erasures.ts";
import type { Database, Statement } from "./database.ts";
import { wakeJob } from "./due-jobs.ts";

/** `rows`: what names the person, and what has their address among its properties; `rest`: what is known of them by a hash. */
export type ErasureStep = "rows" | "rest" | "done";

export interface ErasureRow {
  ref: number;
  id: string;
  workspaceRef: number;
  /** Public id. */
  workspace: string;
  /** By what clocks know them. */
  person: string;
  /** JSON: how they are looked for; null: it is done. */
  spellings: string | null;
  step: ErasureStep;
  /** JSON: the last row of each table that was looked at, null once it was the last of all. */
  after: string;
  /** JSON: rows by table. */
  removed: string;
  createdAt: number;
  finishedAt: number | null;
}

export const erasuresJob = "erasures";

const columns = `erasures.ref, erasures.id, workspace_ref AS workspaceRef, workspaces.id AS workspace, person, spellings, step, after,
  removed, erasures.created_at AS createdAt, finished_at AS finishedAt`;
const joined = "erasures JOIN workspaces ON workspaces.ref = workspace_ref";

/** Begins to forget a person, or goes on with what was begun before. Safe to repeat. */
export async function beginErasure(
  db: Database,
  workspace: number,
  { id, person, spellings }: { id: string; person: string; spellings: readonly string[] },
  now: number,
): Promise<ErasureRow | null> {
  const [, , found] = await db.batch<ErasureRow>([
    {
      sql: `INSERT INTO erasures (id, workspace_ref, person, spellings, step, created_at)
        VALUES (?1, ?2, ?3, ?4, 'rows', ?5) ON CONFLICT DO NOTHING`,
      values: [id, workspace, person, JSON.stringify(spellings), now],
    },
    wakeJob(erasuresJob, now),
    {
      sql: `SELECT ${columns} FROM ${joined} WHERE workspace_ref = ?1 AND person = ?2 AND finished_at IS NULL`,
      values: [workspace, person],
    },
  ]);
  return found?.[0] ?? null;
}

/** null: absent, or of another workspace. */
export const findErasure = (db: Database, workspace: number, id: string): Promise<ErasureRow | null> =>
  db.first(`SELECT ${columns} FROM ${joined} WHERE workspace_ref = ?1 AND erasures.id = ?2`, workspace, id);

/** The oldest that is not done; null: all are. */
export const nextErasure = (db: Database): Promise<ErasureRow | null> =>
  // By `+`, the index of those that are not done: in the order of `ref` all that ever were would come first.
  db.first(`SELECT ${columns} FROM ${joined} WHERE finished_at IS NULL ORDER BY +erasures.ref LIMIT 1`);

/** Goes on to a row of a step, or to another step; with the last one it forgets who it was. */
export async function moveErasure(
  db: Database,
  erasure: number,
  step: ErasureStep,
  after: string,
  now: number,
): Promise<void> {
  await db.all(
    `UPDATE erasures SET step = ?2, after = ?3, spellings = IIF(?2 = 'done', NULL, spellings),
       finished_at = IIF(?2 = 'done', ?4, NULL) WHERE ref = ?1 AND finished_at IS NULL`,
    ...[erasure, step, after, now],
  );
}

/** A change of an erasure, and right after it the number of rows in its report. Repeated, it changes and counts nothing. */
export const counted = (erasure: number, table: ErasedTable, change: Statement): Statement[] => [
  change,
  {
    sql: `UPDATE erasures SET removed = json_set(removed, ?2, COALESCE(removed ->> ?2, 0) + changes())
      WHERE ref = ?1 AND changes() > 0`,
    values: [erasure, `$.${table}`],
  },
];
