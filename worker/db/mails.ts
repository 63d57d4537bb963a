import type { Asking } from "../../shared/asking.ts";
import type { MailState, SkipReason } from "../../shared/contract/sends.ts";
import { dayMs } from "./cells.ts";
import type { Database, Statement } from "./database.ts";
import { type SurveyRow, surveyColumns } from "./surveys.ts";

export interface NewMail {
  invitation: string;
  campaignRef: number | null;
  templateRef: number | null;
  /** Of its links. */
  origin: string;
  address: string;
  name: string | null;
  timeZone: string | null;
  /** What the clocks know the person by. */
  person: string;
  /** Unix ms; null: when its campaign runs. If it has begun meanwhile, after all others. */
  dueAt: number | null;
}

/**
 * One mail each, written before its invitation is; of an invitation that has its mail, that stays, and one that is there
 * as a link gets none. Safe to repeat.
 */
export const insertMails = (workspace: number, mails: readonly NewMail[], now: number): Statement => ({
  sql: `INSERT INTO mails (invitation, reminder, workspace_ref, campaign_ref, template_ref, origin, address, name, time_zone,
      person, state, due_at)
    SELECT value->>'invitation', 0, ?1, value->>'campaignRef', value->>'templateRef', value->>'origin', value->>'address',
      value->>'name', value->>'timeZone', value->>'person', 'waiting',
      coalesce(value->>'dueAt', (SELECT max(?3, coalesce(starts_at, 0),
            coalesce((SELECT MAX(due_at) FROM mails WHERE campaign_ref = ref AND reminder = 0 AND mails.state = 'waiting'), 0))
          + coalesce(3600000 / mails_per_hour, 0) * (key + 1)
        FROM campaigns WHERE ref = value->>'campaignRef' AND state = 'running'))
    FROM json_each(?2)
    WHERE NOT EXISTS (SELECT 1 FROM invitations WHERE id = value->>'invitation' AND channel <> 'email') ON CONFLICT DO NOTHING`,
  values: [workspace, JSON.stringify(mails), now],
});

/** A mail that this sender alone may send, with all that decides whether it does. */
export interface ClaimedMail extends SurveyRow {
  invitation: string;
  reminder: number;
  attempts: number;
  workspaceRef: number;
  touchpointRef: number;
  surveyRef: number;
  waitDays: number;
  /** JSON: the workspace's policy, its sender, the template's texts; null: none. */
  asking: string;
  sender: string | null;
  words: string | null;
  workspaceZone: string;
  origin: string;
  address: string;
  /** Of the recipient; `name` is the survey's. */
  recipientName: string | null;
  timeZone: string | null;
  person: string;
  /** JSON; null: none. */
  properties: string | null;
  recipientLocale: string | null;
  expiresAt: number;
  revokedAt: number | null;
  campaignRef: number | null;
  campaignState: string | null;
  /** Times that somebody had it sent again. */
  again: number;
  endsAt: number | null;
  remindAfterDays: number | null;
  answered: number;
  suppressed: number;
  /** Of the mail that this one reminds of; null: it is the first. */
  firstState: MailState | null;
  /** Of the person, up to now. */
  askings: Asking[];
}

/** As the database has it: JSON. */
type ClaimedRow = Omit<ClaimedMail, "askings"> & { askings: string };

/** What became of a claimed mail. */
export interface MailResult {
  mail: Pick<
    ClaimedMail,
    "invitation" | "reminder" | "workspaceRef" | "person" | "surveyRef" | "touchpointRef"
  >;
  state: MailState;
  reason: string | null;
  /** Of one that waits: when it is tried again, unix ms. */
  dueAt: number | null;
  /** It was tried, and counts as one try. */
  tried: boolean;
  /** Unix ms; null: it was not sent, as far as is known. */
  sentAt: number | null;
  /** When it is asked about again; null: never. */
  remindAt: number | null;
  /** There is no such mailbox: nothing is sent to it any more. */
  suppress: boolean;
  /** Mails that have to wait as this one does; null: none. */
  postpone: Postponement | null;
}

/** Waiting mails of a campaign are put off together, with the distances between them: the first of them to this instant. */
export interface Postponement {
  campaignRef: number;
  reminder: number;
  /** IANA; null: whatever zone they are in. `workspaceZone`: those without one are in it. */
  zone: string | null;
  workspaceZone: string;
  until: number;
}

