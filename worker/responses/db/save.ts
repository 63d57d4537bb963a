import type { Database, Statement } from "../../db/database.ts";
import { fromJson, type Json } from "../../db/json.ts";
import { installTriggers } from "../../rollup/triggers.ts";
import { askedSince, askedUntil } from "../../surveys/db/asked.ts";
import { listsOf } from "./lists.ts";
import { answeredSteps, type Held, merge, withoutUnasked } from "./merging.ts";
import { erased, forgotten, type Incoming, type NewResponse, type Saved } from "./response.ts";

/** The id of a message: the earlier one if it was stored before the statement, else its own. */
const knownId = `COALESCE((SELECT id FROM responses WHERE workspace_ref = value->>'workspace' AND id = value->>'earlierId'
  AND channel = value->>'channel'), value->>'id')`;
const incoming = (id: string) => `SELECT value->>'workspace' AS workspace_ref, ${id} AS id,
  value->>'touchpointRef' AS touchpoint_ref, value->>'surveyRef' AS survey_ref, value->>'surveyVersion' AS survey_version, value->>'rating' AS rating,
  value->>'comment' AS comment, value->>'channel' AS channel, value->>'locale' AS locale, value->>'respondent' AS respondent,
  value->>'claimed' AS claimed, NULLIF(value->'properties', 'null') AS properties, value->'answers' AS answers, value->'leftOut' AS left_out, value->'unasked' AS unasked, value->>'stepsVersion' AS steps_version,
  value->>'revision' AS revision, value->>'madeFrom' AS made_from, value->>'answeredAt' AS answered_at, value->>'receivedAt' AS received_at, value->>'withinAsked' AS within_asked, value->>'id' AS sent, key AS place
FROM json_each(?1)`;

/** A visitor's message changes only a response that a visitor made. */
const isSame = (
  message: string,
) => `old.survey_ref = ${message}.survey_ref AND old.touchpoint_ref = ${message}.touchpoint_ref
  AND (${message}.channel <> 'widget' OR old.channel = 'widget')`;

// The rating decides which steps a survey asks, so a message with another rating must not fill gaps.
const fills = `(excluded.revision = old.revision AND excluded.rating = old.rating
  OR (SELECT steps IS NULL FROM surveys WHERE ref = old.survey_ref))`;
const gap = (column: string) => `(old.${column} IS NULL AND excluded.${column} IS NOT NULL)`;
const higher = "excluded.revision > old.revision";
/** What a message says, without the texts that an erasure took out. */
const said = {
  comment: `IIF(old.comment = '${forgotten}', old.comment, excluded.comment)`,
  answers: `json_patch(excluded.answers, (SELECT json_group_object(key, value) FROM json_each(old.answers) WHERE value = '${forgotten}'))`,
  properties: "excluded.properties",
};
const filled = (column: keyof typeof said, when: string) =>
  `${column} = IIF(${higher}, COALESCE(${said[column]}, old.${column}), IIF(${when}, COALESCE(old.${column}, excluded.${column}), old.${column}))`;

const objectOf = "json_group_object(key, json(IIF(type = 'text', json_quote(value), value)))";
/** The answers of a message, with the earlier ones of which it says nothing. Looked up only where a message has such. */
const withEarlier = `IIF(new.left_out IS NULL, new.answers, json_patch((SELECT ${objectOf} FROM responses AS earlier, json_each(earlier.answers)
  WHERE earlier.workspace_ref = new.workspace_ref AND earlier.id = new.id AND key IN (SELECT value FROM json_each(new.left_out))), new.answers))`;

const since = askedSince("new.answered_at");
const until = askedUntil("new.channel");

/** Whether what a message was made from is still stored. Looked up only where a message says it. */
const stillMadeFrom = `(new.made_from IS NULL OR new.made_from = COALESCE((SELECT revision FROM responses AS stored
  WHERE stored.workspace_ref = new.workspace_ref AND stored.id = new.id), -1))`;

