import { type Act, noteAct, noteArchival, noteChange } from "../../audit/db/entries.ts";
import type { Database, Statement } from "../../db/database.ts";
import { listById } from "../../db/list.ts";
import { archiveRow, type Target, updateRow } from "../../db/update.ts";
import { changeSteps } from "./former-steps.ts";
import { type Asks, keepVersion, liveSince } from "./versions.ts";

export interface SurveyRow extends Asks {
  ref: number;
  id: string;
  name: string;
  kind: string;
  scaleMin: number;
  scaleMax: number;
  satisfiedFrom: number | null;
  /** Counts the changes of the steps. */
  stepsVersion: number;
  /** Counts the changes of what it asks, from 1 on. */
  version: number;
  /** Since when it asks that, unix ms. */
  publishedAt: number;
  /** Public id of the member or key that changed it last; null: nobody did, or it was not written down. */
  publishedBy: string | null;
  createdAt: number;
  archivedAt: number | null;
  /** 1: of the sample data, and asked nowhere. */
  sample: number;
}

type NewSurvey = Omit<
  SurveyRow,
  "ref" | "stepsVersion" | "version" | "publishedAt" | "publishedBy" | "sample"
>;

/** The columns of a `SurveyRow`, for the queries that join surveys. */
export const surveyColumns = `surveys.ref, surveys.id, surveys.name, kind, scale_min AS scaleMin, scale_max AS scaleMax,
  satisfied_from AS satisfiedFrom, subject, locale, texts, look, steps, steps_version AS stepsVersion, thanks, surveys.theme, surveys.created_at AS createdAt, surveys.archived_at AS archivedAt, surveys.sample,
  surveys.version, ${liveSince} AS publishedAt, surveys.published_by AS publishedBy`;
const source = { table: "surveys", read: `SELECT ${surveyColumns} FROM surveys` };

export const listSurveys = listById<SurveyRow>(source);

/** null: absent, or of another workspace. */
export const findSurvey = (db: Database, workspace: number, id: string): Promise<SurveyRow | null> =>
  db.first(`${source.read} WHERE workspace_ref = ?1 AND id = ?2`, workspace, id);

export async function insertSurvey(
  db: Database,
  workspace: number,
  survey: NewSurvey,
  act: Act | null = null,
): Promise<void> {
  const values = [
    workspace,
    survey.id,
    survey.name,
    survey.kind,
    survey.scaleMin,
    survey.scaleMax,
    survey.satisfiedFrom,
    survey.subject,
    survey.locale,
    survey.texts,
    survey.createdAt,
    survey.look,
    survey.steps,
    survey.thanks,
    survey.theme,
  ];
  const { name, kind, subject } = survey;
  await db.batch([
    ...noteAct(act, { name: [null, name], kind: [null, kind], subject: [null, subject] }),
    {
      sql: `INSERT INTO surveys (workspace_ref, id, name, kind, scale_min, scale_max, satisfied_from, subject, locale, texts, created_at,
       look, steps, thanks, theme)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT (id) DO NOTHING`,
      values,
    },
  ]);
}

export const changeable = {
  name: "name",
  subject: "subject",
  locale: "locale",
  texts: "texts",
  look: "look",
  steps: "steps",
  thanks: "thanks",
  theme: "theme",
};
const target = (workspace: number, id: string): Target => ({
  ...source,
  where: "workspace_ref = ?1 AND id = ?2",
  values: [workspace, id],
});

type Changes = Partial<Pick<SurveyRow, keyof typeof changeable>>;

/** What stands before a change of a survey, in its transaction: who changes what, and what it asked until now. */
export const beforeChange = (row: Omit<Target, "read">, given: Changes, act: Act): Statement[] => [
  ...noteChange(act, row, changeable, given),
  ...keepVersion(row, given, act),
  ...(given.steps === undefined ? [] : changeSteps(row, given.steps)),
];

/**
 * Writes what is given, and keeps what it asked until now as a version. Kind and scale never change, because earlier ratings
 * were given on them. null: absent, or of another workspace.
 */
export const updateSurvey = (
  db: Database,
  workspace: number,
  id: string,
  given: Changes,
  act: Act,
): Promise<SurveyRow | null> => {
  const row = target(workspace, id);
  return updateRow(db, row, changeable, given, beforeChange(row, given, act));
};

/** Stops asking it, for good. null: absent, or of another workspace. */
export const archiveSurvey = (
  db: Database,
  workspace: number,
  id: string,
  now: number,
  act: Act | null = null,
): Promise<SurveyRow | null> => {
  const row = target(workspace, id);
  return archiveRow(db, row, now, noteArchival(act, row));
};
