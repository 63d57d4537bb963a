import type { Show, TouchpointRules } from "../../../shared/contract/surveys/rules.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import type { PeriodName } from "../../../shared/time/periods.ts";
import { type Act, noteAct, noteArchival, noteChange, partsInSql } from "../../audit/db/entries.ts";
import type { Bindable, Database, Statement } from "../../db/database.ts";
import type { Json } from "../../db/json.ts";
import { listById } from "../../db/list.ts";
import { archiveRow, type Target, updateRow } from "../../db/update.ts";

export interface TouchpointRow {
  ref: number;
  id: string;
  name: string;
  /** The public id of the survey asked here; null: none. */
  survey: string | null;
  delaySeconds: number;
  waitDays: number;
  /** null: a popover. */
  show: Json<Show> | null;
  /** 1: asked on pages that name no touchpoint. */
  automatic: number;
  rules: Json<TouchpointRules>;
  createdAt: number;
  archivedAt: number | null;
  /** null: the score is not public; the same for the threshold. */
  publicPeriod: PeriodName | null;
  publicThreshold: number | null;
  /** 1: of the sample data. Its answers are invented, and nothing is asked there. */
  sample: number;
}

const columns = `touchpoints.ref, touchpoints.id, touchpoints.name, surveys.id AS survey, delay_seconds AS delaySeconds,
  wait_days AS waitDays, show, automatic, rules, touchpoints.created_at AS createdAt, touchpoints.archived_at AS archivedAt,
  public_period AS publicPeriod, public_threshold AS publicThreshold, touchpoints.sample`;
const joined = "touchpoints LEFT JOIN surveys ON surveys.ref = survey_ref";
const source = { table: "touchpoints", read: `SELECT ${columns} FROM ${joined}` };
const surveyIdOf = (ref: string) => `(SELECT id FROM surveys WHERE surveys.ref = ${ref})`;
const surveyRef = "(SELECT ref FROM surveys WHERE workspace_ref = ?1 AND id = ?3)";

export const listTouchpoints = listById<TouchpointRow>(source);

/**
 * Lists at most `limit` touchpoints whose names begin with a prefix, by name, those after a name. They are a range of the
 * index, which reads what it answers. Those that contain something would be sought among all of the workspace.
 */
export const listTouchpointsNamed = (
  db: Database,
  workspace: number,
  prefix: string,
  after: string | undefined,
  limit: number,
): Promise<TouchpointRow[]> =>
  db.all(
    `${source.read} WHERE touchpoints.workspace_ref = ?1 AND touchpoints.name >= ?2 AND touchpoints.name < ?3
     ORDER BY touchpoints.name LIMIT ?4`,
    workspace,
    // Of what names are made of nothing comes before "-", and all of it before "{".
    after === undefined ? prefix : `${after}-`,
    `${prefix}{`,
    limit,
  );

/** By name. null: absent, or of another workspace. */
export const findTouchpoint = (
  db: Database,
  workspace: number,
  name: string,
): Promise<TouchpointRow | null> =>
  db.first(`${source.read} WHERE touchpoints.workspace_ref = ?1 AND touchpoints.name = ?2`, workspace, name);

/** False: the name is taken. */
export async function insertTouchpoint(
  db: Database,
  workspace: number,
  touchpoint: Omit<TouchpointRow, "ref" | "sample">,
  act: Act | null = null,
): Promise<boolean> {
  const { id, name, survey, delaySeconds, waitDays, show, automatic, rules, createdAt } = touchpoint;
  const { publicPeriod, publicThreshold } = touchpoint;
  // The last SELECT instead of RETURNING: in a retry after a commit, the insert returns nothing.
  const answers = await db.batch<{ id: string }>([
    {
      sql: `INSERT INTO touchpoints (workspace_ref, id, name, survey_ref, delay_seconds, wait_days, created_at,
          asked_since, public_period, public_threshold, show, automatic, rules)
        VALUES (?1, ?2, ?4, ${surveyRef}, ?5, ?6, ?7, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING`,
      values: [
        workspace,
        id,
        survey,
        name,
        delaySeconds,
        waitDays,
        createdAt,
        publicPeriod,
        publicThreshold,
        show,
        automatic,
        rules,
      ],
    },
    // Only where the name was free.
    ...noteAct(act, { survey: [null, survey] }, "EXISTS (SELECT 1 FROM touchpoints WHERE id = ?1)", [id]),
    { sql: "SELECT id FROM touchpoints WHERE workspace_ref = ?1 AND id = ?2", values: [workspace, id] },
  ]);
  return answers.at(-1)?.length === 1;
}

