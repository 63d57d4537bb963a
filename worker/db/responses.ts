import type { Channel } from "../../shared/contract/fields.ts";
import type { Answers } from "../../shared/contract/flow.ts";
import { installTriggers } from "./counting.ts";
import type { Database, Statement } from "./database.ts";

/** A response on its way in; validated, its references resolved. Times in unix ms. */
export interface NewResponse {
  id: string;
  touchpointRef: number;
  surveyRef: number;
  rating: number;
  comment: string | null;
  /** To the survey's steps; left out: none. */
  answers?: Answers | undefined;
  channel: Channel;
  locale: string | null;
  respondent: string | null;
  /** Whom it says that it is from, where nobody proved that: it decides nothing. Left out: nobody. */
  claimed?: string | null | undefined;
  properties: Record<string, string | number | boolean> | null;
  revision: number;
  answeredAt: number;
}

/** `conflict`: the id belongs to an answer at another survey or touchpoint. */
export type SaveStatus = "created" | "updated" | "unchanged" | "conflict";

export interface StoredResponse {
  id: string;
  touchpoint: string;
  survey: string;
  rating: number;
  comment: string | null;
  channel: Channel;
  locale: string | null;
  respondent: string | null;
  claimed: string | null;
  /** JSON. */
  properties: string | null;
  /** JSON. */
  answers: string | null;
  exclusion: string;
  revision: number;
  answeredAt: number;
  receivedAt: number;
  updatedAt: number | null;
}

/** An erased response stays as a bare row: the ledger keeps its sum, and a late retry cannot bring it back. */
export const erased = "erased";

const incoming = `SELECT
  value->>'id' AS id, value->>'touchpointRef' AS touchpoint_ref, value->>'surveyRef' AS survey_ref,
  value->>'rating' AS rating, value->>'comment' AS comment, value->>'channel' AS channel, value->>'locale' AS locale,
  value->>'respondent' AS respondent, value->>'claimed' AS claimed, value->'properties' AS properties, value->'answers' AS answers, value->>'revision' AS revision,
  value->>'answeredAt' AS answered_at
FROM json_each(?2)`;

const sameQuestion = "old.survey_ref = new.survey_ref AND old.touchpoint_ref = new.touchpoint_ref";

// Of two revisions the higher wins; what it leaves out stays. At the same revision only gaps are filled. A repeat
// changes nothing and writes no row.
const saveRows = `
INSERT INTO responses AS old (workspace_ref, id, touchpoint_ref, survey_ref, rating, comment, channel, locale, respondent,
  claimed, properties, answers, exclusion, revision, answered_at, received_at)
SELECT ?1, id, touchpoint_ref, survey_ref, rating, comment, channel, locale, respondent, claimed, NULLIF(properties, 'null'), answers, '',
  revision, answered_at, ?3
FROM (${incoming}) WHERE true
ON CONFLICT (workspace_ref, id) DO UPDATE SET
  rating = IIF(excluded.revision > old.revision, excluded.rating, old.rating),
  comment = IIF(excluded.revision > old.revision, COALESCE(excluded.comment, old.comment), COALESCE(old.comment, excluded.comment)),
  properties = IIF(excluded.revision > old.revision, COALESCE(excluded.properties, old.properties), COALESCE(old.properties, excluded.properties)),
  answers = IIF(excluded.revision > old.revision, COALESCE(excluded.answers, old.answers), COALESCE(old.answers, excluded.answers)),
  respondent = COALESCE(old.respondent, excluded.respondent),
  revision = MAX(old.revision, excluded.revision),
  updated_at = ?3
WHERE old.survey_ref = excluded.survey_ref AND old.touchpoint_ref = excluded.touchpoint_ref AND old.exclusion <> '${erased}'
  AND (excluded.revision > old.revision OR (old.comment IS NULL AND excluded.comment IS NOT NULL)
    OR (old.properties IS NULL AND excluded.properties IS NOT NULL) OR (old.answers IS NULL AND excluded.answers IS NOT NULL)
    OR (old.respondent IS NULL AND excluded.respondent IS NOT NULL))
RETURNING id, updated_at IS NULL AS created`;

/**
 * Saves a list of responses, and by its triggers moves the roll-up, in one transaction; one response is a list of one.
 * Answers the status of each, in order. Safe to repeat; an id may occur more than once in the list.
 */