const postponed = ({ campaignRef, reminder, zone, workspaceZone, until }: Postponement): Statement => {
  const these = `campaign_ref = ?1 AND reminder = ?2 AND state = 'waiting' AND due_at IS NOT NULL
    AND (?3 IS NULL OR coalesce(time_zone, ?4) = ?3)`;
  return {
    // Done twice it does nothing: the first is there already.
    sql: `UPDATE mails SET due_at = due_at + (?5 - (SELECT MIN(due_at) FROM mails WHERE ${these}))
      WHERE ${these} AND (SELECT MIN(due_at) FROM mails WHERE ${these}) < ?5`,
    values: [campaignRef, reminder, zone, workspaceZone, until],
  };
};

const keptAskingsMs = 400 * dayMs;

const record = (claim: string, results: readonly MailResult[], now: number): Statement[] => {
  const rows = results.map(({ mail, postpone: _, ...result }) => ({
    ...mail,
    ...result,
    tried: Number(result.tried),
  }));
  const json = JSON.stringify(rows);
  const asked = JSON.stringify(
    rows.filter(({ sentAt, state, reminder }) => reminder === 0 && (sentAt !== null || state === "in_doubt")),
  );
  const suppressed = JSON.stringify(rows.filter(({ suppress }) => suppress));
  const reminded = JSON.stringify(rows.filter(({ remindAt }) => remindAt !== null));
  const postponements = results.flatMap(({ postpone }) => postpone ?? []);
  const different = new Map(postponements.map((one) => [JSON.stringify(one), one]));
  return [
    ...[...different.values()].map(postponed),
    ...(asked === "[]"
      ? []
      : [
          {
            sql: `INSERT INTO askings (workspace_ref, person, asked_at, survey_ref, touchpoint_ref, channel)
              SELECT value->>'workspaceRef', value->>'person', claimed_at, value->>'surveyRef', value->>'touchpointRef', 'email'
              FROM json_each(?1) JOIN mails ON mails.invitation = value->>'invitation' AND mails.reminder = value->>'reminder'
              WHERE claim = ?2 ON CONFLICT DO NOTHING`,
            values: [asked, claim],
          },
        ]),
    ...(reminded === "[]"
      ? []
      : [
          {
            sql: `INSERT INTO mails (invitation, reminder, workspace_ref, campaign_ref, template_ref, origin, address, name,
                time_zone, person, state, due_at)
              SELECT mails.invitation, 1, workspace_ref, campaign_ref, template_ref, origin, address, name, time_zone, person,
                'waiting', value->>'remindAt'
              FROM json_each(?1) JOIN mails ON mails.invitation = value->>'invitation' AND mails.reminder = 0
              WHERE claim = ?2 ON CONFLICT DO NOTHING`,
            values: [reminded, claim],
          },
        ]),
    ...(suppressed === "[]"
      ? []
      : [
          {
            sql: `INSERT INTO suppressions (workspace_ref, address, reason, created_at)
              SELECT workspace_ref, lower(address), 'bounced', ?3
              FROM json_each(?1) JOIN mails ON mails.invitation = value->>'invitation' AND mails.reminder = value->>'reminder'
              WHERE claim = ?2 ON CONFLICT DO NOTHING`,
            values: [suppressed, claim, now],
          },
        ]),
    {
      // By the claim: who lost it changes nothing. What was heard of the mail meanwhile stands.
      sql: `UPDATE mails SET state = IIF(state = 'sending', value->>'state', state),
          reason = IIF(state = 'sending', value->>'reason', reason), due_at = value->>'dueAt',
          attempts = attempts + (value->>'tried'), sent_at = value->>'sentAt', claim = NULL, claimed_at = NULL
        FROM json_each(?1) WHERE mails.invitation = value->>'invitation' AND mails.reminder = value->>'reminder' AND claim = ?2`,
      values: [json, claim],
    },
  ];
};

/** Of a survey at its touchpoint: archiving either ends what is asked. */
const askedColumns = surveyColumns
  .replace("locale, texts", "surveys.locale, surveys.texts")
  .replace("surveys.archived_at", "coalesce(surveys.archived_at, touchpoints.archived_at)");

/** Mails that may be claimed, oldest first. */
const due = (only: string) =>
  `SELECT invitation, reminder FROM mails AS due WHERE state = 'waiting' AND due_at <= ?2 ${only}
     AND NOT EXISTS (SELECT 1 FROM mails AS other WHERE other.claim IS NOT NULL AND other.person = due.person)
   ORDER BY due_at LIMIT ?3`;

