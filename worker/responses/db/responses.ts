import { type Act, noteAct, noteChange } from "../../audit/db/entries.ts";
import type { Database, Statement } from "../../db/database.ts";
import { installTriggers } from "../../rollup/triggers.ts";
import { answeredVersion } from "../../surveys/db/versions.ts";
import { erased, forgotten, type StoredResponse, takenBack } from "./response.ts";

/** SQL of a comment as it is shown: null where it was taken back or forgotten. */
export const shownComment = `IIF(comment IN ('${takenBack}', '${forgotten}'), NULL, comment)`;
export const responseColumns = `responses.id, touchpoints.name AS touchpoint, surveys.id AS survey, ${answeredVersion} AS surveyVersion, rating, ${shownComment} AS comment, channel, responses.locale,
  respondent, claimed, properties, answers, exclusion, excluded_at AS excludedAt, excluded_by AS excludedBy, revision,
  answered_at AS answeredAt, received_at AS receivedAt, updated_at AS updatedAt`;
export const responsesJoined = `responses JOIN touchpoints ON touchpoints.ref = responses.touchpoint_ref JOIN surveys ON surveys.ref = responses.survey_ref`;

/** Whether anybody has ever answered in a workspace, counted or not. Sample data are nobody's answers. */
export async function hasResponses(db: Database, workspace: number): Promise<boolean> {
  const sql = `SELECT 1 FROM responses CROSS JOIN touchpoints ON touchpoints.ref = touchpoint_ref
    WHERE responses.workspace_ref = ?1 AND NOT sample LIMIT 1`;
  return (await db.first(sql, workspace)) !== null;
}

/** One response; null: absent or erased. */
export const findResponse = (db: Database, workspace: number, id: string): Promise<StoredResponse | null> =>
  db.first(
    `SELECT ${responseColumns} FROM ${responsesJoined} WHERE responses.workspace_ref = ?1 AND responses.id = ?2 AND exclusion <> '${erased}'`,
    workspace,
    id,
  );

/** Whether a response was erased, so that nothing is stored under its id any more. */
export const isErased = async (db: Database, workspace: number, id: string): Promise<boolean> =>
  (await db.first(
    `SELECT 1 FROM responses WHERE workspace_ref = ?1 AND id = ?2 AND exclusion = '${erased}'`,
    workspace,
    id,
  )) !== null;

/**
 * Excludes a response with a reason; '' counts it again. `by` is the public id of whoever does it; null: Candor. A
 * response that is excluded for this reason already stays as it is: whoever was first did it.
 */
export async function excludeResponse(
  db: Database,
  workspace: number,
  id: string,
  exclusion: string,
  now: number,
  by: string | null = null,
  act: Act | null = null,
): Promise<void> {
  await db.ensure(installTriggers);
  const row = { table: "responses", where: its, values: [workspace, id] };
  await db.batch([
    ...noteChange(act, row, { exclusion: "exclusion" }, { exclusion }),
    {
      sql: `UPDATE responses SET exclusion = ?3, excluded_at = IIF(?3 = '', NULL, ?4), excluded_by = IIF(?3 = '', NULL, ?5), updated_at = ?4
        WHERE ${its} AND exclusion <> ?3`,
      values: [workspace, id, exclusion, now, by],
    },
  ]);
}

/** A response that is not erased. */
const its = `workspace_ref = ?1 AND id = ?2 AND exclusion <> '${erased}'`;

/** Erases who gave these responses and what they wrote, and counts them as erased. Safe to repeat. */
export const eraseResponses = (workspace: number, ids: readonly string[], now: number): Statement => ({
  sql: `UPDATE responses SET exclusion = '${erased}', comment = NULL, respondent = NULL, claimed = NULL, properties = NULL,
      answers = NULL, locale = NULL, excluded_at = NULL, excluded_by = NULL, updated_at = ?3
    WHERE workspace_ref = ?1 AND id IN (SELECT value FROM json_each(?2)) AND exclusion <> '${erased}'`,
  values: [workspace, JSON.stringify(ids), now],
});

export async function eraseResponse(
  db: Database,
  workspace: number,
  id: string,
  now: number,
  act: Act | null = null,
): Promise<void> {
  await db.ensure(installTriggers);
  await db.batch([
    ...noteAct(act, {}, `EXISTS (SELECT 1 FROM responses WHERE ${its})`, [workspace, id]),
    eraseResponses(workspace, [id], now),
  ]);
}

/** Removes responses without a trace, even from the ledger: for sample data, never for what people answered. */
export async function removeResponses(
  db: Database,
  workspace: number,
  ids: readonly string[],
): Promise<void> {
  await db.ensure(installTriggers);
  await db.all(
    "DELETE FROM responses WHERE workspace_ref = ?1 AND id IN (SELECT value FROM json_each(?2))",
    workspace,
    JSON.stringify(ids),
  );
}
