import type { Database } from "./database.ts";

/** What rows are read of. Both parts are literals in the code: SQL is never made of what somebody sent. */
export interface Source {
  table: string;
  /** Reads a row as it is answered, up to its WHERE. */
  read: string;
}

/** Reads so many rows of a workspace, those after an id, or with "" the first. */
export type ReadPage<Row> = (db: Database, workspace: number, after: string, limit: number) => Promise<Row[]>;

/** By id, which is the oldest first. */
export const listById =
  <Row>({ table, read }: Source): ReadPage<Row> =>
  (db, workspace, after, limit) =>
    db.all(
      `${read} WHERE ${table}.workspace_ref = ?1 AND ${table}.id > ?2 ORDER BY ${table}.id LIMIT ?3`,
      workspace,
      after,
      limit,
    );
