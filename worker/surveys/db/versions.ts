import type { Step, Thanks } from "../../../shared/contract/surveys/follow-up.ts";
import type { OwnTexts } from "../../../shared/contract/surveys/surveys.ts";
import type { Theme } from "../../../shared/contract/surveys/theme.ts";
import { surveyParts } from "../../../shared/contract/surveys/versions.ts";
import type { Look } from "../../../shared/surveys/kinds.ts";
import type { Bindable, Database, Statement } from "../../db/database.ts";
import type { Json } from "../../db/json.ts";
import type { Target } from "../../db/update.ts";

/** What a survey asks. Each version has its own; name, kind and scale are the survey's. */
export interface Asks {
  subject: string;
  locale: string;
  /** The survey's own wording, by language. */
  texts: Json<OwnTexts>;
  /** null: the kind's own. */
  look: Look | null;
  /** null: one free comment. */
  steps: Json<Step[]> | null;
  thanks: Json<Thanks[]>;
  /** null: its workspace's. */
  theme: Json<Theme> | null;
}

/** Their columns, which have the same names. */
export const asks: readonly (keyof Asks)[] = surveyParts;

/** Whether a survey has, or had, this version. None is ever taken away. */
export const hasVersion = ({ version: live }: { version: number }, version: number): boolean =>
  version >= 1 && version <= live;

/** SQL of the ms since which a survey's live version is asked. */
export const liveSince = "COALESCE(surveys.published_at, surveys.created_at)";

/**
 * Keeps what a survey asks until now as a version, where what is given differs from it. It stands before the update, whose
 * `target` is a survey, and is safe to repeat: afterwards nothing differs.
 */
export function keepVersion(
  { where, values }: Omit<Target, "read">,
  given: Partial<Asks>,
  { at, by }: { at: number; by: string },
): Statement[] {
  const bound: Bindable[] = [...values];
  const differs = asks.flatMap((column) => {
    const value = given[column];
    return value === undefined ? [] : [`${column} IS NOT ?${bound.push(value)}`];
  });
  if (differs.length === 0) return [];
  const changed = `surveys WHERE ${where} AND (${differs.join(" OR ")})`;
  const columns = asks.join(", ");
  return [
    {
      sql: `INSERT INTO survey_versions (survey_ref, version, ${columns}, published_at, published_by)
        SELECT ref, version, ${columns}, ${liveSince}, published_by FROM ${changed}`,
      values: bound,
    },
    {
      // Later than the one before by our clock too, since a time finds one version.
      sql: `UPDATE surveys SET version = version + 1, published_at = MAX(?${bound.length + 1}, ${liveSince} + 1), published_by = ?${bound.length + 2}
        WHERE ref = (SELECT ref FROM ${changed})`,
      values: [...bound, at, by],
    },
  ];
}

/**
 * SQL of the version that a response of a joined survey answers: the one that its page said, else the one that was live when it
 * was answered. Null: none was, or it was imported, and was asked elsewhere in words that nobody here knows.
 */
export const answeredVersion = `CASE WHEN survey_version IS NOT NULL OR channel = 'import' THEN survey_version
    WHEN answered_at >= ${liveSince} THEN surveys.version
    WHEN surveys.version > 1 THEN (SELECT past.version FROM survey_versions AS past
      WHERE past.survey_ref = surveys.ref AND past.published_at <= answered_at ORDER BY past.published_at DESC LIMIT 1) END`;

export interface VersionRow extends Asks {
  version: number;
  publishedAt: number;
  publishedBy: string | null;
}

const columns = `version, ${asks.join(", ")}`;
/** SQL of all versions of a survey, of which the live one stands in the survey itself. `of`: its ref. */
const versionsOf = (of: string, condition: string) => `
  SELECT ${columns}, published_at AS publishedAt, published_by AS publishedBy FROM survey_versions WHERE survey_ref = ${of} AND ${condition}
  UNION ALL SELECT ${columns}, ${liveSince}, published_by FROM surveys WHERE ref = ${of} AND ${condition}`;

/** null: absent. `survey`: its ref. */
export const findVersion = (db: Database, survey: number, version: number): Promise<VersionRow | null> =>
  db.first(versionsOf("?1", "version = ?2"), survey, version);

export interface ListedVersion {
  version: number;
  publishedAt: number;
  publishedBy: string | null;
  /** The columns that differ from the version before. */
  changed: Json<(keyof Asks)[]>;
}

/** The versions below one, the newest first. Their texts may have a megabyte each, so only what differs is named. */
export const listVersions = (
  db: Database,
  survey: number,
  before: number,
  limit: number,
): Promise<ListedVersion[]> =>
  db.all(
    `WITH known AS (${versionsOf("?1", "version < ?2 AND version >= ?2 - ?3 - 1")})
     SELECT later.version, later.publishedAt, later.publishedBy,
       (SELECT json_group_array(value) FROM json_each(json_array(${asks
         .map((column) => `IIF(later.${column} IS earlier.${column}, NULL, '${column}')`)
         .join(", ")})) WHERE earlier.version IS NOT NULL AND value IS NOT NULL) AS changed
     FROM known AS later LEFT JOIN known AS earlier ON earlier.version = later.version - 1
     WHERE later.version >= ?2 - ?3 ORDER BY later.version DESC`,
    survey,
    before,
    limit,
  );
