import { type Act, noteAct } from "../../audit/db/entries.ts";
import type { Bindable, Database, Statement } from "../../db/database.ts";
import { fromJson, type Json } from "../../db/json.ts";
import { setGiven, type Target } from "../../db/update.ts";
import { beforeChange, changeable, type SurveyRow, surveyColumns } from "./surveys.ts";
import { type Asks, asks } from "./versions.ts";

/** What a draft changes: the columns of its survey, as they are stored. */
type Parts = Partial<Asks>;

export interface DraftRow extends SurveyRow {
  /** null: there is no draft. */
  parts: Json<Parts> | null;
  /** Another with each change of the draft, and where there is none, with each version of the survey. */
  etag: string;
  /** Unix ms, and the public id of a member or key; null: there is no draft. */
  changedAt: number | null;
  changedBy: string | null;
}

/** A survey as its draft has it, and the parts that differ from what is live. */
export function drafted({ parts, ...live }: DraftRow): {
  survey: Omit<DraftRow, "parts">;
  changes: (keyof Asks)[];
} {
  const changed = fromJson(parts) ?? {};
  return {
    survey: { ...live, ...changed },
    changes: asks.filter((column) => column in changed && changed[column] !== live[column]),
  };
}

const etagNow =
  "COALESCE((SELECT etag FROM survey_drafts WHERE survey_ref = surveys.ref), 'live-' || surveys.version)";
const where = "surveys.workspace_ref = ?1 AND surveys.id = ?2";
const read = (workspace: number, id: string): Statement => ({
  sql: `SELECT ${surveyColumns}, parts, ${etagNow} AS etag, changed_at AS changedAt, changed_by AS changedBy
    FROM surveys LEFT JOIN survey_drafts ON survey_ref = surveys.ref WHERE ${where}`,
  values: [workspace, id],
});

/** null: there is no such survey, or it is another workspace's. */
export function findDraft(db: Database, workspace: number, id: string): Promise<DraftRow | null> {
  const { sql, values } = read(workspace, id);
  return db.first(sql, ...values);
}

/** Who writes a draft, when, and the tag that it has afterwards. */
interface Writing {
  by: string;
  at: number;
  etag: string;
}

/**
 * Writes the given parts into a survey's draft, where the draft still has the tag `known`; null: whatever it has. Answers the
 * draft as it is afterwards, which has the new tag where it was written.
 */
export async function saveDraft(
  db: Database,
  workspace: number,
  id: string,
  given: Parts,
  known: string | null,
  { by, at, etag }: Writing,
): Promise<DraftRow | null> {
  const values: Bindable[] = [workspace, id, known, etag, at, by];
  const set = asks.flatMap((column) => {
    const value = given[column];
    return value === undefined ? [] : [`'$.${column}', ?${values.push(value)}`];
  });
  const withParts = (parts: string) => (set.length === 0 ? parts : `json_set(${parts}, ${set.join(", ")})`);
  const [, rows = []] = await db.batch<DraftRow>([
    {
      // A retry finds its own tag.
      sql: `INSERT INTO survey_drafts (survey_ref, parts, etag, changed_at, changed_by)
        SELECT ref, ${withParts("'{}'")}, ?4, ?5, ?6 FROM surveys
          WHERE ${where} AND (?3 IS NULL OR ${etagNow} IN (?3, ?4))
        ON CONFLICT (survey_ref) DO UPDATE SET parts = ${withParts("parts")}, etag = excluded.etag,
          changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
      values,
    },
    read(workspace, id),
  ]);
  return rows[0] ?? null;
}

/** What is left of a draft that had this tag. */
const stillDrafted = "EXISTS (SELECT 1 FROM survey_drafts WHERE survey_ref = surveys.ref AND etag = ?3)";
const removal = (workspace: number, id: string, etag: string): Statement => ({
  sql: `DELETE FROM survey_drafts WHERE survey_ref = (SELECT ref FROM surveys WHERE ${where}) AND etag = ?3`,
  values: [workspace, id, etag],
});

/** Removes a survey's draft, where it still has this tag. Answers what there is afterwards. */
export async function discardDraft(
  db: Database,
  workspace: number,
  id: string,
  etag: string,
  act: Act,
): Promise<DraftRow | null> {
  const has = `EXISTS (SELECT 1 FROM surveys WHERE ${where} AND ${stillDrafted})`;
  const results = await db.batch<DraftRow>([
    ...noteAct(act, {}, has, [workspace, id, etag]),
    removal(workspace, id, etag),
    read(workspace, id),
  ]);
  return results.at(-1)?.[0] ?? null;
}

/**
 * Makes a survey ask what its draft has, where the draft still has this tag, and removes the draft: all of it in one
 * transaction. Answers what there is afterwards.
 */
export async function publishDraft(
  db: Database,
  workspace: number,
  id: string,
  etag: string,
  parts: Parts,
  act: Act,
): Promise<DraftRow | null> {
  const target: Omit<Target, "read"> = {
    table: "surveys",
    where: `${where} AND ${stillDrafted}`,
    values: [workspace, id, etag],
  };
  const results = await db.batch<DraftRow>([
    ...beforeChange(target, parts, act),
    ...setGiven(target, changeable, parts),
    removal(workspace, id, etag),
    read(workspace, id),
  ]);
  return results.at(-1)?.[0] ?? null;
}
