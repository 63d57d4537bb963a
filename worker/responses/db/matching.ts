import { ratingsOf } from "../../../shared/surveys/kinds.ts";
import { dayMs, hourMs, quarterMs } from "../../../shared/time/durations.ts";
import type { Database } from "../../db/database.ts";
import { type Json, toJson } from "../../db/json.ts";
import { counters } from "../../rollup/schema.ts";
import type { SurveyRow } from "../../surveys/db/surveys.ts";
import { bucketsOf, ratingsIn } from "../../surveys/follow-up.ts";
import { erased } from "./response.ts";

export interface ResponseFilter {
  touchpoint: string | null;
  survey: string | null;
  /** Of that survey. */
  version: number | null;
  channel: string | null;
  from: number;
  to: number;
  excluded: boolean | null;
  /** With a comment, or without. */
  comment: boolean | null;
  /** One of these ratings. */
  ratings: readonly number[] | null;
  /** In one of these buckets of its survey. */
  buckets: readonly string[] | null;
  /** The last row of the previous page. */
  after: Place | null;
  limit: number;
}

/** A place between two rows. The list continues with what was answered before it. */
export interface Place {
  answeredAt: number;
  id: string;
}

/** Rows of the roll-up that one request reads, or little more. Meanwhile nobody else can write. */
const maxCellsRead = 20_000;
const firstWindowDays = 8;
/** Comes before every id. */
export const lowestId = "00000000-0000-0000-0000-000000000000";

export const exclusionIs = (excluded: boolean | null) =>
  excluded === null
    ? `exclusion <> '${erased}'`
    : excluded
      ? `exclusion NOT IN ('', '${erased}')`
      : "exclusion = ''";

/** JSON of pairs: a survey's ref, and its ratings that are wanted as bits, of which 1 stands for a rating of 0. */
type Wanted = Json<[survey: number, ratings: number][]>;

interface Places {
  touchpoints: number[];
  /** null: any survey. */
  survey: number | null;
  /** null: any rating. */
  wanted: Wanted | null;
  /** The day of the first response at one of these touchpoints; null: there is none. */
  firstDay: number | null;
}

/** SQL of the touchpoints with responses: a seek in the roll-up for each, however many others there are. */
const answeredAnywhere = `WITH RECURSIVE walked (ref) AS (
    SELECT (SELECT MIN(touchpoint_ref) FROM rating_counts WHERE workspace_ref = ?1)
    UNION ALL SELECT (SELECT MIN(touchpoint_ref) FROM rating_counts WHERE workspace_ref = ?1 AND touchpoint_ref > walked.ref)
      FROM walked WHERE walked.ref IS NOT NULL)
  SELECT ref FROM walked WHERE ref IS NOT NULL`;
const answeredAt = "SELECT ref FROM touchpoints WHERE workspace_ref = ?1 AND name = ?2";

type Rated = Pick<SurveyRow, "ref" | "kind" | "scaleMin" | "scaleMax" | "satisfiedFrom">;

/** The ratings of a survey that the filter wants, as bits. */
function bitsOf(survey: Rated, { ratings, buckets }: ResponseFilter): number {
  const scale = { min: survey.scaleMin, max: survey.scaleMax };
  const inBuckets = buckets ? ratingsIn(bucketsOf(survey), buckets) : ratingsOf(scale);
  const both = inBuckets.filter((rating) => ratings?.includes(rating) ?? true);
  return both.reduce((bits, rating) => bits | (1 << rating), 0);
}

async function placesOf(db: Database, workspace: number, filter: ResponseFilter): Promise<Places> {
  const { touchpoint, survey, ratings, buckets } = filter;
  const byRating = ratings !== null || buckets !== null;
  const { touchpoints, surveys } = await db.together<{
    touchpoints: { ref: number; firstDay: number | null };
    surveys: Rated;
  }>({
    touchpoints: {
      sql: `SELECT ref, (SELECT MIN(day) FROM rating_counts AS counts WHERE counts.workspace_ref = ?1
          AND counts.touchpoint_ref = named.ref AND value_ref = 0) AS firstDay
        FROM (${touchpoint === null ? answeredAnywhere : answeredAt}) AS named`,
      values: [workspace, ...(touchpoint === null ? [] : [touchpoint])],
    },
    surveys: {
      sql: `SELECT ref, kind, scale_min AS scaleMin, scale_max AS scaleMax, satisfied_from AS satisfiedFrom FROM surveys
        WHERE workspace_ref = ?1 AND ${byRating && survey === null ? "?2 IS NULL" : "id = ?2"}`,
      values: [workspace, survey],
    },
  });
  const wanted = surveys.flatMap((row): [number, number][] => {
    const bits = bitsOf(row, filter);
    return bits === 0 ? [] : [[row.ref, bits]];
  });
  const answered = touchpoints.filter(({ firstDay }) => firstDay !== null);
  const isNothing = (survey !== null && surveys.length === 0) || (byRating && wanted.length === 0);
  return {
    touchpoints: isNothing ? [] : answered.map(({ ref }) => ref),
    survey: survey === null ? null : (surveys[0]?.ref ?? null),
    wanted: byRating ? toJson(wanted) : null,
    firstDay: answered.reduce<number | null>(
      (first, { firstDay }) => Math.min(first ?? Infinity, firstDay ?? Infinity),
      null,
    ),
  };
}

/** SQL of the wanted ratings by survey, whose JSON is the parameter. */
export const wantedBits = (parameter: string) =>
  `(SELECT value->>0 AS survey, value->>1 AS bits FROM json_each(${parameter})) AS wanted`;

/** A day of a touchpoint, with responses that the filter wants. */
interface Cell {
  day: number;
  touchpoint: number;
  n: number;
}

