import type { Asking, Properties } from "../../../shared/asking/asking.ts";
import type { AskingPolicy } from "../../../shared/asking/rules.ts";
import type { MailSettings } from "../../../shared/contract/mail/mail.ts";
import type { MailState } from "../../../shared/contract/mail/sends.ts";
import type { TemplateTexts } from "../../../shared/contract/mail/templates.ts";
import { hourMs, minuteMs } from "../../../shared/time/durations.ts";
import { insertAskings, keptMs } from "../../asking/db/askings.ts";
import type { Database, Statement } from "../../db/database.ts";
import { fromJson, type Json } from "../../db/json.ts";
import { installTriggers } from "../../rollup/triggers.ts";
import { type SurveyRow, surveyColumns } from "../../surveys/db/surveys.ts";
import { insertSuppressions, suppressedAs } from "./suppressions.ts";

/** A mail that only this sender may send, with everything that decides whether it does. */
export interface ClaimedMail extends SurveyRow {
  claim: string;
  invitation: string;
  reminder: number;
  attempts: number;
  workspaceRef: number;
  touchpointRef: number;
  surveyRef: number;
  waitDays: number;
  /** The workspace's policy, its sender, the template's texts; null: none. */
  asking: Json<AskingPolicy>;
  sender: Json<MailSettings> | null;
  words: Json<TemplateTexts> | null;
  workspaceZone: string;
  origin: string;
  address: string;
  /** The recipient's name; `name` is the survey's. */
  recipientName: string | null;
  timeZone: string | null;
  person: string;
  properties: Json<Properties> | null;
  recipientLocale: string | null;
  expiresAt: number;
  revokedAt: number | null;
  campaignRef: number | null;
  campaignState: string | null;
  /** How often somebody had it sent again. */
  again: number;
  endsAt: number | null;
  remindAfterDays: number | null;
  answered: number;
  suppressed: number;
  /** The state of the first mail, of which this one reminds; null: this is the first. */
  firstState: MailState | null;
  /** The person's askings up to now. */
  askings: Asking[];
}

/** The row as the database has it. */
type ClaimedRow = Omit<ClaimedMail, "askings"> & { askings: Json<Asking[]> };

/** What became of a claimed mail. */
export interface MailResult {
  mail: Pick<
    ClaimedMail,
    "claim" | "invitation" | "reminder" | "workspaceRef" | "person" | "surveyRef" | "touchpointRef"
  >;
  state: MailState;
  reason: string | null;
  /** When a waiting mail is tried again, unix ms; null: when its campaign's turn comes. */
  dueAt: number | null;
  /** Whether this counts as a try. */
  tried: boolean;
  /** Unix ms; null: not sent, as far as is known. */
  sentAt: number | null;
  /** When the reminder is due; null: never. */
  remindAt: number | null;
  /** There is no such mailbox, so nothing is sent to it any more. */
  suppress: boolean;
}

const record = (results: readonly MailResult[], now: number): Statement[] => {
  const rows = results.map(({ mail, ...result }) => ({ ...mail, ...result, tried: Number(result.tried) }));
  const asked = rows.filter(
    ({ sentAt, state, reminder }) => reminder === 0 && (sentAt !== null || state === "in_doubt"),
  );
  const reminded = rows.filter(({ remindAt }) => remindAt !== null);
  const suppressed = rows.filter(({ suppress }) => suppress);
  // By the claim, so that a sender who lost it changes nothing.
  const claimed = "mails.reminder = value->>'reminder' AND claim = value->>'claim'";
  return [
    ...some(asked, (json) =>
      insertAskings(
        `SELECT value->>'workspaceRef', value->>'person', claimed_at, value->>'surveyRef', value->>'touchpointRef', 'email'
         FROM json_each(?1) CROSS JOIN mails ON mails.invitation = value->>'invitation' AND ${claimed}
         WHERE address <> ''`,
        json,
      ),
    ),
    ...some(reminded, (json) => ({
      sql: `INSERT INTO mails (invitation, reminder, workspace_ref, campaign_ref, template_ref, origin, address, name,
          time_zone, person, addressee, state, due_at)
        SELECT mails.invitation, 1, workspace_ref, campaign_ref, template_ref, origin, address, name, time_zone, person, addressee,
          'waiting', value->>'remindAt'
        FROM json_each(?1) CROSS JOIN mails ON mails.invitation = value->>'invitation' AND ${claimed}
        WHERE address <> '' ON CONFLICT DO NOTHING`,
      values: [json],
    })),
    ...some(suppressed, (json) =>
      insertSuppressions(
        `SELECT workspace_ref, ${suppressedAs}, 'bounced', ?2
         FROM json_each(?1) CROSS JOIN mails ON mails.invitation = value->>'invitation' AND ${claimed} WHERE true`,
        json,
        now,
      ),
    ),
    ...some(rows, (json) => ({
      // A state that was reported meanwhile stands. A recipient who was erased meanwhile gets no more mail.
      sql: `UPDATE mails SET
          state = CASE WHEN state <> 'sending' THEN state WHEN address = '' AND value->>'state' = 'waiting' THEN 'skipped' ELSE value->>'state' END,
          reason = CASE WHEN address = '' THEN IIF(value->>'state' = 'waiting', 'erased', NULL) WHEN state = 'sending' THEN value->>'reason' ELSE reason END,
          due_at = value->>'dueAt',
          attempts = attempts + (value->>'tried'), sent_at = value->>'sentAt', claim = NULL, claimed_at = NULL
        FROM json_each(?1) WHERE mails.invitation = value->>'invitation' AND ${claimed}`,
      values: [json],
    })),
  ];
};