/**
 * Writes what became of the mails of one claim, and makes another claim on the next that are due, in one transaction.
 * Mails of no campaign come first: somebody waits for them. Nobody else sends a claimed mail, or another one to the same
 * person meanwhile, so that the clocks see the first before the second. Safe to repeat.
 */
export async function recordAndClaim(
  db: Database,
  done: { claim: string; results: readonly MailResult[] } | null,
  next: { claim: string; most: number } | null,
  now: number,
): Promise<ClaimedMail[]> {
  const statements: Statement[] =
    done && done.results.length > 0 ? record(done.claim, done.results, now) : [];
  if (next)
    statements.push(
      {
        sql: `UPDATE mails SET state = 'sending', claim = ?1, claimed_at = ?2
          WHERE (invitation, reminder) IN (
            SELECT invitation, reminder FROM (
              SELECT * FROM (${due("AND campaign_ref IS NULL")}) UNION ALL SELECT * FROM (${due("")}) LIMIT ?3))
          AND NOT EXISTS (SELECT 1 FROM mails WHERE claim = ?1)`,
        values: [next.claim, now, next.most],
      },
      {
        sql: `SELECT mails.invitation, mails.reminder, mails.attempts, mails.workspace_ref AS workspaceRef,
            invitations.touchpoint_ref AS touchpointRef, invitations.survey_ref AS surveyRef, wait_days AS waitDays, asking, workspaces.mail AS sender, templates.texts AS words,
            workspaces.time_zone AS workspaceZone, mails.origin, mails.address, mails.name AS recipientName,
            mails.time_zone AS timeZone, mails.person, invitations.properties,
            invitations.locale AS recipientLocale, expires_at AS expiresAt, revoked_at AS revokedAt,
            mails.campaign_ref AS campaignRef, campaigns.state AS campaignState, mails.again, ends_at AS endsAt, remind_after_days AS remindAfterDays,
            EXISTS (SELECT 1 FROM responses WHERE responses.workspace_ref = mails.workspace_ref AND responses.id = response) AS answered,
            EXISTS (SELECT 1 FROM suppressions WHERE suppressions.workspace_ref = mails.workspace_ref
              AND suppressions.address IN (lower(mails.address), 'person:' || mails.person)) AS suppressed,
            first.state AS firstState,
            (SELECT json_group_array(json_array(asked.id, asked_at)) FROM askings JOIN surveys AS asked ON asked.ref = askings.survey_ref
              WHERE askings.workspace_ref = mails.workspace_ref AND askings.person = mails.person AND asked_at > ?2 AND asked_at <= ?3) AS askings,
            ${askedColumns}
          FROM mails JOIN invitations ON invitations.id = mails.invitation JOIN workspaces ON workspaces.ref = mails.workspace_ref
            JOIN touchpoints ON touchpoints.ref = invitations.touchpoint_ref JOIN surveys ON surveys.ref = invitations.survey_ref
            LEFT JOIN templates ON templates.ref = mails.template_ref LEFT JOIN campaigns ON campaigns.ref = mails.campaign_ref
            LEFT JOIN mails AS first ON mails.reminder = 1 AND first.invitation = mails.invitation AND first.reminder = 0
          WHERE mails.claim = ?1`,
        values: [next.claim, now - keptAskingsMs, now],
      },
    );
  if (statements.length === 0) return [];
  const rows = (await db.batch<ClaimedRow>(statements)).at(-1) ?? [];
  return next ? rows.map((row) => ({ ...row, askings: JSON.parse(row.askings) })) : [];
}

/**
 * What was claimed so long ago that its sender must have ended: nobody knows whether it was sent, so that it is not sent
 * again. Its person counts as asked.
 */
export async function doubtAbandoned(db: Database, claimedBefore: number): Promise<void> {
  const abandoned = "claim IS NOT NULL AND claimed_at <= ?1";
  await db.batch([
    {
      sql: `INSERT INTO askings (workspace_ref, person, asked_at, survey_ref, touchpoint_ref, channel)
        SELECT mails.workspace_ref, person, claimed_at, survey_ref, touchpoint_ref, 'email'
        FROM mails JOIN invitations ON invitations.id = invitation WHERE ${abandoned} AND reminder = 0 ON CONFLICT DO NOTHING`,
      values: [claimedBefore],
    },
    {
      sql: `UPDATE mails SET claim = NULL, claimed_at = NULL, state = IIF(state = 'sending', 'in_doubt', state),
          reason = IIF(state = 'sending', 'Its sender ended while it was being sent', reason)
        WHERE ${abandoned}`,
      values: [claimedBefore],
    },
  ]);
}

