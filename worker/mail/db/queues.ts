import type { MailSettings } from "../../../shared/contract/mail/mail.ts";
import type { Database } from "../../db/database.ts";
import type { Json } from "../../db/json.ts";

/**
 * The waiting mails of a campaign: the first mails and the reminders, each by zone. Only the mails are stored. Their
 * zones are found by skipping from one to the next in the index.
 */
export interface QueueRow {
  campaign: number;
  /** 0: the first mails; 1: the reminders. */
  reminder: number;
  /** IANA; '': the workspace's own zone. null: there are no more zones. */
  zone: string | null;
  /** When the queue's next mail is due, unix ms; null with the zone. */
  dueAt: number | null;
  /** Of the campaign, and of its workspace. */
  pacedTo: number | null;
  mailsPerHour: number | null;
  endsAt: number | null;
  workspaceZone: string;
  /** null: nobody sends any more. */
  sender: Json<MailSettings> | null;
}

/** Two queues for each zone of the campaigns that are looked at. */
const maxQueues = 1000;

/** Two tables for a WITH RECURSIVE. `campaigns`: SQL that answers the ref of each campaign as `campaign`. */
function queuesOf(campaigns: string): string {
  const zone = (after: string) =>
    `(SELECT coalesce(time_zone, '') FROM mails WHERE campaign_ref = campaign AND mails.reminder = kind
        AND mails.state = 'waiting' ${after} ORDER BY coalesce(time_zone, '') LIMIT 1)`;
  return `heads (campaign, kind) AS MATERIALIZED (SELECT campaign, value FROM (${campaigns}) CROSS JOIN json_each('[0, 1]')),
    queues (campaign, kind, zone) AS (
      SELECT campaign, kind, ${zone("")} FROM heads
      UNION ALL
      SELECT campaign, kind, ${zone("AND coalesce(time_zone, '') > zone")} FROM queues WHERE zone IS NOT NULL
      LIMIT ${maxQueues})`;
}

const dueAt = `(SELECT coalesce(due_at, 0) FROM mails WHERE campaign_ref = campaign AND mails.reminder = kind
  AND mails.state = 'waiting' AND coalesce(time_zone, '') = zone ORDER BY coalesce(due_at, 0) LIMIT 1)`;

/** The queues of the campaigns whose turn it is. Those that waited longest come first. */
export const readQueues = (db: Database, now: number, maxCampaigns: number): Promise<QueueRow[]> =>
  db.all(
    `WITH RECURSIVE ${queuesOf(`SELECT ref AS campaign FROM campaigns WHERE state = 'running' AND next_at <= ?1
       ORDER BY next_at LIMIT ?2`)}
     SELECT campaign, kind AS reminder, zone, ${dueAt} AS dueAt, paced_to AS pacedTo, mails_per_hour AS mailsPerHour,
       ends_at AS endsAt, workspaces.time_zone AS workspaceZone, workspaces.mail AS sender
     FROM queues JOIN campaigns ON campaigns.ref = campaign JOIN workspaces ON workspaces.ref = campaigns.workspace_ref
     ORDER BY next_at, campaign`,
    now,
    maxCampaigns,
  );

/** A zone of a campaign, and when its mails may go, unix ms. */
export interface Opening {
  campaign: number;
  zone: string | null;
  opensAt: number;
}

/**
 * Sets the next turn of campaigns, given with all their zones, to when one of their mails may go. A campaign without
 * waiting mails has none until it gets one. One statement, so that it sees what waits at one moment. Safe to repeat.
 */
export async function putOff(db: Database, openings: readonly Opening[], now: number): Promise<void> {
  const opensAt = `coalesce((SELECT value ->> 'opensAt' FROM json_each(?1)
    WHERE value ->> 'campaign' = campaign AND value ->> 'zone' = zone), 0)`;
  await db.all(
    `WITH RECURSIVE ${queuesOf("SELECT DISTINCT value ->> 'campaign' AS campaign FROM json_each(?1)")}
     UPDATE campaigns SET next_at = IIF(ends_at <= ?2, NULL, (
       SELECT MIN(max(${dueAt}, ${opensAt}, IIF(kind = 0, coalesce(paced_to, 0), 0)))
       FROM queues WHERE campaign = campaigns.ref AND zone IS NOT NULL))
     WHERE ref IN (SELECT value ->> 'campaign' FROM json_each(?1))`,
    JSON.stringify(openings),
    now,
  );
}

/** Puts campaigns that had their turn behind those that wait for theirs. */
export async function endTurns(db: Database, campaigns: readonly number[], now: number): Promise<void> {
  await db.all(
    `UPDATE campaigns SET next_at = ?2 WHERE ref IN (SELECT value FROM json_each(?1)) AND next_at < ?2`,
    JSON.stringify(campaigns),
    now,
  );
}
