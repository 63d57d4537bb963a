import type { Asking } from "../../../shared/asking/asking.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import type { Bindable, Database, Statement } from "../../db/database.ts";
import { hashesOfPerson } from "../../people/db/spellings.ts";

/** Longer than any clock looks back. */
export const keptMs = 400 * dayMs;

/** What was shown to somebody, and when: now, unix ms. */
export interface Seen {
  touchpointRef: number;
  surveyRef: number;
  channel: string;
  now: number;
}

/** A respondent of a workspace who was asked. `person` is the hash of the canonical spelling. */
interface NewAsking extends Seen {
  workspace: number;
  person: string;
}

/**
 * Notes who was asked, from a SELECT of workspace, person, time, survey, touchpoint and channel. The SELECT must end
 * with its WHERE: without one, SQLite reads the ON CONFLICT as part of a join. Safe to repeat.
 */
export const insertAskings = (select: string, ...values: Bindable[]): Statement => ({
  sql: `INSERT INTO askings (workspace_ref, person, asked_at, survey_ref, touchpoint_ref, channel)
    ${select} ON CONFLICT DO NOTHING`,
  values,
});

export const noteAskings = (askings: readonly NewAsking[]): Statement =>
  insertAskings(
    `SELECT value->>'workspace', value->>'person', value->>'now', value->>'surveyRef', value->>'touchpointRef', value->>'channel'
     FROM json_each(?1) WHERE true`,
    JSON.stringify(askings),
  );

export const noteAsking = (workspace: number, seen: Seen, person: string): Statement =>
  noteAskings([{ ...seen, workspace, person }]);

/** Which surveys a respondent was asked, by public id, and when, up to `now`. `hash` may be that of any spelling. */
export async function askingsOf(
  db: Database,
  workspace: number,
  hash: string,
  now: number,
): Promise<Asking[]> {
  const rows = await db.all<{ survey: string; at: number }>(
    `SELECT surveys.id AS survey, asked_at AS at FROM askings JOIN surveys ON surveys.ref = survey_ref
     WHERE askings.workspace_ref = ?1 AND person IN (${hashesOfPerson("?1", "?2")}) AND asked_at > ?3 AND asked_at <= ?4`,
    workspace,
    hash,
    now - keptMs,
    now,
  );
  return rows.map(({ survey, at }): Asking => [survey, at]);
}

/** Deletes the oldest askings that no clock looks at any more, at most `maxRows`. True: there may be more. */
export async function forgetAskings(db: Database, now: number, maxRows: number): Promise<boolean> {
  const forgotten = await db.all(
    `DELETE FROM askings WHERE (workspace_ref, person, asked_at, survey_ref) IN (
       SELECT workspace_ref, person, asked_at, survey_ref FROM askings WHERE asked_at <= ?1 ORDER BY asked_at LIMIT ?2) RETURNING 1`,
    now - keptMs,
    maxRows,
  );
  return forgotten.length === maxRows;
}
