import type { Database } from "./database.ts";

/** Where rows are read from. Both parts are literals in the code: SQL is never built from what somebody sent. */
export interface Source {
  table: string;
  /** A SELECT of the row as it is answered, up to its WHERE. */
  read: string;
}

/** Reads at most `limit` rows of a workspace, those after an id; "" begins with the first. */
export type ReadPage<Row> = (db: Database, workspace: number, after: string, limit: number) => Promise<Row[]>;

/** Lists by id, oldest first. */
export const listById =
  <Row>({ table, read }: Source): ReadPage<Row> =>
  (db, workspace, after, limit) =>
    db.all(
      `${read} WHERE ${table}.workspace_ref = ?1 AND ${table}.id > ?2 ORDER BY ${table}.id LIMIT ?3`,
      workspace,
      after,
      limit,
    );
