import type { TemplateTexts } from "../../../shared/contract/mail/templates.ts";
import { type Act, noteAct } from "../../audit/db/entries.ts";
import type { Database } from "../../db/database.ts";
import type { Json } from "../../db/json.ts";

export interface TemplateRow {
  ref: number;
  id: string;
  version: number;
  name: string;
  /** By language. */
  texts: Json<TemplateTexts>;
  createdAt: number;
}

const columns = "ref, id, version, name, texts, created_at AS createdAt";
/** The last of all versions. */
const newest =
  "version = (SELECT MAX(version) FROM templates AS all_of WHERE all_of.workspace_ref = ?1 AND all_of.id = templates.id)";

export const listTemplates = (
  db: Database,
  workspace: number,
  after: string,
  limit: number,
): Promise<TemplateRow[]> =>
  db.all(
    `SELECT ${columns} FROM templates WHERE workspace_ref = ?1 AND id > ?2 AND ${newest} ORDER BY id LIMIT ?3`,
    workspace,
    after,
    limit,
  );

/** The last version, or the given one. null: absent, or of another workspace. */
export const findTemplate = (
  db: Database,
  workspace: number,
  id: string,
  version: number | null = null,
): Promise<TemplateRow | null> =>
  db.first(
    `SELECT ${columns} FROM templates WHERE workspace_ref = ?1 AND id = ?2 AND (?3 IS NULL OR version = ?3)
     ORDER BY version DESC LIMIT 1`,
    workspace,
    id,
    version,
  );

/** Stores a version. False: somebody else has made a version with this number. */
export async function insertTemplate(
  db: Database,
  workspace: number,
  { id, version, name, texts, createdAt }: Omit<TemplateRow, "ref">,
  act: Act | null = null,
): Promise<boolean> {
  const isFree = "NOT EXISTS (SELECT 1 FROM templates WHERE workspace_ref = ?1 AND id = ?2 AND version = ?3)";
  const answers = await db.batch<TemplateRow>([
    ...noteAct(act, { name: [null, name], version: [version - 1 || null, version] }, isFree, [
      workspace,
      id,
      version,
    ]),
    {
      sql: `INSERT INTO templates (workspace_ref, id, version, name, texts, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT DO NOTHING`,
      values: [workspace, id, version, name, texts, createdAt],
    },
    {
      sql: `SELECT ${columns} FROM templates WHERE workspace_ref = ?1 AND id = ?2 AND version = ?3`,
      values: [workspace, id, version],
    },
  ]);
  const [row] = answers.at(-1) ?? [];
  return row?.name === name && row.texts === texts;
}