// Of two revisions the higher wins; what it leaves out stays. At the same revision, only gaps are filled. A repeat
// changes nothing and writes no row.
const saveRows = (id: string, answers: string, when: string) => `
INSERT INTO responses AS old (workspace_ref, id, touchpoint_ref, survey_ref, survey_version, rating, comment, channel, locale, respondent,
  claimed, properties, answers, exclusion, revision, answered_at, received_at)
SELECT new.workspace_ref, new.id, new.touchpoint_ref, new.survey_ref, new.survey_version, new.rating, new.comment, new.channel, new.locale, new.respondent,
  new.claimed, new.properties, ${answers}, '', new.revision,
  IIF(new.within_asked, MAX(MIN(new.answered_at, COALESCE(NULLIF(${until}, 0), new.answered_at)), COALESCE(${since}, 0)), new.answered_at),
  new.received_at
FROM (${incoming(id)}) AS new
  LEFT JOIN touchpoints ON new.within_asked AND touchpoints.ref = new.touchpoint_ref
  LEFT JOIN surveys ON new.within_asked AND surveys.ref = new.survey_ref
  LEFT JOIN former_surveys AS former ON new.within_asked AND former.workspace_ref = new.workspace_ref
    AND former.touchpoint_ref = new.touchpoint_ref AND former.survey_ref = new.survey_ref
WHERE (new.within_asked IS NULL OR new.channel <> 'widget' OR ${until} IS NOT 0) AND ${when}
ON CONFLICT (workspace_ref, id) DO UPDATE SET
  rating = IIF(${higher}, excluded.rating, old.rating),
  survey_version = IIF(${higher}, COALESCE(excluded.survey_version, old.survey_version), old.survey_version),
  ${filled("comment", fills)},
  ${filled("answers", fills)},
  ${filled("properties", "true")},
  respondent = COALESCE(old.respondent, excluded.respondent),
  revision = MAX(old.revision, excluded.revision),
  updated_at = excluded.received_at
WHERE ${isSame("excluded")} AND old.exclusion <> '${erased}'
  AND (${higher} OR ${gap("properties")} OR ${gap("respondent")} OR ((${gap("comment")} OR ${gap("answers")}) AND ${fills}))
RETURNING workspace_ref AS workspace, id, updated_at IS NULL AS created`;

const isUnasked = (step: string) => `${step} IN (SELECT value FROM json_each(new.unasked))`;
const unaskedComment = `old.comment <> '${forgotten}' AND ${isUnasked("'comment'")}`;
const unaskedAnswer = `value <> '${forgotten}' AND ${isUnasked("key")}`;
// Before a message that will stand: removes stored answers to steps that are not asked after it, as far as its isolate
// has heard what the survey asks.
const dropUnasked = (id: string) => `
UPDATE responses AS old SET comment = IIF(${unaskedComment}, NULL, old.comment),
  answers = IIF(old.answers IS NULL, NULL, (SELECT ${objectOf} FROM json_each(old.answers)
    WHERE NOT (${unaskedAnswer})))
FROM (${incoming(id)}) AS new
WHERE old.workspace_ref = new.workspace_ref AND old.id = new.id AND ${isSame("new")} AND old.exclusion <> '${erased}'
  AND (new.revision > old.revision OR (new.revision = old.revision AND new.rating = old.rating))
  AND (new.made_from IS NULL OR new.made_from = old.revision)
  AND new.steps_version = (SELECT steps_version FROM surveys WHERE ref = old.survey_ref)
  AND (${unaskedComment} OR EXISTS (SELECT 1 FROM json_each(old.answers) WHERE ${unaskedAnswer}))`;

/**
 * Saves a list of responses in one transaction, in which triggers update the roll-up. One response is a list of one.
 * Answers what became of each, in order. Safe to repeat. An id may occur more than once in the list.
 * `beside` is written with them, in the same transaction.
 */
export const saveResponses = (
  db: Database,
  workspace: number,
  responses: readonly NewResponse[],
  now: number,
  beside: readonly Statement[] = [],
): Promise<Saved[]> =>
  saveTogether(
    db,
    responses.map((response) => ({ ...response, workspace, receivedAt: now })),
    beside,
  );

/** Earlier ids are looked up only where a message has one, since most have none. */
const idOf = (rows: readonly Incoming[]) =>
  rows.some(({ earlierId }) => earlierId !== undefined) ? knownId : "value->>'id'";

const keyOf = ({ workspace, id }: { workspace: number; id: string }) => `${workspace} ${id}`;

/** Like `saveResponses`, for several workspaces. */
export async function saveTogether(
  db: Database,
  given: readonly Incoming[],
  beside: readonly Statement[] = [],
): Promise<Saved[]> {
  await db.ensure(installTriggers);
  const rows = given.map((row) =>
    row.unasked?.length ? { ...row, ...withoutUnasked(row, row.unasked) } : row,
  );
  const groups = Map.groupBy(rows, keyOf);
  if (groups.size === rows.length) return saveDistinct(db, rows, beside);
  // One statement would not tell which of an id's messages it saved, so they are merged into one first.
  const repeated = [...groups.values()].filter(({ length }) => length > 1);
  const held = await heldOf(
    db,
    repeated.flatMap(([first]) => first ?? []),
  );
  const results = new Map<Incoming, Saved>();
  const merged = repeated.flatMap((messages, index) => mergeAll(messages, held[index], results));
  const distinct = [...[...groups.values()].flatMap((group) => (group.length > 1 ? [] : group)), ...merged];
  const saved = distinct.length > 0 ? await saveDistinct(db, distinct, beside) : [];
  for (const [index, row] of distinct.entries()) {
    const status = saved[index];
    // Merged messages have their statuses already, unless none of them was stored.
    if (status?.status === "unasked")
      for (const message of groups.get(keyOf(row)) ?? []) results.set(message, status);
    else if (status && !results.has(row)) results.set(row, status);
  }
  return rows.map((row) => results.get(row) ?? { status: "unchanged", id: row.id });
}

interface Found {
  id: string;
  hasSteps: number;
  stepsVersion: number;
  /** null: nothing is stored. */
  held: Json<Held> | null;
}

