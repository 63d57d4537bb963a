import type { Properties } from "../../../shared/asking/asking.ts";
import type { InvitationState } from "../../../shared/contract/links.ts";
import type { MailState } from "../../../shared/contract/mail/sends.ts";
import { type Act, noteAct } from "../../audit/db/entries.ts";
import { always, type Condition, type Database, type Statement } from "../../db/database.ts";
import type { Json } from "../../db/json.ts";
import { type InvitedSpelling, noteInvited } from "../../people/db/spellings.ts";
import { installTriggers } from "../../rollup/triggers.ts";

export interface NewInvitation {
  id: string;
  touchpointRef: number;
  surveyRef: number;
  response: string;
  channel: "link" | "email";
  respondent: string | null;
  properties: Properties | null;
  locale: string | null;
  changeable: boolean;
  /** Unix ms. */
  expiresAt: number;
}

export interface InvitationRow {
  id: string;
  workspaceRef: number;
  /** Public id. */
  workspace: string;
  touchpoint: string;
  touchpointRef: number;
  survey: string;
  surveyRef: number;
  response: string;
  channel: "link" | "email";
  respondent: string | null;
  properties: Json<Properties> | null;
  locale: string | null;
  /** 1: a later answer replaces the earlier one. */
  changeable: number;
  createdAt: number;
  expiresAt: number;
  revokedAt: number | null;
  state: InvitationState;
  answeredAt: number | null;
  /** Of its first mail; null: it has no mail. */
  mailState: MailState | null;
  address: string | null;
  reason: string | null;
  dueAt: number | null;
  attempts: number | null;
  sentAt: number | null;
  campaign: string | null;
}

// Mails that wait in a campaign that is over count as skipped; their rows are not updated one by one. `?2` is now.
const isOver = "mails.state = 'waiting' AND (campaigns.state = 'cancelled' OR campaigns.ends_at <= ?2)";
const mailState = `IIF(${isOver}, 'skipped', mails.state)`;
// Whether it was answered is read from the response itself, so that the two cannot differ.
const columns = `invitations.id, invitations.workspace_ref AS workspaceRef, workspaces.id AS workspace, touchpoints.name AS touchpoint,
  invitations.touchpoint_ref AS touchpointRef, surveys.id AS survey, invitations.survey_ref AS surveyRef, response,
  invitations.channel, invitations.respondent, invitations.properties, invitations.locale, changeable,
  invitations.created_at AS createdAt, expires_at AS expiresAt, revoked_at AS revokedAt, responses.answered_at AS answeredAt,
  ${mailState} AS mailState, address, IIF(${isOver}, 'campaign-over', reason) AS reason, due_at AS dueAt, attempts, sent_at AS sentAt, campaigns.id AS campaign,
  CASE WHEN responses.id IS NOT NULL THEN 'answered' WHEN revoked_at IS NOT NULL THEN 'revoked'
    WHEN ${mailState} IN ('bounced', 'unsubscribed', 'failed', 'in_doubt', 'skipped') THEN ${mailState}
    WHEN expires_at <= ?2 THEN 'expired' WHEN mails.state IS NULL OR mails.state = 'waiting' THEN 'created'
    ELSE mails.state END AS state`;
const joined = `invitations JOIN workspaces ON workspaces.ref = invitations.workspace_ref JOIN touchpoints ON touchpoints.ref = invitations.touchpoint_ref
  JOIN surveys ON surveys.ref = invitations.survey_ref
  LEFT JOIN responses ON responses.workspace_ref = invitations.workspace_ref AND responses.id = response
  LEFT JOIN mails ON mails.invitation = invitations.id AND reminder = 0 LEFT JOIN campaigns ON campaigns.ref = campaign_ref`;

/** By id alone, which only its link tells. null: there is none. */
export const findInvitation = (db: Database, id: string, now: number): Promise<InvitationRow | null> =>
  db.first(`SELECT ${columns} FROM ${joined} WHERE invitations.id = ?1`, id, now);

