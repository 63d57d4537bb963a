import { type Act, noteAct, noteArchival, noteChange } from "../../audit/db/entries.ts";
import type { Database, Statement } from "../../db/database.ts";
import type { Json } from "../../db/json.ts";
import { listById } from "../../db/list.ts";
import { archiveRow, type Target, updateRow } from "../../db/update.ts";
import { endLinks } from "./ended-links.ts";

export interface KeyRow {
  id: string;
  name: string;
  kind: "publishable" | "secret";
  lastFour: string;
  scopes: Json<string[]>;
  origins: Json<string[]>;
  createdAt: number;
  archivedAt: number | null;
  /** Public id of a member or key; null: a command, or not known. */
  madeBy: string | null;
}

export interface KeyHolder {
  keyId: string;
  workspaceRef: number;
  workspaceId: string;
  kind: "publishable" | "secret";
  scopes: Json<string[]>;
  origins: Json<string[]>;
}

const columns =
  "id, name, kind, last_four AS lastFour, scopes, origins, created_at AS createdAt, archived_at AS archivedAt, made_by AS madeBy";
const source = { table: "keys", read: `SELECT ${columns} FROM keys` };

/** The holder of a key, by its SHA-256; null: unknown or archived. Indexed hashes leak nothing through timing. */
export const findKeyHolder = (db: Database, hash: string): Promise<KeyHolder | null> =>
  db.first(
    `SELECT keys.id AS keyId, workspaces.ref AS workspaceRef, workspaces.id AS workspaceId, kind, scopes, origins
     FROM keys JOIN workspaces ON workspaces.ref = workspace_ref WHERE hash = ?1 AND archived_at IS NULL`,
    hash,
  );

/** The workspace of a key that works or has worked, by its SHA-256; null: unknown. */
export const workspaceOfKey = async (db: Database, hash: string): Promise<number | null> =>
  (await db.first<{ ref: number }>("SELECT workspace_ref AS ref FROM keys WHERE hash = ?1", hash))?.ref ??
  null;

/** Whether a key still works, for answers that take long. */
export const isKeyInUse = async (db: Database, id: string): Promise<boolean> =>
  (await db.first("SELECT 1 FROM keys WHERE id = ?1 AND archived_at IS NULL", id)) !== null;

/** Origins that the keys in use name. */
export async function registeredOrigins(db: Database, workspace: number): Promise<string[]> {
  const rows = await db.all<{ origin: string }>(
    `SELECT DISTINCT named.value AS origin FROM keys CROSS JOIN json_each(origins) AS named
     WHERE workspace_ref = ?1 AND archived_at IS NULL`,
    workspace,
  );
  return rows.map(({ origin }) => origin);
}

/** A publishable key in use, by its SHA-256. */
interface Publishable {
  id: string;
  name: string;
  hash: string;
  origins: Json<string[]>;
}

/** The publishable keys in use, the oldest first. Beyond so many nobody looks for one to show. */
export const listPublishable = (db: Database, workspace: number): Promise<Publishable[]> =>
  db.all(
    `SELECT id, name, hash, origins FROM keys
     WHERE workspace_ref = ?1 AND kind = 'publishable' AND archived_at IS NULL ORDER BY id LIMIT 100`,
    workspace,
  );

export const listKeys = listById<KeyRow>(source);

/** null: absent, or of another workspace. */
export const findKey = (db: Database, workspace: number, id: string): Promise<KeyRow | null> =>
  db.first(`${source.read} WHERE workspace_ref = ?1 AND id = ?2`, workspace, id);

export async function insertKey(
  db: Database,
  workspace: number,
  key: KeyRow,
  hash: string,
  act: Act | null = null,
): Promise<void> {
  const { id, name, kind, lastFour, scopes, origins, createdAt, madeBy } = key;
  await db.batch([
    ...noteAct(act, {
      name: [null, name],
      kind: [null, kind],
      scopes: [null, scopes],
      origins: [null, origins],
    }),
    {
      sql: `INSERT INTO keys (workspace_ref, id, name, kind, hash, last_four, scopes, origins, created_at, made_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (id) DO NOTHING`,
      values: [workspace, id, name, kind, hash, lastFour, scopes, origins, createdAt, madeBy],
    },
  ]);
}

const changeable = { name: "name", origins: "origins" };
const target = (workspace: number, id: string): Target => ({
  ...source,
  where: "workspace_ref = ?1 AND id = ?2",
  values: [workspace, id],
});

/** Writes what is given. null: absent, or of another workspace. */
export const updateKey = (
  db: Database,
  workspace: number,
  id: string,
  given: Partial<Pick<KeyRow, keyof typeof changeable>>,
  act: Act | null = null,
): Promise<KeyRow | null> => {
  const row = target(workspace, id);
  return updateRow(db, row, changeable, given, noteChange(act, row, changeable, given));
};

/**
 * Keys that a member or key made and that still work, and those that these made in turn, archived ones among them. The keys are
 * read once and indexed by their makers on the way: whoever has a key can make thousands, each by the one before.
 */
export const keysMadeBy = (workspace: number, maker: string): Statement => ({
  sql: `WITH RECURSIVE made AS MATERIALIZED (SELECT id, made_by FROM keys WHERE workspace_ref = ?1),
      theirs (id) AS (SELECT id FROM made WHERE made_by = ?2 UNION SELECT made.id FROM theirs JOIN made ON made_by = theirs.id)
    SELECT id, name FROM keys WHERE workspace_ref = ?1 AND archived_at IS NULL AND id IN theirs ORDER BY id LIMIT 100`,
  values: [workspace, maker],
});

/**
 * Archives a key for good, and ends the invitations that it made: whoever stole the key could come back by them. null:
 * absent, or of another workspace.
 */
export const archiveKey = (
  db: Database,
  workspace: number,
  id: string,
  now: number,
  act: Act | null = null,
): Promise<KeyRow | null> => {
  const row = target(workspace, id);
  const itsLinks = endLinks("workspace_ref = ?1 AND made_by = ?2", [workspace, id], now);
  return archiveRow(db, row, now, [...noteArchival(act, row), itsLinks]);
};