/** No statement for no rows. */
const some = (rows: readonly object[], statement: (json: string) => Statement): Statement[] =>
  rows.length === 0 ? [] : [statement(JSON.stringify(rows))];

/** The columns of a survey at its touchpoint. Archiving either of the two ends what is asked. */
const askedColumns = surveyColumns
  .replace("locale, texts", "surveys.locale, surveys.texts")
  .replace("surveys.archived_at", "coalesce(surveys.archived_at, touchpoints.archived_at)");

/** A campaign whose turn it is. */
export interface Turn {
  campaign: number;
  /** Whether it sends only so many mails an hour. */
  isPaced: boolean;
  /** Zones in which its first mails, and its reminders, may go now; '': the workspace's own zone. */
  firsts: readonly string[];
  reminders: readonly string[];
}

interface Claim {
  /** A UUID. */
  claim: string;
  maxMails: number;
  /** null: only mails outside of campaigns. */
  turn: Turn | null;
}

/** After a time without sending (night, no provider), a campaign catches up on this much and no more. */
const maxBehindMs = 5 * minuteMs;

/** Nobody gets two mails at a time, so that the clocks see the first before the second. */
const isAlone =
  "NOT EXISTS (SELECT 1 FROM mails AS other WHERE other.claim IS NOT NULL AND other.person = due.person)";

const queued = (reminder: 0 | 1, zones: string, count: string) =>
  `SELECT due.invitation, due.reminder FROM json_each(${zones}) AS zone CROSS JOIN mails AS due
     ON campaign_ref = ?4 AND due.reminder = ${reminder} AND coalesce(time_zone, '') = zone.value
     AND coalesce(due_at, 0) <= ?2 AND due.state = 'waiting' AND ${isAlone}
   LIMIT coalesce((SELECT ${count} FROM campaigns WHERE ref = ?4 AND state = 'running' AND coalesce(ends_at, ?2 + 1) > ?2), 0)`;

/** How many first mails the campaign's rate allows now. */
const paced = `CASE WHEN paced_to > ?2 THEN 0 WHEN mails_per_hour IS NULL THEN ?3
  ELSE min(?3, CAST((?2 - max(paced_to, ?2 - ${maxBehindMs})) / (${hourMs} / mails_per_hour) AS INTEGER) + 1) END`;

const claimDue = ({ claim, maxMails, turn }: Claim, now: number): Statement => ({
  sql: `UPDATE mails SET state = 'sending', claim = ?1, claimed_at = ?2
    WHERE (invitation, reminder) IN (SELECT invitation, reminder FROM (
      SELECT * FROM (SELECT invitation, reminder FROM mails AS due
        WHERE campaign_ref IS NULL AND state = 'waiting' AND due_at <= ?2 AND ${isAlone} ORDER BY due_at LIMIT ?3)
      UNION ALL SELECT * FROM (${queued(1, "?5", "?3")})
      UNION ALL SELECT * FROM (${queued(0, "?6", paced)})
      LIMIT ?3))
    AND NOT EXISTS (SELECT 1 FROM mails WHERE claim = ?1)`,
  values: [
    claim,
    now,
    maxMails,
    turn?.campaign ?? null,
    JSON.stringify(turn?.reminders ?? []),
    JSON.stringify(turn?.firsts ?? []),
  ],
});

/** Reads by this index alone: a claim has few mails, and a campaign may have many. */
const firstsOf =
  "FROM mails INDEXED BY mails_claimed WHERE claim = ?1 AND campaign_ref = ?3 AND reminder = 0";

