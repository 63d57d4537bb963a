import type { MailState, SkipReason } from "../../shared/contract/mail/sends.ts";
import type { Database, Statement } from "../db/database.ts";

/**
 * The counts of campaigns. Triggers keep them, in the transaction that changes a mail or saves a response. A mail that
 * is being sent counts as waiting: it takes only seconds, and the index of claimed mails has it.
 */

const key = (row: string) => `${row}.campaign_ref, ${row}.reminder,
    IIF(${row}.state = 'sending', 'waiting', ${row}.state), IIF(${row}.state = 'skipped', coalesce(${row}.reason, ''), '')`;

const add = (row: string) => `
  INSERT INTO campaign_counts (campaign_ref, reminder, state, reason, mails) SELECT ${key(row)}, 1 WHERE ${row}.campaign_ref IS NOT NULL
  ON CONFLICT DO UPDATE SET mails = mails + 1;`;
const take = (row: string) => `
  UPDATE campaign_counts SET mails = mails - 1 WHERE (campaign_ref, reminder, state, reason) = (${key(row)});`;

/** Wakes the campaign, at the latest for when its mail is due. */
const wake = `
  UPDATE campaigns SET next_at = coalesce(NEW.due_at, 0)
  WHERE ref = NEW.campaign_ref AND NEW.state = 'waiting' AND (next_at IS NULL OR next_at > coalesce(NEW.due_at, 0));`;

const answered = (row: string, by: string) => `
  UPDATE campaigns SET answered = answered ${by} WHERE ref = (
    SELECT campaign_ref FROM invitations JOIN mails ON mails.invitation = invitations.id AND reminder = 0
    WHERE invitations.response = ${row}.id AND invitations.channel = 'email' AND invitations.workspace_ref = ${row}.workspace_ref);`;
/** Only invitations make ids of UUID version 8, so other responses cost nothing here. */
const isInvited = (row: string) => `substr(${row}.id, 15, 1) = '8'`;

/** The name, event and body of each trigger. */
export const campaignTriggers: readonly (readonly [string, string, string])[] = [
  ["mail_inserted", "INSERT ON mails WHEN NEW.campaign_ref IS NOT NULL", add("NEW") + wake],
  ["mail_moved", `UPDATE ON mails WHEN (${key("OLD")}) IS NOT (${key("NEW")})`, take("OLD") + add("NEW")],
  ["mail_waits", "UPDATE ON mails WHEN NEW.campaign_ref IS NOT NULL AND NEW.state = 'waiting'", wake],
  ["mail_deleted", "DELETE ON mails WHEN OLD.campaign_ref IS NOT NULL", take("OLD")],
  ["answer_inserted", `INSERT ON responses WHEN ${isInvited("NEW")}`, answered("NEW", "+ 1")],
  ["answer_deleted", `DELETE ON responses WHEN ${isInvited("OLD")}`, answered("OLD", "- 1")],
];

/** Counts what existed before the triggers, or was counted by other ones. */
export const recountCampaigns: readonly Statement[] = [
  { sql: "DELETE FROM campaign_counts", values: [] },
  {
    sql: `INSERT INTO campaign_counts (campaign_ref, reminder, state, reason, mails)
      SELECT ${key("mails")}, COUNT(*) FROM mails WHERE campaign_ref IS NOT NULL GROUP BY 1, 2, 3, 4`,
    values: [],
  },
  {
    sql: `UPDATE campaigns SET answered = coalesce((
        SELECT COUNT(responses.id) FROM mails JOIN invitations ON invitations.id = invitation
          JOIN responses ON responses.workspace_ref = invitations.workspace_ref AND responses.id = response
        WHERE campaign_ref = campaigns.ref AND reminder = 0 AND invitations.channel = 'email'), 0)`,
    values: [],
  },
];

export interface CampaignCount {
  campaign: number;
  reminder: number;
  state: MailState;
  /** The reason of skipped mails; '' for others. */
  reason: SkipReason | "";
  mails: number;
}

/** The mails of some campaigns, by reminder, state and, for skipped ones, reason. */
export async function countMails(db: Database, campaigns: readonly number[]): Promise<CampaignCount[]> {
  const [counted, sending] = await db.batch<CampaignCount>([
    {
      sql: `SELECT campaign_ref AS campaign, reminder, state, reason, mails
        FROM json_each(?1) CROSS JOIN campaign_counts ON campaign_ref = value WHERE mails > 0`,
      values: [JSON.stringify(campaigns)],
    },
    {
      sql: `SELECT campaign_ref AS campaign, reminder, state, '' AS reason, COUNT(*) AS mails FROM mails INDEXED BY mails_claimed
        WHERE claim IS NOT NULL AND state = 'sending' AND campaign_ref IS NOT NULL GROUP BY 1, 2`,
      values: [],
    },
  ]);
  const all = [...(counted ?? [])];
  for (const now of sending ?? []) {
    const waiting = counted?.find(
      (one) => one.campaign === now.campaign && one.reminder === now.reminder && one.state === "waiting",
    );
    if (!waiting) continue;
    waiting.mails -= now.mails;
    all.push(now);
  }
  return all;
}