const changeable = {
  surveyRef: "survey_ref",
  delaySeconds: "delay_seconds",
  waitDays: "wait_days",
  show: "show",
  automatic: "automatic",
  rules: "rules",
  publicPeriod: "public_period",
  publicThreshold: "public_threshold",
};
const target = (workspace: number, name: string): Target => ({
  ...source,
  where: "touchpoints.workspace_ref = ?1 AND touchpoints.name = ?2",
  values: [workspace, name],
});

/** A touchpoint's cells in the roll-ups, from when its present survey was first asked there. */
const itsCells = `workspace_ref = ?1 AND touchpoint_ref = touchpoints.ref AND survey_ref = touchpoints.survey_ref
  AND day >= COALESCE(asked_since, 0) / ${dayMs}`;

/**
 * Records that another survey stood there until now, since answers to it may still come. Pages answer it only where
 * it was seen: after a moment there, one that nobody saw would let a stranger take the common score away. It ends
 * before the next one begins, so that a period from the change on has no answers to both. One that returns within a
 * day goes on as if it had never been away, unless another was seen meanwhile: each day since is one on which it was asked.
 */
const changeSurvey = (workspace: number, name: string, surveyRef: Bindable): Statement[] => {
  const changed = "workspace_ref = ?1 AND name = ?2 AND survey_ref IS NOT ?3";
  const values = [workspace, name, surveyRef];
  const now = "unixepoch() * 1000";
  const until = `${now} - 1`;
  const seen = `EXISTS (SELECT 1 FROM impression_counts WHERE ${itsCells}
    UNION ALL SELECT 1 FROM rating_counts WHERE value_ref = 0 AND ${itsCells})`;
  const ended = "IIF(its.asked_until > 0, its.asked_until, its.stood_until)";
  const goesOn = `(SELECT COALESCE(its.asked_since, 0) FROM former_surveys AS its
    WHERE its.workspace_ref = ?1 AND its.touchpoint_ref = touchpoints.ref AND its.survey_ref = ?3 AND ${ended} >= ${until} - ${dayMs}
      AND NOT EXISTS (SELECT 1 FROM former_surveys AS other WHERE other.workspace_ref = ?1
        AND other.touchpoint_ref = its.touchpoint_ref AND other.survey_ref <> its.survey_ref AND other.asked_until >= ${ended}))`;
  return [
    {
      sql: `INSERT INTO former_surveys AS old (workspace_ref, touchpoint_ref, survey_ref, asked_since, asked_until, stood_until)
        SELECT workspace_ref, ref, survey_ref, asked_since, IIF(${seen}, ${until}, 0), ${until} FROM touchpoints
        WHERE ${changed} AND survey_ref IS NOT NULL
        ON CONFLICT DO UPDATE SET stood_until = excluded.stood_until, asked_until = MAX(old.asked_until, excluded.asked_until),
          asked_since = IIF(excluded.asked_until = 0 AND old.asked_until > 0, old.asked_since, excluded.asked_since)`,
      values,
    },
    { sql: `UPDATE touchpoints SET asked_since = COALESCE(${goesOn}, ${now}) WHERE ${changed}`, values },
  ];
};

/** A field that is left out stays. */
type TouchpointChange = Partial<Pick<TouchpointRow, keyof TouchpointRow & keyof typeof changeable>> & {
  surveyRef?: number | null | undefined;
};

/** Writes what is given, by name. null: absent, or of another workspace. */
export const updateTouchpoint = (
  db: Database,
  workspace: number,
  name: string,
  given: TouchpointChange,
  act: Act | null = null,
): Promise<TouchpointRow | null> => {
  const row = target(workspace, name);
  return updateRow(db, row, changeable, given, [
    ...noteChange(act, row, changeable, given, { survey_ref: surveyIdOf, rules: partsInSql }),
    ...(given.surveyRef === undefined ? [] : changeSurvey(workspace, name, given.surveyRef)),
  ]);
};

/** Stops asking at this touchpoint, for good. null: absent, or of another workspace. */
export const archiveTouchpoint = (
  db: Database,
  workspace: number,
  name: string,
  now: number,
  act: Act | null = null,
): Promise<TouchpointRow | null> => {
  const row = target(workspace, name);
  return archiveRow(db, row, now, noteArchival(act, row));
};

/** A touchpoint whose score is public. */
interface PublicTouchpoint {
  workspace: number;
  name: string;
  period: PeriodName;
  threshold: number;
  /** The language of the survey asked there; null: none is asked. */
  locale: string | null;
}

/** By public id. null: absent, archived, or its score is not public. */
export const findPublicTouchpoint = (db: Database, id: string): Promise<PublicTouchpoint | null> =>
  db.first(
    `SELECT touchpoints.workspace_ref AS workspace, touchpoints.name, public_period AS period,
       public_threshold AS threshold, locale
     FROM ${joined} WHERE touchpoints.id = ?1 AND public_period IS NOT NULL AND touchpoints.archived_at IS NULL`,
    id,
  );