/** The campaign waits as its rate demands. A repeat makes it wait longer than needed, never shorter. */
const keepPace = ({ claim }: Claim, campaign: number, now: number): Statement => ({
  sql: `UPDATE campaigns SET paced_to = max(paced_to, ?2 - ${maxBehindMs}) + ${hourMs} / mails_per_hour
      * (SELECT COUNT(*) ${firstsOf})
    WHERE ref = ?3 AND mails_per_hour IS NOT NULL
      AND EXISTS (SELECT 1 ${firstsOf})`,
  values: [claim, now, campaign],
});

/**
 * Writes what became of claimed mails, and claims the next that are due, in one transaction. Mails outside of campaigns
 * come first, since somebody waits for them; then reminders. Meanwhile nobody else sends a claimed mail, or another one
 * to the same person. Safe to repeat.
 */
export async function recordAndClaim(
  db: Database,
  done: readonly MailResult[],
  next: Claim | null,
  now: number,
): Promise<ClaimedMail[]> {
  const statements: Statement[] = record(done, now);
  if (next) {
    statements.push(claimDue(next, now));
    if (next.turn?.isPaced) statements.push(keepPace(next, next.turn.campaign, now));
    statements.push({
      sql: `SELECT mails.claim, mails.invitation, mails.reminder, mails.attempts, mails.workspace_ref AS workspaceRef,
            invitations.touchpoint_ref AS touchpointRef, invitations.survey_ref AS surveyRef, wait_days AS waitDays, asking, workspaces.mail AS sender, templates.texts AS words,
            workspaces.time_zone AS workspaceZone, mails.origin, mails.address, mails.name AS recipientName,
            mails.time_zone AS timeZone, mails.person, invitations.properties,
            invitations.locale AS recipientLocale, expires_at AS expiresAt, revoked_at AS revokedAt,
            mails.campaign_ref AS campaignRef, campaigns.state AS campaignState, mails.again, ends_at AS endsAt, remind_after_days AS remindAfterDays,
            EXISTS (SELECT 1 FROM responses WHERE responses.workspace_ref = mails.workspace_ref AND responses.id = response) AS answered,
            EXISTS (SELECT 1 FROM suppressions WHERE suppressions.workspace_ref = mails.workspace_ref
              AND suppressions.address IN (lower(mails.address), 'person:' || mails.person, 'person:' || mails.addressee)) AS suppressed,
            first.state AS firstState,
            (SELECT json_group_array(json_array(asked.id, asked_at)) FROM askings JOIN surveys AS asked ON asked.ref = askings.survey_ref
              WHERE askings.workspace_ref = mails.workspace_ref AND askings.person = mails.person AND asked_at > ?2 AND asked_at <= ?3) AS askings,
            ${askedColumns}
          FROM mails JOIN invitations ON invitations.id = mails.invitation JOIN workspaces ON workspaces.ref = mails.workspace_ref
            JOIN touchpoints ON touchpoints.ref = invitations.touchpoint_ref JOIN surveys ON surveys.ref = invitations.survey_ref
            LEFT JOIN templates ON templates.ref = mails.template_ref LEFT JOIN campaigns ON campaigns.ref = mails.campaign_ref
            LEFT JOIN mails AS first ON mails.reminder = 1 AND first.invitation = mails.invitation AND first.reminder = 0
          WHERE mails.claim = ?1`,
      values: [next.claim, now - keptMs, now],
    });
  }
  if (statements.length === 0) return [];
  await db.ensure(installTriggers);
  const rows = (await db.batch<ClaimedRow>(statements)).at(-1) ?? [];
  return next ? rows.map((row) => ({ ...row, askings: fromJson(row.askings) })) : [];
}

/**
 * Puts in doubt what was claimed so long ago that its sender must have ended. Nobody knows whether it was sent, so it
 * is not sent again. Its recipient counts as asked.
 */
export async function doubtAbandoned(db: Database, claimedBefore: number): Promise<void> {
  const abandoned = "claim IS NOT NULL AND claimed_at <= ?1";
  await db.batch([
    insertAskings(
      `SELECT mails.workspace_ref, person, claimed_at, survey_ref, touchpoint_ref, 'email'
       FROM mails JOIN invitations ON invitations.id = invitation WHERE ${abandoned} AND reminder = 0 AND address <> ''`,
      claimedBefore,
    ),
    {
      sql: `UPDATE mails SET claim = NULL, claimed_at = NULL, state = IIF(state = 'sending', 'in_doubt', state),
          reason = IIF(state = 'sending', 'Its sender ended while it was being sent', reason)
        WHERE ${abandoned}`,
      values: [claimedBefore],
    },
  ]);
}