/** Those of these ids for which the workspace (a public id) has invitations. */
export async function knownInvitations(
  db: Database,
  workspaceId: string,
  ids: readonly string[],
): Promise<Set<string>> {
  const rows = await db.all<{ id: string }>(
    `SELECT invitations.id FROM json_each(?2) CROSS JOIN invitations ON invitations.id = value
     WHERE workspace_ref = (SELECT ref FROM workspaces WHERE id = ?1)`,
    workspaceId,
    JSON.stringify(ids),
  );
  return new Set(rows.map(({ id }) => id));
}

/** An invitation whose id exists stays as it was made first. */
export const insertInvitation = (
  workspace: number,
  invitations: readonly NewInvitation[],
  now: number,
  when: Condition = always,
): Statement => ({
  sql: `INSERT INTO invitations (id, workspace_ref, touchpoint_ref, survey_ref, response, channel, respondent, properties,
      locale, changeable, created_at, expires_at)
    SELECT value->>'id', ?1, value->>'touchpointRef', value->>'surveyRef', value->>'response', value->>'channel',
      value->>'respondent', NULLIF(value->'properties', 'null'), value->>'locale', value->>'changeable', ?3,
      value->>'expiresAt'
    FROM json_each(?2) WHERE ${when.sql(4)} ON CONFLICT DO NOTHING`,
  values: [workspace, JSON.stringify(invitations), now, ...when.values],
});

/**
 * Makes invitations; those to be mailed need their mails first. One whose id exists stays as it was made first. Answers
 * all of them, by id. Safe to repeat. The act is written down unless all of them exist, a spelling where the invitation
 * is that respondent's.
 */
export async function insertInvitations(
  db: Database,
  workspace: number,
  invitations: readonly NewInvitation[],
  now: number,
  {
    spellings,
    mails = [],
    act,
  }: { spellings: readonly InvitedSpelling[]; mails?: readonly Statement[]; act: Act | null },
): Promise<Map<string, InvitationRow>> {
  const ids = JSON.stringify(invitations.map(({ id }) => id));
  if (mails.length > 0) await db.ensure(installTriggers);
  const results = await db.batch<InvitationRow>([
    ...noteAct(
      act,
      { count: [null, invitations.length] },
      "EXISTS (SELECT 1 FROM json_each(?1) WHERE NOT EXISTS (SELECT 1 FROM invitations WHERE id = value))",
      [ids],
    ),
    ...mails,
    insertInvitation(workspace, invitations, now),
    ...noteInvited(workspace, spellings),
    {
      // By the primary key: with `id IN (…)`, SQLite takes the index by time and reads all that the workspace has.
      sql: `SELECT ${columns} FROM json_each(?3) AS wanted CROSS JOIN ${joined}
        WHERE invitations.id = wanted.value AND invitations.workspace_ref = ?1`,
      values: [workspace, now, ids],
    },
  ]);
  return new Map(results.at(-1)?.map((row) => [row.id, row]));
}

interface InvitationFilter {
  touchpoint: string | null;
  survey: string | null;
  /** In any of these spellings. */
  respondent: readonly string[] | null;
  campaign: string | null;
  state: InvitationState | null;
  /** The last row of the previous page. */
  after: Place | null;
  limit: number;
}

/** A place in the list. The list continues with older invitations. */
export interface Place {
  createdAt: number;
  id: string;
}

/** Rows that one request reads to find those that pass a filter. */
const maxLookedAt = 500;

/**
 * Newest first; those of a campaign by id, in the order of its index. `stoppedAt`: where a search stopped that read
 * enough for one request; null: it filled a page or reached the end of the list.
 */
