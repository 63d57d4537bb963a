import type { ErasedTable } from "../../../shared/contract/erasures.ts";
import { type Act, noteAct } from "../../audit/db/entries.ts";
import type { Database, Statement } from "../../db/database.ts";
import { wakeJob } from "../../db/due-jobs.ts";
import { type Json, toJson } from "../../db/json.ts";

/**
 * `rows`: rows that name the person, or have their address among the properties. `again`: the same, and once more from
 * the beginning, since it was asked for again. `rest`: what is stored under a hash of them. `files`: waits until the
 * recipient files that had arrived are read, then searches everything once more.
 */
export type ErasureStep = "rows" | "again" | "rest" | "files" | "done";

/** How far each table was searched; null: to its end, or not at all. */
export interface Places {
  responses: string | null;
  invitations: string | null;
}

export interface ErasureRow {
  ref: number;
  id: string;
  workspaceRef: number;
  /** Public id. */
  workspace: string;
  /** The hash by which clocks know the person. */
  person: string;
  /** The spellings that are searched for; null: the erasure is done. */
  spellings: Json<string[]> | null;
  step: ErasureStep;
  /** "": it has only begun. */
  after: Json<Places> | "";
  /** The number of rows, by table. */
  removed: Json<Partial<Record<ErasedTable, number>>>;
  createdAt: number;
  finishedAt: number | null;
}

export const erasuresJob = "erasures";

const columns = `erasures.ref, erasures.id, workspace_ref AS workspaceRef, workspaces.id AS workspace, person, spellings, step, after,
  removed, erasures.created_at AS createdAt, finished_at AS finishedAt`;
const joined = "erasures JOIN workspaces ON workspaces.ref = workspace_ref";

/**
 * A file is stored as it arrived, and its rows are told apart only when it is read, which skips anyone being erased. To
 * remove a person earlier, the whole file would have to be read at once.
 */
const awaitsFiles = `EXISTS (SELECT 1 FROM recipient_files WHERE recipient_files.workspace_ref = erasures.workspace_ref
  AND recipient_files.state <> 'read' AND recipient_files.created_at <= erasures.created_at)`;

/**
 * Begins to erase a person, or has an unfinished erasure search everything once more, since rows may have come behind
 * its place. It comes to its end first, so that no repeat keeps it from the rows there. Safe to repeat.
 */
export async function beginErasure(
  db: Database,
  workspace: number,
  { id, person, spellings }: { id: string; person: string; spellings: string[] },
  now: number,
  act: Act | null = null,
): Promise<ErasureRow | null> {
  const answers = await db.batch<ErasureRow>([
    {
      sql: `INSERT INTO erasures (id, workspace_ref, person, spellings, step, created_at)
        VALUES (?1, ?2, ?3, ?4, 'rows', ?5)
        ON CONFLICT (workspace_ref, person) WHERE finished_at IS NULL DO UPDATE SET created_at = excluded.created_at, step = 'again'
        ON CONFLICT DO NOTHING`,
      values: [id, workspace, person, toJson(spellings), now],
    },
    wakeJob(erasuresJob, now),
    // Not where one of this person goes on. An entry never says of whom.
    ...noteAct(act, {}, "EXISTS (SELECT 1 FROM erasures WHERE id = ?1)", [id]),
    {
      sql: `SELECT ${columns} FROM ${joined} WHERE workspace_ref = ?1 AND person = ?2 AND finished_at IS NULL`,
      values: [workspace, person],
    },
  ]);
  return answers.at(-1)?.[0] ?? null;
}

/** null: absent, or of another workspace. */
export const findErasure = (db: Database, workspace: number, id: string): Promise<ErasureRow | null> =>
  db.first(`SELECT ${columns} FROM ${joined} WHERE workspace_ref = ?1 AND erasures.id = ?2`, workspace, id);

/** The oldest erasure that can go on; null: none can. */
export const nextErasure = (db: Database): Promise<ErasureRow | null> =>
  // The `+` makes SQLite use the index of unfinished erasures; in the order of `ref` it would read all that ever were.
  db.first(
    `SELECT ${columns} FROM ${joined} WHERE finished_at IS NULL AND (step <> 'files' OR NOT ${awaitsFiles})
     ORDER BY +erasures.ref LIMIT 1`,
  );

/** Where an erasure is. */
export type ErasurePlace = Pick<ErasureRow, "step" | "after">;

/**
 * Moves from one place to a place within a step, or to another step, and answers where it is then. The last step deletes
 * who the person was. null: it is elsewhere, since another invocation has moved it, or it was asked for again.
 */
export const moveErasure = (
  db: Database,
  { ref, createdAt }: ErasureRow,
  from: ErasurePlace["after"],
  to: { step: ErasureStep; after: Places },
  now: number,
): Promise<ErasurePlace | null> =>
  db.first(
    `UPDATE erasures SET step = next, after = IIF(next = 'files' OR next = 'rows' AND step = 'again', '', ?5),
       spellings = IIF(next = 'done', NULL, spellings), finished_at = IIF(next = 'done', ?6, NULL)
     FROM (SELECT CASE WHEN step = 'again' THEN IIF(?4 = 'rows', 'again', 'rows') WHEN ?4 = 'done' AND ${awaitsFiles} THEN 'files' ELSE ?4 END AS next
       FROM erasures WHERE ref = ?1)
     WHERE ref = ?1 AND created_at = ?2 AND after = ?3 AND finished_at IS NULL RETURNING step, after`,
    ref,
    createdAt,
    from,
    to.step,
    toJson(to.after),
    now,
  );

/** A change by an erasure, then the count of its rows for the report. A repeat changes and counts nothing. */
export const counted = (erasure: number, table: ErasedTable, change: Statement): Statement[] => [
  change,
  {
    sql: `UPDATE erasures SET removed = json_set(removed, ?2, COALESCE(removed ->> ?2, 0) + changes())
      WHERE ref = ?1 AND changes() > 0`,
    values: [erasure, `$.${table}`],
  },
];
