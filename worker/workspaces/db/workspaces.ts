import type { AskingPolicy } from "../../../shared/asking/rules.ts";
import type { MailSettings } from "../../../shared/contract/mail/mail.ts";
import type { Theme } from "../../../shared/contract/surveys/theme.ts";
import { type Act, noteChange, partsInSql } from "../../audit/db/entries.ts";
import type { Database } from "../../db/database.ts";
import { fromJson, type Json } from "../../db/json.ts";
import { updateRow } from "../../db/update.ts";

export interface WorkspaceRow {
  ref: number;
  id: string;
  name: string;
  /** IANA: the zone in which days are cut. */
  timeZone: string;
  /** monday, sunday or saturday. */
  weekStart: string;
  /** How often one person is asked, over all surveys. */
  asking: Json<AskingPolicy>;
  /** null: none. */
  theme: Json<Theme> | null;
  /** The sender of mails; null: nobody yet. */
  mail: Json<MailSettings> | null;
}

const columns = "ref, id, name, time_zone AS timeZone, week_start AS weekStart, asking, theme, mail";

export async function insertWorkspace(
  db: Database,
  workspace: { id: string; name: string; createdAt: number },
): Promise<WorkspaceRow | null> {
  const [, rows] = await db.batch<WorkspaceRow>([
    {
      sql: "INSERT INTO workspaces (id, name, created_at) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO NOTHING",
      values: [workspace.id, workspace.name, workspace.createdAt],
    },
    { sql: `SELECT ${columns} FROM workspaces WHERE id = ?1`, values: [workspace.id] },
  ]);
  return rows?.[0] ?? null;
}

export const findWorkspace = (db: Database, ref: number): Promise<WorkspaceRow | null> =>
  db.first(`SELECT ${columns} FROM workspaces WHERE ref = ?1`, ref);

/** The oldest workspace of this name; null: none. */
export const findWorkspaceByName = (db: Database, name: string): Promise<WorkspaceRow | null> =>
  db.first(`SELECT ${columns} FROM workspaces WHERE name = ?1 ORDER BY ref LIMIT 1`, name);

/** By public id; null: absent. */
export const findWorkspaceById = (db: Database, id: string): Promise<WorkspaceRow | null> =>
  db.first(`SELECT ${columns} FROM workspaces WHERE id = ?1`, id);

/** The sender of the first workspace of all, whoever else has one; null: it has none. */
export async function findFirstSender(db: Database): Promise<MailSettings | null> {
  const row = await db.first<Pick<WorkspaceRow, "mail">>(
    "SELECT mail FROM workspaces WHERE ref = (SELECT MIN(ref) FROM workspaces)",
  );
  return fromJson(row?.mail ?? null);
}

const changeable = {
  name: "name",
  timeZone: "time_zone",
  weekStart: "week_start",
  asking: "asking",
  theme: "theme",
  mail: "mail",
};

/** Writes what is given. null: absent. */
export const updateWorkspace = (
  db: Database,
  ref: number,
  given: Partial<Pick<WorkspaceRow, keyof typeof changeable>>,
  act: Act | null = null,
): Promise<WorkspaceRow | null> => {
  const read = `SELECT ${columns} FROM workspaces`;
  const target = { table: "workspaces", read, where: "ref = ?1", values: [ref] };
  return updateRow(
    db,
    target,
    changeable,
    given,
    noteChange(act, target, changeable, given, { mail: partsInSql }),
  );
};