/** What is stored under the ids of these rows, in their order. */
async function heldOf(db: Database, rows: readonly Incoming[]): Promise<Found[]> {
  const id = idOf(rows);
  const found = await db.batch<Found>(
    listsOf(rows).map((list) => ({
      sql: `SELECT new.id, surveys.steps IS NOT NULL AS hasSteps, surveys.steps_version AS stepsVersion,
          IIF(old.id IS NULL, NULL, json_object('touchpointRef', old.touchpoint_ref, 'surveyRef', old.survey_ref, 'surveyVersion', old.survey_version, 'rating', old.rating,
            'comment', old.comment, 'channel', old.channel, 'respondent', old.respondent, 'properties', json(old.properties),
            'answers', json(old.answers), 'revision', old.revision,
            'erased', json(IIF(old.exclusion = '${erased}', 'true', 'false')))) AS held
        FROM (${incoming(id)}) AS new LEFT JOIN responses AS old ON old.workspace_ref = new.workspace_ref AND old.id = new.id
          JOIN surveys ON surveys.ref = COALESCE(old.survey_ref, new.survey_ref)
        ORDER BY place`,
      values: [list],
    })),
  );
  return found.flat();
}

/** The one row into which an id's messages merge, with what became of each message; [] where they change nothing. */
function mergeAll(
  messages: readonly Incoming[],
  found: Found | undefined,
  results: Map<Incoming, Saved>,
): Incoming[] {
  let held = fromJson(found?.held ?? null);
  const stored = held ? answeredSteps(held) : [];
  let kept = stored;
  let last: Incoming | undefined;
  for (const message of messages) {
    const isHeard = message.stepsVersion === found?.stepsVersion;
    const merged = merge(held, isHeard ? message : { ...message, unasked: [] }, found?.hasSteps === 1);
    results.set(message, { status: merged.status, id: found?.id ?? message.id });
    if (merged.status === "created" || merged.status === "updated") last = message;
    held = merged.held;
    const left = answeredSteps(held);
    kept = kept.filter((step) => left.includes(step));
  }
  // A later message may have answered them anew.
  const unasked = stored.filter((step) => !kept.includes(step));
  if (unasked.length > 0) last ??= messages.at(-1);
  if (!last || !held) return [];
  // What is unasked was found by the present steps, whichever the last message was read by.
  const { stepsVersion } = found ?? {};
  return [
    { ...last, ...held, answers: held.answers ?? undefined, leftOut: undefined, unasked, stepsVersion },
  ];
}

/** Saves rows whose ids all differ. */
async function saveDistinct(
  db: Database,
  rows: readonly Incoming[],
  beside: readonly Statement[],
): Promise<Saved[]> {
  const id = idOf(rows);
  const dropping = rows.filter(({ unasked }) => unasked && unasked.length > 0);
  const statements = (sql: string, list: readonly Incoming[]): Statement[] =>
    list.length === 0 ? [] : listsOf(list).map((text) => ({ sql, values: [text] }));
  const answersOf = rows.some(({ leftOut }) => leftOut) ? withEarlier : "new.answers";
  const when = rows.some(({ madeFrom }) => madeFrom !== undefined) ? stillMadeFrom : "true";
  const answers = await db.batch<{ workspace: number; id: string; created: number }>([
    ...statements(dropUnasked(id), dropping),
    ...statements(saveRows(id, answersOf, when), rows),
    ...beside,
  ]);
  const written = new Map(answers.flat().map((row) => [keyOf(row), row]));
  const saved = rows.map((row): Saved | null => {
    const found = written.get(keyOf(row)) ?? written.get(keyOf({ ...row, id: row.earlierId ?? row.id }));
    return found ? { status: found.created ? "created" : "updated", id: found.id } : null;
  });
  const silent = rows.filter((_, index) => saved[index] === null);
  const known = silent.length > 0 ? await silentOf(db, silent) : new Map<string, Saved>();
  return rows.map(
    (row, index) =>
      saved[index] ??
      known.get(keyOf(row)) ?? { status: row.withinAsked ? "unasked" : "unchanged", id: row.id },
  );
}

/** For responses that wrote no row: what their ids belong to, by the key that was sent. */
async function silentOf(db: Database, rows: readonly Incoming[]): Promise<Map<string, Saved>> {
  const id = idOf(rows);
  const found = await db.batch<{ workspace: number; sent: string; id: string; same: number }>(
    listsOf(rows).map((list) => ({
      sql: `SELECT old.workspace_ref AS workspace, sent, old.id, ${isSame("new")} AS same FROM (${incoming(id)}) AS new
        CROSS JOIN responses AS old ON old.workspace_ref = new.workspace_ref AND old.id = new.id`,
      values: [list],
    })),
  );
  return new Map(
    found.flat().map(({ workspace, sent, id: stored, same }): [string, Saved] => {
      return [keyOf({ workspace, id: sent }), { id: stored, status: same === 0 ? "conflict" : "unchanged" }];
    }),
  );
}
