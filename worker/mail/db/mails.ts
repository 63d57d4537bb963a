import type { MailState } from "../../../shared/contract/mail/sends.ts";
import { type Act, noteAct } from "../../audit/db/entries.ts";
import { always, type Condition, type Database, type Statement } from "../../db/database.ts";
import type { HashedAddress } from "../../people/person.ts";
import { installTriggers } from "../../rollup/triggers.ts";
import { insertSuppressions, suppressedAs } from "./suppressions.ts";

export interface NewMail {
  invitation: string;
  campaignRef: number | null;
  templateRef: number | null;
  /** The origin of its links. */
  origin: string;
  address: string;
  name: string | null;
  timeZone: string | null;
  /** The hash by which clocks know the respondent. */
  person: string;
  /** The hash of its address; null: `person` is this hash. */
  addressee: string | null;
  /** Unix ms; null: when its campaign's turn comes. */
  dueAt: number | null;
}

/**
 * One mail for each invitation, written before it. An invitation that has a mail keeps it, and one that exists as a
 * link gets none. Safe to repeat.
 */
export const insertMails = (
  workspace: number,
  mails: readonly NewMail[],
  when: Condition = always,
): Statement => ({
  sql: `INSERT INTO mails (invitation, reminder, workspace_ref, campaign_ref, template_ref, origin, address, name, time_zone,
      person, addressee, state, due_at)
    SELECT value->>'invitation', 0, ?1, value->>'campaignRef', value->>'templateRef', value->>'origin', value->>'address',
      value->>'name', value->>'timeZone', value->>'person', value->>'addressee', 'waiting', value->>'dueAt'
    FROM json_each(?2)
    WHERE ${when.sql(3)} AND NOT EXISTS (SELECT 1 FROM invitations WHERE id = value->>'invitation' AND channel <> 'email') ON CONFLICT DO NOTHING`,
  values: [workspace, JSON.stringify(mails), ...when.values],
});

/**
 * Erases the addresses of invitations' mails; waiting mails are not sent. The hash of each address stays, even where
 * the mail was for an id, so that the mail's own link and its reports can still suppress the address.
 */
export const forgetAddresses = (
  workspace: number,
  invitations: readonly string[],
  hashed: readonly HashedAddress[],
): Statement => ({
  sql: `UPDATE mails SET person = COALESCE((SELECT substr(value->>'key', 8) FROM json_each(?3) WHERE value->>'address' = mails.address), person),
      address = '', name = NULL, time_zone = NULL, reason = IIF(state = 'waiting', 'erased', NULL),
      state = IIF(state = 'waiting', 'skipped', state)
    WHERE invitation IN (SELECT value FROM json_each(?2)) AND +workspace_ref = ?1 AND address <> ''`,
  values: [workspace, JSON.stringify(invitations), JSON.stringify(hashed)],
});

/** Removes these names and reasons, where they still stand, from the mails of some invitations. Safe to repeat. */
export const forgetMailTexts = (
  workspace: number,
  found: readonly { invitation: string; texts: readonly string[] }[],
): Statement => {
  const isFound = (text: string) => `${text} IN (SELECT value FROM json_each(found.value->'texts'))`;
  return {
    sql: `UPDATE mails SET name = IIF(${isFound("name")}, NULL, name), reason = IIF(${isFound("reason")}, NULL, reason)
      FROM json_each(?2) AS found WHERE invitation = found.value->>'invitation' AND +workspace_ref = ?1
        AND (${isFound("name")} OR ${isFound("reason")})`,
    values: [workspace, JSON.stringify(found)],
  };
};

/** The number of a workspace's mails that are in doubt. */
export const countInDoubt = async (db: Database, workspace: number): Promise<number> =>
  (
    await db.first<{ n: number }>(
      "SELECT COUNT(*) AS n FROM mails WHERE workspace_ref = ?1 AND state = 'in_doubt' AND reminder = 0",
      workspace,
    )
  )?.n ?? 0;

/** Puts a mail that was not sent, or is in doubt, back among the waiting ones. False: there is none. */
export async function sendAgain(
  db: Database,
  workspace: number,
  invitation: string,
  now: number,
  act: Act | null,
): Promise<boolean> {
  await db.ensure(installTriggers);
  const its = `workspace_ref = ?1 AND invitation = ?2 AND reminder = 0 AND address <> ''
    AND state IN ('in_doubt', 'failed', 'skipped', 'bounced')`;
  const answers = await db.batch([
    ...noteAct(act, {}, `EXISTS (SELECT 1 FROM mails WHERE ${its})`, [workspace, invitation]),
    {
      sql: `UPDATE mails SET state = 'waiting', reason = NULL, due_at = ?3, attempts = 0, again = again + 1
        WHERE ${its} RETURNING state`,
      values: [workspace, invitation, now],
    },
  ]);
  return (answers.at(-1) ?? []).length > 0;
}

export interface ParsedMailEvent {
  invitation: string;
  reminder: number;
  state: Extract<MailState, "delivered" | "bounced" | "unsubscribed">;
  reason: string | null;
  /** Why nothing more is sent to the address; null: mails go on. */
  suppress: "bounced" | "complained" | "unsubscribed" | null;
}

/** Records what a provider or recipient says of a sent mail. False: there is no such mail. */
export async function applyMailEvent(db: Database, news: ParsedMailEvent, now: number): Promise<boolean> {
  const { invitation, reminder, state, reason, suppress } = news;
  const key = [invitation, reminder];
  await db.ensure(installTriggers);
  const [, , found] = await db.batch<{ address: string }>([
    insertSuppressions(
      `SELECT workspace_ref, ${suppressedAs}, ?3, ?4 FROM mails WHERE invitation = ?1 AND reminder = ?2 AND ?3 IS NOT NULL`,
      ...key,
      suppress,
      now,
    ),
    {
      // A bounce or a person's own report stands over a late report of delivery.
      sql: `UPDATE mails SET state = ?3, reason = IIF(address = '', NULL, coalesce(?4, reason)) WHERE invitation = ?1 AND reminder = ?2
        AND state IN ('sending', 'sent', 'delivered', 'in_doubt') AND NOT (state = 'delivered' AND ?3 = 'delivered')`,
      values: [...key, state, reason],
    },
    { sql: "SELECT address FROM mails WHERE invitation = ?1 AND reminder = ?2", values: key },
  ]);
  return found?.length === 1;
}