export async function saveResponses(
  db: Database,
  workspace: number,
  responses: readonly NewResponse[],
  now: number,
): Promise<SaveStatus[]> {
  const occurrences = occurrencesOf(responses);
  // An id that occurs twice goes into two rounds: one statement would not tell which of the two it saved.
  const rounds = Array.from({ length: Math.max(...occurrences) + 1 }, (_, round) =>
    JSON.stringify(responses.filter((_, index) => occurrences[index] === round)),
  );
  await db.ensure(installTriggers);
  const answers = await db.batch<{ id: string; created: number }>(
    rounds.map((list): Statement => ({ sql: saveRows, values: [workspace, list, now] })),
  );
  const written = answers.map((rows) => new Map(rows.map((row) => [row.id, row.created])));
  const statuses = responses.map(({ id }, index): SaveStatus => {
    const created = written[occurrences[index] ?? 0]?.get(id);
    return created === undefined ? "unchanged" : created ? "created" : "updated";
  });
  const silent = responses.filter((_, index) => statuses[index] === "unchanged");
  if (silent.length === 0) return statuses;
  const clashing = await clashingIds(db, workspace, silent);
  return statuses.map((status, index) => {
    return status === "unchanged" && clashing.has(responses[index]?.id) ? "conflict" : status;
  });
}

/** For each response, how many before it in the list have its id. */
function occurrencesOf(responses: readonly NewResponse[]): number[] {
  const seen = new Map<string, number>();
  return responses.map(({ id }) => {
    const before = seen.get(id) ?? 0;
    seen.set(id, before + 1);
    return before;
  });
}

/** Of responses that wrote no row, the ids that belong to an answer at another survey or touchpoint. */
async function clashingIds(
  db: Database,
  workspace: number,
  silent: readonly NewResponse[],
): Promise<Set<string | undefined>> {
  const rows = await db.all<{ id: string }>(
    `SELECT new.id FROM (${incoming}) AS new CROSS JOIN responses AS old ON old.workspace_ref = ?1 AND old.id = new.id
     WHERE NOT (${sameQuestion})`,
    workspace,
    JSON.stringify(silent),
  );
  return new Set(rows.map(({ id }) => id));
}

export const responseColumns = `responses.id, touchpoints.name AS touchpoint, surveys.id AS survey, rating, comment, channel, responses.locale,
  respondent, claimed, properties, answers, exclusion, revision, answered_at AS answeredAt, received_at AS receivedAt, updated_at AS updatedAt`;
export const responsesJoined = `responses JOIN touchpoints ON touchpoints.ref = responses.touchpoint_ref JOIN surveys ON surveys.ref = responses.survey_ref`;

/** One response; null when it is absent or erased. */
export const findResponse = (db: Database, workspace: number, id: string): Promise<StoredResponse | null> =>
  db.first(
    `SELECT ${responseColumns} FROM ${responsesJoined} WHERE responses.workspace_ref = ?1 AND responses.id = ?2 AND exclusion <> '${erased}'`,
    workspace,
    id,
  );

/** Excludes a response with a reason, or counts it again with ''. */
export async function excludeResponse(
  db: Database,
  workspace: number,
  id: string,
  exclusion: string,
  now: number,
): Promise<void> {
  await db.ensure(installTriggers);
  await db.all(
    `UPDATE responses SET exclusion = ?3, updated_at = ?4
     WHERE workspace_ref = ?1 AND id = ?2 AND exclusion <> ?3 AND exclusion <> '${erased}'`,
    ...[workspace, id, exclusion, now],
  );
}

/** Forgets who answered and what they wrote, and counts the response as erased. */
export async function eraseResponse(db: Database, workspace: number, id: string, now: number): Promise<void> {
  await db.ensure(installTriggers);
  await db.all(
    `UPDATE responses SET exclusion = '${erased}', comment = NULL, respondent = NULL, claimed = NULL, properties = NULL, answers = NULL, locale = NULL,
       updated_at = ?3 WHERE workspace_ref = ?1 AND id = ?2`,
    ...[workspace, id, now],
  );
}

/** Removes responses without a trace, ledger included: for sample data, never for what people answered. */
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