export async function listInvitations(
  db: Database,
  workspace: number,
  filter: InvitationFilter,
  now: number,
): Promise<{ rows: InvitationRow[]; stoppedAt: Place | null }> {
  const { touchpoint, survey, campaign, state, after, limit } = filter;
  const respondent = filter.respondent && JSON.stringify(filter.respondent);
  const { walk, key, rest } = walkOf(filter, respondent);
  const isFiltered = rest.some((wanted) => wanted !== null);
  const maxSeen = isFiltered ? maxLookedAt : limit;
  const seen = `${walk} LIMIT ${maxSeen}`;
  const order = campaign === null ? "createdAt DESC, id DESC" : "id DESC";
  // "~" comes after every letter of an id.
  const place = [workspace, now, after?.createdAt ?? Number.MAX_SAFE_INTEGER, after?.id ?? "~"];
  const [rows = [], places = []] = await db.batch<InvitationRow & Place>([
    {
      sql: `SELECT * FROM (SELECT ${columns} FROM (${seen}) AS seen CROSS JOIN ${joined}
          WHERE invitations.id = seen.id AND (?6 IS NULL OR touchpoints.name = ?6) AND (?7 IS NULL OR surveys.id = ?7)
            AND (?8 IS NULL OR invitations.respondent IN (SELECT value FROM json_each(?8))))
        WHERE ?9 IS NULL OR state = ?9 ORDER BY ${order} LIMIT ?10`,
      values: [...place, key, touchpoint, survey, respondent, state, limit],
    },
    ...(isFiltered
      ? [
          {
            sql: `SELECT id, createdAt FROM (${seen}) LIMIT 1 OFFSET ${maxSeen - 1}`,
            values: [...place, ...(key === null ? [] : [key])],
          },
        ]
      : []),
  ]);
  return { rows, stoppedAt: rows.length < limit ? (places[0] ?? null) : null };
}

/** How the list is walked: by the most selective index, whose key is `?5`; `rest`: the other filters of a row. */
function walkOf({ touchpoint, survey, campaign, state }: InvitationFilter, respondent: string | null) {
  const others = [touchpoint, survey];
  if (campaign !== null)
    return {
      walk: `SELECT invitation AS id, 0 AS createdAt FROM mails
        WHERE campaign_ref = (SELECT ref FROM campaigns WHERE id = ?5 AND workspace_ref = ?1) AND reminder = 0 AND invitation < ?4 ORDER BY invitation DESC`,
      key: campaign,
      rest: [...others, respondent, state],
    };
  const place = "(created_at, id) < (?3, ?4) ORDER BY created_at DESC, id DESC";
  if (respondent === null && state === "in_doubt")
    return {
      walk: `SELECT id, created_at AS createdAt FROM (SELECT invitation FROM mails WHERE workspace_ref = ?1 AND state = 'in_doubt' AND reminder = 0)
        CROSS JOIN invitations ON id = invitation WHERE ${place}`,
      key: null,
      rest: others,
    };
  // A person has few. The plus keeps SQLite from walking the index by time, through all that the workspace has.
  const theirs =
    "AND respondent IN (SELECT value FROM json_each(?5)) AND (+created_at, +id) < (?3, ?4) ORDER BY +created_at DESC, +id DESC";
  return {
    walk: `SELECT id, created_at AS createdAt FROM invitations WHERE workspace_ref = ?1 ${respondent === null ? `AND ${place}` : theirs}`,
    key: respondent,
    rest: [...others, state],
  };
}

/** null: absent, or of another workspace. */
export async function readInvitation(
  db: Database,
  workspace: number,
  id: string,
  now: number,
): Promise<InvitationRow | null> {
  const row = await findInvitation(db, id, now);
  return row?.workspaceRef === workspace ? row : null;
}

/** Ends a link. One that was ended before keeps its time. */
export async function revokeInvitation(
  db: Database,
  workspace: number,
  id: string,
  now: number,
): Promise<void> {
  await db.all(
    "UPDATE invitations SET revoked_at = ?3 WHERE workspace_ref = ?1 AND id = ?2 AND revoked_at IS NULL",
    workspace,
    id,
    now,
  );
}

/** Erases whom an invitation asked. */
export const forgetInvited = (workspace: number, id: string): Statement => ({
  sql: "UPDATE invitations SET respondent = NULL, properties = NULL WHERE id = ?2 AND workspace_ref = ?1",
  values: [workspace, id],
});
