import { type Act, noteAct, noteChange } from "../../audit/db/entries.ts";
import type { Database } from "../../db/database.ts";
import { listById } from "../../db/list.ts";
import { setGiven, type Target } from "../../db/update.ts";

export interface CampaignRow {
  ref: number;
  id: string;
  name: string;
  state: "draft" | "running" | "paused" | "cancelled";
  touchpoint: string;
  touchpointRef: number;
  /** Public id. */
  survey: string;
  surveyRef: number;
  template: string | null;
  templateVersion: number | null;
  templateRef: number | null;
  /** Unix ms; null: at once, never. */
  startsAt: number | null;
  endsAt: number | null;
  /** null: without a limit. */
  mailsPerHour: number | null;
  remindAfterDays: number | null;
  createdAt: number;
  /** Responses to its mails. */
  answered: number;
}

const columns = `campaigns.ref, campaigns.id, campaigns.name, state, touchpoints.name AS touchpoint, touchpoint_ref AS touchpointRef,
  surveys.id AS survey, campaigns.survey_ref AS surveyRef, templates.id AS template, templates.version AS templateVersion,
  template_ref AS templateRef, starts_at AS startsAt, ends_at AS endsAt, mails_per_hour AS mailsPerHour,
  remind_after_days AS remindAfterDays, campaigns.created_at AS createdAt, answered`;
const joined = `campaigns JOIN touchpoints ON touchpoints.ref = touchpoint_ref JOIN surveys ON surveys.ref = campaigns.survey_ref
  LEFT JOIN templates ON templates.ref = template_ref`;
const source = { table: "campaigns", read: `SELECT ${columns} FROM ${joined}` };

export const listCampaigns = listById<CampaignRow>(source);

/** null: absent, or of another workspace. */
export const findCampaign = (db: Database, workspace: number, id: string): Promise<CampaignRow | null> =>
  db.first(`${source.read} WHERE campaigns.workspace_ref = ?1 AND campaigns.id = ?2`, workspace, id);

/** null: there is none. */
export const findNewestCampaign = (db: Database, workspace: number): Promise<CampaignRow | null> =>
  db.first(`${source.read} WHERE campaigns.workspace_ref = ?1 ORDER BY campaigns.id DESC LIMIT 1`, workspace);

export async function insertCampaign(
  db: Database,
  workspace: number,
  campaign: Omit<
    CampaignRow,
    "ref" | "state" | "touchpoint" | "survey" | "template" | "templateVersion" | "answered"
  >,
  act: Act | null = null,
): Promise<void> {
  const { id, name, touchpointRef, surveyRef, templateRef } = campaign;
  const { startsAt, endsAt, mailsPerHour, remindAfterDays, createdAt } = campaign;
  const times = [startsAt, endsAt, mailsPerHour, remindAfterDays, createdAt];
  await db.batch([
    ...noteAct(act, { name: [null, name] }),
    {
      sql: `INSERT INTO campaigns (workspace_ref, id, name, state, touchpoint_ref, survey_ref, template_ref, starts_at, ends_at,
          mails_per_hour, remind_after_days, created_at)
        VALUES (?1, ?2, ?3, 'draft', ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING`,
      values: [workspace, id, name, touchpointRef, surveyRef, templateRef, ...times],
    },
  ]);
}

const changeable = { name: "name", endsAt: "ends_at", mailsPerHour: "mails_per_hour" };

/** A field that is left out stays. */
interface CampaignChange {
  /** `from`: the states from which `to` can be reached. */
  state?: { to: CampaignRow["state"]; from: readonly CampaignRow["state"][] } | undefined;
  name?: string | undefined;
  endsAt?: number | null | undefined;
  mailsPerHour?: number | null | undefined;
}

/**
 * Writes what is given. Mails follow state, end and rate by themselves, since claims read them here. null: a state is
 * given, which cannot be reached from the one that is stored; nothing was changed. Safe to repeat.
 */
export async function updateCampaign(
  db: Database,
  { ref }: CampaignRow,
  { state, ...given }: CampaignChange,
  now: number,
  act: Act | null = null,
): Promise<CampaignRow | null> {
  const target: Target = {
    ...source,
    // A change with a state has no effect on a campaign that did not reach this state.
    where: `campaigns.ref = ?1${state ? " AND campaigns.state = ?2" : ""}`,
    values: state ? [ref, state.to] : [ref],
  };
  // The condition is not the state that was read: a cancellation has its effect also when a pause comes in between.
  const moves = state
    ? [
        {
          sql: `UPDATE campaigns SET state = ?2, paced_to = IIF(?2 = 'running', max(?4, coalesce(starts_at, 0)), paced_to)
            WHERE ref = ?1 AND state IN (SELECT value FROM json_each(?3))`,
          values: [ref, state.to, JSON.stringify(state.from), now],
        },
      ]
    : [];
  // Mails that were put off are looked at again.
  const wake = { sql: "UPDATE campaigns SET next_at = 0 WHERE ref = ?1", values: [ref] };
  // A change whose state is not reached is none.
  const may = state
    ? {
        where: "ref = ?1 AND (state = ?2 OR state IN (SELECT value FROM json_each(?3)))",
        values: [ref, state.to, JSON.stringify(state.from)],
      }
    : { where: "ref = ?1", values: [ref] };
  const noted = { ...changeable, ...(state && { state: "state" }) };
  const answers = await db.batch<CampaignRow>([
    ...noteChange(act, { table: "campaigns", ...may }, noted, {
      ...given,
      ...(state && { state: state.to }),
    }),
    ...moves,
    ...setGiven(target, changeable, given),
    wake,
    { sql: `${target.read} WHERE ${target.where}`, values: target.values },
  ]);
  return answers.at(-1)?.[0] ?? null;
}