/** SQL of how many of a roll-up's row have a wanted rating. */
const wantedCounters = counters.map((counter, rating) => `(bits >> ${rating} & 1) * ${counter}`).join(" + ");

const cellPasses = (excluded: boolean | null) =>
  `(?3 IS NULL OR survey_ref = ?3) AND (?4 IS NULL OR channel = ?4) AND ${exclusionIs(excluded)}`;
const cellOf = "counts.workspace_ref = ?1 AND value_ref = 0 AND counts.touchpoint_ref";

/** The newest cells that hold at least as many as are wanted. They are read in windows that grow while little is found. */
async function matchingCells(
  db: Database,
  workspace: number,
  { from, to, channel, excluded }: ResponseFilter,
  { touchpoints, survey, wanted: byRating, firstDay }: Places,
  before: Place,
  wanted: number,
): Promise<{ cells: Cell[]; stoppedAt: Place | null }> {
  const cells: Cell[] = [];
  const readBefore = db.rowsRead;
  const lowest = Math.max(Math.floor(from / dayMs), firstDay ?? Infinity);
  const end = Math.min(before.answeredAt, to);
  let high = Math.floor(end / dayMs);
  let found = 0;
  let days = 0;
  for (let window = firstWindowDays; high >= lowest; ) {
    const read = db.rowsRead - readBefore;
    // As much as is left at the density of the days read so far: a window that doubles alone would read twice the limit.
    const affordable = read === 0 ? window : Math.floor((days * (maxCellsRead - read)) / read);
    if (affordable < 1) return { cells, stoppedAt: { answeredAt: (high + 1) * dayMs, id: lowestId } };
    window = Math.min(window, affordable);
    const low = Math.max(lowest, high - window + 1);
    const rows = await db.all<Cell>(
      `SELECT day, counts.touchpoint_ref AS touchpoint, SUM(${byRating ? wantedCounters : counters.join(" + ")}) AS n
       FROM json_each(?2) AS named CROSS JOIN rating_counts AS counts
         ON ${cellOf} = named.value AND day >= ?5 AND day <= ?6
         ${byRating ? `JOIN ${wantedBits("?7")} ON wanted.survey = survey_ref` : ""}
       WHERE ${cellPasses(excluded)} GROUP BY 1, 2 HAVING n > 0 ORDER BY 1 DESC`,
      workspace,
      JSON.stringify(touchpoints),
      survey,
      channel,
      low,
      high,
      ...(byRating ? [byRating] : []),
    );
    for (const cell of rows) {
      // A day is taken with all its touchpoints.
      if (found >= wanted && cell.day !== cells.at(-1)?.day) return { cells, stoppedAt: null };
      cells.push(cell);
      // Of a day that is cut, it is not known here how much belongs to the list.
      if (cell.day * dayMs >= from && (cell.day + 1) * dayMs <= end) found += cell.n;
    }
    if (found >= wanted) return { cells, stoppedAt: null };
    days += high - low + 1;
    high = low - 1;
    window *= 2;
  }
  return { cells, stoppedAt: null };
}

/** The newest quarter-hours of these cells that hold at least as many as are wanted: their starts, unix ms, newest first. */
async function matchingQuarters(
  db: Database,
  workspace: number,
  { from, to, channel, excluded }: ResponseFilter,
  { survey, wanted: byRating }: Places,
  cells: readonly Cell[],
  before: Place,
  wanted: number,
): Promise<{ quarters: number[]; found: number }> {
  if (cells.length === 0) return { quarters: [], found: 0 };
  const rows = await db.all<{ begins: number; n: number }>(
    `SELECT day * ${dayMs} + hours.key * ${hourMs} + quarters.key * ${quarterMs} AS begins, SUM(ratings.value) AS n
     FROM json_each(?2) AS named CROSS JOIN rating_counts AS counts ON ${cellOf} = named.value ->> 1 AND day = named.value ->> 0
       CROSS JOIN json_each(counts.quarters) AS hours CROSS JOIN json_each(hours.value) AS quarters
       CROSS JOIN json_each(quarters.value) AS ratings
       ${byRating ? `JOIN ${wantedBits("?5")} ON wanted.survey = survey_ref AND bits >> CAST(ratings.key AS INTEGER) & 1` : ""}
     WHERE ${cellPasses(excluded)}
     GROUP BY 1 HAVING n > 0 ORDER BY 1 DESC`,
    workspace,
    JSON.stringify(cells.map(({ day, touchpoint }) => [day, touchpoint])),
    survey,
    channel,
    ...(byRating ? [byRating] : []),
  );
  const end = Math.min(before.answeredAt, to);
  const quarters: number[] = [];
  let found = 0;
  for (const { begins, n } of rows) {
    if (found >= wanted) break;
    if (begins > end || begins + quarterMs <= from) continue;
    quarters.push(begins);
    if (begins >= from && begins + quarterMs <= end) found += n;
  }
  return { quarters, found };
}

interface Matching {
  /** Starts of quarter-hours, unix ms, newest first. */
  quarters: number[];
  /** Responses in those that lie in the period as a whole. */
  found: number;
  /** Where the search stopped that has read enough; null: it did not. */
  stoppedAt: Place | null;
  wanted: Wanted | null;
}

/** The newest quarter-hours that hold at least `enough` responses as the filter wants them, as far as the roll-up knows them. */
export async function findQuarters(
  db: Database,
  workspace: number,
  filter: ResponseFilter,
  before: Place,
  enough: number,
): Promise<Matching> {
  const places = await placesOf(db, workspace, filter);
  const { cells, stoppedAt } = await matchingCells(db, workspace, filter, places, before, enough);
  const found = await matchingQuarters(db, workspace, filter, places, cells, before, enough);
  return { ...found, stoppedAt, wanted: places.wanted };
}
