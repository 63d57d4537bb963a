import type { AskingPolicy } from "../../../shared/asking/rules.ts";
import type { Show, TouchpointRules } from "../../../shared/contract/surveys/rules.ts";
import type { Theme } from "../../../shared/contract/surveys/theme.ts";
import type { Database } from "../../db/database.ts";
import type { Json } from "../../db/json.ts";
import { type SurveyRow, surveyColumns } from "./surveys.ts";

/** A touchpoint with the survey that is asked or answered there. */
export interface AskedSurvey {
  touchpointRef: number;
  touchpoint: string;
  delaySeconds: number;
  waitDays: number;
  /** null: a popover. */
  show: Json<Show> | null;
  rules: Json<TouchpointRules>;
  /** The workspace's policy. */
  asking: Json<AskingPolicy>;
  /** The workspace's theme; null: none. */
  workspaceTheme: Json<Theme> | null;
  /** Unix ms: when it was replaced, or it or the touchpoint archived. 0: no page asked it; null: it still is. */
  askedUntil: number | null;
  /** Unix ms: when the touchpoint was archived; null: it is in use. */
  touchpointArchivedAt: number | null;
  survey: SurveyRow;
}

type AskedRow = SurveyRow & Omit<AskedSurvey, "survey">;

const askedColumns = `touchpoints.ref AS touchpointRef, touchpoints.name AS touchpoint, delay_seconds AS delaySeconds,
  wait_days AS waitDays, show, rules, asking, workspaces.theme AS workspaceTheme, touchpoints.archived_at AS touchpointArchivedAt, ${surveyColumns}`;
/**
 * SQL of the ms since which a survey was asked at a touchpoint, null: since before this was recorded, and until which, as
 * `AskedSurvey` has it. `former` is its row of former_surveys: what is asked again has two times, and of an answer
 * `answeredAt` tells in which it was given. A time before this was recorded is taken to begin with the touchpoint.
 * `channel` is that of an answer: to links and mails it does not matter whether pages showed it.
 */
export const askedSince = (answeredAt: string) =>
  `IIF(surveys.ref IS NOT touchpoints.survey_ref OR ${answeredAt} BETWEEN COALESCE(former.asked_since, touchpoints.created_at)
    AND former.asked_until, former.asked_since, touchpoints.asked_since)`;
// The aggregate MIN ignores nulls. A stood_until of 0 was not written down.
export const askedUntil = (
  channel: string,
) => `(SELECT MIN(value) FROM json_each(json_array(surveys.archived_at, touchpoints.archived_at,
    IIF(surveys.ref = touchpoints.survey_ref, NULL,
      COALESCE(IIF(${channel} = 'widget', former.asked_until, MAX(former.asked_until, former.stood_until)), 0)))))`;

const toAsked = (row: AskedRow): AskedSurvey => {
  const { touchpointRef, touchpoint, delaySeconds, waitDays, show, rules, ...others } = row;
  const { asking, workspaceTheme, askedUntil, touchpointArchivedAt, ...survey } = others;
  const place = { touchpointRef, touchpoint, delaySeconds, waitDays, show, rules };
  return { ...place, asking, workspaceTheme, askedUntil, touchpointArchivedAt, survey };
};

/** A touchpoint's name, and the public id of a survey there; null: the one that it asks now. */
export type Place = readonly [touchpoint: string, survey: string | null];

/**
 * What is asked at a touchpoint now, or the given survey there: a late answer is accepted even where its survey or
 * touchpoint was archived meanwhile. null: none, as at a touchpoint of the sample data, which takes no answers.
 */
export const findAsked = async (
  db: Database,
  workspace: number,
  touchpoint: string,
  surveyId: string | null,
): Promise<AskedSurvey | null> => (await findAskedAt(db, workspace, [[touchpoint, surveyId]]))[0] ?? null;

/** The same for many places, in their order, in one statement. */
export async function findAskedAt(
  db: Database,
  workspace: number,
  places: readonly Place[],
): Promise<(AskedSurvey | null)[]> {
  const rows = await db.all<AskedRow & { place: number }>(
    `SELECT wanted.key AS place, ${askedColumns}, ${askedUntil("'widget'")} AS askedUntil FROM json_each(?2) AS wanted
       CROSS JOIN touchpoints ON touchpoints.workspace_ref = ?1 AND touchpoints.name = wanted.value->>0
       JOIN workspaces ON workspaces.ref = ?1 JOIN surveys ON surveys.ref = IIF(wanted.value->>1 IS NULL, touchpoints.survey_ref,
         (SELECT ref FROM surveys WHERE workspace_ref = ?1 AND id = wanted.value->>1))
       LEFT JOIN former_surveys AS former ON former.workspace_ref = ?1 AND former.touchpoint_ref = touchpoints.ref AND former.survey_ref = surveys.ref
     WHERE touchpoints.sample = 0 AND surveys.sample = 0
       AND (wanted.value->>1 IS NOT NULL OR (surveys.archived_at IS NULL AND touchpoints.archived_at IS NULL))`,
    workspace,
    JSON.stringify(places),
  );
  const found = new Map(rows.map(({ place, ...row }) => [place, toAsked(row)]));
  return places.map((_, index) => found.get(index) ?? null);
}

/** What the automatic touchpoints ask now, the oldest first, at most `maxFound`. */
export async function findAutomatic(
  db: Database,
  workspace: number,
  maxFound: number,
): Promise<AskedSurvey[]> {
  const rows = await db.all<AskedRow>(
    `SELECT ${askedColumns}, NULL AS askedUntil FROM touchpoints JOIN workspaces ON workspaces.ref = ?1 JOIN surveys ON surveys.ref = survey_ref
     WHERE touchpoints.workspace_ref = ?1 AND automatic AND touchpoints.archived_at IS NULL AND surveys.archived_at IS NULL
     ORDER BY touchpoints.id LIMIT ?2`,
    workspace,
    maxFound,
  );
  return rows.map(toAsked);
}
