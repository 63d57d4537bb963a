import { dayMs } from "../../../shared/time/durations.ts";
import { type Act, noteAct } from "../../audit/db/entries.ts";
import type { Database } from "../../db/database.ts";

/** Longer than a link waits for its answer. */
const keptDays = 90;
const maxTimes = 1000;
/** Mailing links kept for a touchpoint and UTC day. Anybody can make up their recipients. */
const maxClaimed = 200;
/** Nobody reads a page and returns to the mail for another rating in less time. */
const hastyMs = 10_000;

/** What a click tells about who clicked, as bits: labels, never a verdict. */
const machineSigns = {
  several_ratings: 1,
  hidden_link: 2,
  scanner_agent: 4,
  scanner_network: 8,
  head_request: 16,
} as const;
export type MachineSign = keyof typeof machineSigns;

interface Click {
  /** The response's id. A claimed recipient has none, so the `clickKey` stands for it. */
  response: string;
  claimed: boolean;
  touchpointRef: number;
  surveyRef: number;
  rating: number;
  signs: readonly MachineSign[];
}

/**
 * Notes an unconfirmed click. Each link has at most one row, which is written at most `maxTimes`; claimed recipients
 * have no more than `maxClaimed`.
 */
export async function noteClick(db: Database, workspace: number, click: Click, now: number): Promise<void> {
  const signs = click.signs.reduce((bits, sign) => bits | machineSigns[sign], 0);
  await db.once({
    sql: `INSERT INTO clicks AS old (workspace_ref, response, touchpoint_ref, survey_ref, rating, times, signs, first_at, last_at, claimed)
      SELECT ?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?7, ?8
      WHERE ?8 = 0 OR EXISTS (SELECT 1 FROM clicks WHERE workspace_ref = ?1 AND response = ?2)
        OR (SELECT COUNT(*) FROM (SELECT 1 FROM clicks WHERE workspace_ref = ?1 AND touchpoint_ref = ?3 AND claimed = 1
          AND first_at >= ?9 LIMIT ${maxClaimed})) < ${maxClaimed}
      ON CONFLICT DO UPDATE SET rating = excluded.rating, times = times + 1, last_at = ?7, signs = signs | excluded.signs
        | IIF(rating <> excluded.rating AND ?7 - last_at < ${hastyMs}, ${machineSigns.several_ratings}, 0)
      WHERE times < ${maxTimes}`,
    values: [
      workspace,
      click.response,
      click.touchpointRef,
      click.surveyRef,
      click.rating,
      signs,
      now,
      Number(click.claimed),
      now - (now % dayMs),
    ],
  });
}

/** Deletes the clicks of a claimed recipient who has answered: no response has their id. */
export async function forgetClick(db: Database, workspace: number, response: string): Promise<void> {
  await db.all("DELETE FROM clicks WHERE workspace_ref = ?1 AND response = ?2", workspace, response);
}

const unconfirmed = `clicks WHERE workspace_ref = ?1 AND touchpoint_ref = ?2 AND last_at >= ?3 AND last_at < ?4
  AND NOT EXISTS (SELECT 1 FROM responses WHERE responses.workspace_ref = ?1 AND responses.id = response)`;

/** Links of a touchpoint with their last click in the period and without a response: how many, and with which signs. */
export async function countUnconfirmed(
  db: Database,
  workspace: number,
  touchpointRef: number,
  from: number,
  to: number,
): Promise<{ links: number; claimed: number; signs: Record<MachineSign, number> }> {
  const names = Object.keys(machineSigns) as MachineSign[];
  const sums = names.map((sign) => `TOTAL(signs & ${machineSigns[sign]} <> 0) AS ${sign}`);
  const row = await db.first<Record<MachineSign | "links" | "claimed", number>>(
    `SELECT COUNT(*) AS links, TOTAL(claimed) AS claimed, ${sums.join(", ")} FROM ${unconfirmed}`,
    workspace,
    touchpointRef,
    from,
    to,
  );
  if (!row) throw new Error("a count answered no row");
  const { links, claimed, ...signs } = row;
  return { links, claimed, signs };
}

/** Deletes the unconfirmed clicks of a period. */
export async function removeUnconfirmed(
  db: Database,
  workspace: number,
  touchpointRef: number,
  from: number,
  to: number,
  act: Act,
): Promise<void> {
  const values = [workspace, touchpointRef, from, to];
  await db.batch([
    ...noteAct(act, {}, `EXISTS (SELECT 1 FROM ${unconfirmed})`, values),
    { sql: `DELETE FROM ${unconfirmed}`, values },
  ]);
}

/** Deletes the oldest clicks, at most `maxRows`. True: there may be more. */
export async function forgetClicks(db: Database, now: number, maxRows: number): Promise<boolean> {
  const forgotten = await db.all(
    `DELETE FROM clicks WHERE (workspace_ref, response) IN (
       SELECT workspace_ref, response FROM clicks WHERE last_at <= ?1 ORDER BY last_at LIMIT ?2) RETURNING 1`,
    now - keptDays * dayMs,
    maxRows,
  );
  return forgotten.length === maxRows;
}