/** Mails of a workspace that are in doubt. */
export const countInDoubt = async (db: Database, workspace: number): Promise<number> =>
  (
    await db.first<{ n: number }>(
      "SELECT COUNT(*) AS n FROM mails WHERE workspace_ref = ?1 AND state = 'in_doubt' AND reminder = 0",
      workspace,
    )
  )?.n ?? 0;

/** Puts one that was not sent, or is in doubt, back among those that wait. */
export async function sendAgain(
  db: Database,
  workspace: number,
  invitation: string,
  now: number,
): Promise<boolean> {
  const rows = await db.all<{ state: MailState }>(
    `UPDATE mails SET state = 'waiting', reason = NULL, due_at = ?3, attempts = 0, again = again + 1
     WHERE workspace_ref = ?1 AND invitation = ?2 AND reminder = 0 AND state IN ('in_doubt', 'failed', 'skipped', 'bounced') RETURNING state`,
    ...[workspace, invitation, now],
  );
  return rows.length > 0;
}

export interface MailNews {
  invitation: string;
  reminder: number;
  state: Extract<MailState, "delivered" | "bounced" | "unsubscribed">;
  reason: string | null;
  /** Why nothing is sent to the address any more; null: it still is. */
  suppress: "bounced" | "complained" | "unsubscribed" | null;
}

/** What a provider or the recipient says of a mail that was sent. False: there is no such mail. */
export async function takeNews(db: Database, news: MailNews, now: number): Promise<boolean> {
  const { invitation, reminder, state, reason, suppress } = news;
  const key = [invitation, reminder];
  const [, , found] = await db.batch<{ address: string }>([
    {
      sql: `INSERT INTO suppressions (workspace_ref, address, reason, created_at)
        SELECT workspace_ref, IIF(address = '', 'person:' || person, lower(address)), ?3, ?4 FROM mails WHERE invitation = ?1 AND reminder = ?2 AND ?3 IS NOT NULL
        ON CONFLICT DO NOTHING`,
      values: [...key, suppress, now],
    },
    {
      // What was heard of bounces and of people stands over what comes late of the delivery.
      sql: `UPDATE mails SET state = ?3, reason = coalesce(?4, reason) WHERE invitation = ?1 AND reminder = ?2
        AND state IN ('sending', 'sent', 'delivered', 'in_doubt') AND NOT (state = 'delivered' AND ?3 = 'delivered')`,
      values: [...key, state, reason],
    },
    { sql: "SELECT address FROM mails WHERE invitation = ?1 AND reminder = ?2", values: key },
  ]);
  return found?.length === 1;
}

/** Skip reasons and states are counted together: a campaign's mails by reminder, state and, where skipped, reason. */
export const countMails = (db: Database, campaign: number) =>
  db.all<{ reminder: number; state: MailState; reason: SkipReason | null; n: number; answered: number }>(
    `SELECT reminder, mails.state, IIF(mails.state = 'skipped', reason, NULL) AS reason, COUNT(*) AS n, COUNT(responses.id) AS answered
     FROM mails JOIN invitations ON invitations.id = invitation
       LEFT JOIN responses ON responses.workspace_ref = invitations.workspace_ref AND responses.id = response
     WHERE campaign_ref = ?1 GROUP BY 1, 2, 3`,
    campaign,
  );

export interface MailerRow {
  heldUntil: number;
  failures: number;
  fault: string | null;
  answer: string | null;
}

export const readMailer = async (db: Database): Promise<MailerRow> =>
  (await db.first<MailerRow>("SELECT held_until AS heldUntil, failures, fault, answer FROM mailer")) ?? {
    ...{ heldUntil: 0, failures: 0, fault: null, answer: null },
  };

export async function writeMailer(
  db: Database,
  { heldUntil, failures, fault, answer }: MailerRow,
): Promise<void> {
  await db.all(
    `INSERT INTO mailer (one, held_until, failures, fault, answer) VALUES (1, ?1, ?2, ?3, ?4)
     ON CONFLICT DO UPDATE SET held_until = excluded.held_until, failures = excluded.failures, fault = excluded.fault,
       answer = excluded.answer`,
    ...[heldUntil, failures, fault, answer],
  );
}
