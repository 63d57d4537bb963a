import { dayMs, hourMs, quarterMs } from "../../../shared/time/durations.ts";
import type { Database, Statement } from "../../db/database.ts";
import { counters } from "../../rollup/schema.ts";
import { erased, type StoredResponse } from "./response.ts";
import { responseColumns, responsesJoined, shownComment } from "./responses.ts";

interface ResponseFilter {
  touchpoint: string | null;
  survey: string | null;
  channel: string | null;
  from: number;
  to: number;
  excluded: boolean | null;
  /** With a comment, or without. */
  comment: boolean | null;
  /** The last row of the previous page. */
  after: Place | null;
  limit: number;
}

/** A place between two rows. The list continues with what was answered before it. */
export interface Place {
  answeredAt: number;
  id: string;
}

interface ListedResponses {
  rows: StoredResponse[];
  /** Where a search stopped that has read enough for one request; null: the page is full, or ends the list. */
  stoppedAt: Place | null;
}

/** Rows of the roll-up that one request reads, or little more. Meanwhile nobody else can write. */
const maxCellsRead = 20_000;
const firstWindowDays = 8;
/** How many responses are looked at for each of a page by comment, of which the roll-up knows nothing. */
const lookedAtForEach = 20;
/** Comes before every id. */
const lowestId = "00000000-0000-0000-0000-000000000000";

/** Newest first. Erased responses are not listed. */
export async function listResponses(
  db: Database,
  workspace: number,
  filter: ResponseFilter,
): Promise<ListedResponses> {
  const { touchpoint, survey, channel, excluded, comment, from, to, limit } = filter;
  const before = filter.after ?? { answeredAt: to, id: "" };
  if ([touchpoint, survey, channel, excluded, comment].every((wanted) => wanted === null)) {
    const [rows = []] = await db.batch<StoredResponse>([rowsOf(workspace, filter, [from, to], before)]);
    return { rows, stoppedAt: null };
  }
  const places = await placesOf(db, workspace, filter);
  const wanted = comment === null ? limit : limit * lookedAtForEach;
  const { cells, stoppedAt } = await matchingCells(db, workspace, filter, places, before, wanted);
  const { quarters, found } = await matchingQuarters(db, workspace, filter, places, cells, before, wanted);
  const last = quarters.pop();
  if (last === undefined) return { rows: [], stoppedAt };
  // All rows of these quarters are listed, so they may be sorted. The last may hold any number, so one page is read.
  const [earlier = [], rest = []] = await db.batch<StoredResponse>([
    rowsIn(workspace, filter, quarters, before),
    rowsOf(workspace, filter, [Math.max(last, from), Math.min(last + quarterMs, to)], before),
  ]);
  const rows = [...earlier, ...rest].slice(0, limit);
  if (rows.length === limit) return { rows, stoppedAt: null };
  return { rows, stoppedAt: found >= wanted ? { answeredAt: last, id: lowestId } : stoppedAt };
}

const exclusionIs = (excluded: boolean | null) =>
  excluded === null
    ? `exclusion <> '${erased}'`
    : excluded
      ? `exclusion NOT IN ('', '${erased}')`
      : "exclusion = ''";

/** The filters on a joined row, with the parameters ?2 to ?6. */
const rowPasses = ({
  excluded,
  comment,
}: ResponseFilter) => `(?2 IS NULL OR touchpoints.name = ?2) AND (?3 IS NULL OR surveys.id = ?3)
  AND (?4 IS NULL OR channel = ?4) AND (answered_at, responses.id) < (?5, ?6) AND ${exclusionIs(excluded)}
  ${comment === null ? "" : `AND (${shownComment}) IS ${comment ? "NOT" : ""} NULL`}`;
const rowValues = (workspace: number, filter: ResponseFilter, before: Place) => [
  workspace,
  filter.touchpoint,
  filter.survey,
  filter.channel,
  before.answeredAt,
  before.id,
];

// The place bounds the index as well as the result. With `answered_at < to` beside it, SQLite would begin at `to`.
const rowsOf = (
  workspace: number,
  filter: ResponseFilter,
  [from, to]: readonly [number, number],
  before: Place,
): Statement => ({
  sql: `SELECT ${responseColumns} FROM ${responsesJoined}
    WHERE responses.workspace_ref = ?1 AND answered_at >= ?7 AND ${rowPasses(filter)}
    ORDER BY answered_at DESC, responses.id DESC LIMIT ?8`,
  values: [
    ...rowValues(workspace, filter, before.answeredAt < to ? before : { answeredAt: to, id: "" }),
    from,
    filter.limit,
  ],
});

const rowsIn = (
  workspace: number,
  filter: ResponseFilter,
  quarters: readonly number[],
  before: Place,
): Statement => ({
  sql: `SELECT ${responseColumns} FROM json_each(?7) AS quarters CROSS JOIN ${responsesJoined}
    WHERE responses.workspace_ref = ?1 AND answered_at >= MAX(quarters.value, ?8) AND answered_at < quarters.value + ${quarterMs}
      AND ${rowPasses(filter)}
    ORDER BY answered_at DESC, responses.id DESC`,
  values: [...rowValues(workspace, filter, before), JSON.stringify(quarters), filter.from],
});

interface Places {
  touchpoints: number[];
  /** null: any survey. */
  survey: number | null;
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

async function placesOf(db: Database, workspace: number, filter: ResponseFilter): Promise<Places> {
  const { touchpoint } = filter;
  const { touchpoints, surveys } = await db.together<{
    touchpoints: { ref: number; firstDay: number | null };
    surveys: { ref: number };
  }>({
    touchpoints: {
      sql: `SELECT ref, (SELECT MIN(day) FROM rating_counts AS counts WHERE counts.workspace_ref = ?1
          AND counts.touchpoint_ref = named.ref AND value_ref = 0) AS firstDay
        FROM (${touchpoint === null ? answeredAnywhere : answeredAt}) AS named`,
      values: [workspace, ...(touchpoint === null ? [] : [touchpoint])],
    },
    surveys: {
      sql: "SELECT ref FROM surveys WHERE workspace_ref = ?1 AND id = ?2",
      values: [workspace, filter.survey],
    },
  });
  const answered = touchpoints.filter(({ firstDay }) => firstDay !== null);
  const isUnknown = filter.survey !== null && surveys.length === 0;
  return {
    touchpoints: isUnknown ? [] : answered.map(({ ref }) => ref),
    survey: surveys[0]?.ref ?? null,
    firstDay: answered.reduce<number | null>(
      (first, { firstDay }) => Math.min(first ?? Infinity, firstDay ?? Infinity),
      null,
    ),
  };
}

/** A day of a touchpoint, with responses that the filter wants. */
interface Cell {
  day: number;
  touchpoint: number;
  n: number;
}

const cellPasses = (excluded: boolean | null) =>
  `(?3 IS NULL OR survey_ref = ?3) AND (?4 IS NULL OR channel = ?4) AND ${exclusionIs(excluded)}`;
const cellOf = "counts.workspace_ref = ?1 AND value_ref = 0 AND counts.touchpoint_ref";

/** The newest cells that hold at least as many as are wanted. They are read in windows that grow while little is found. */
async function matchingCells(
  db: Database,
  workspace: number,
  { from, to, channel, excluded }: ResponseFilter,
  { touchpoints, survey, firstDay }: Places,
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
      `SELECT day, counts.touchpoint_ref AS touchpoint, SUM(${counters.join(" + ")}) AS n
       FROM json_each(?2) AS named CROSS JOIN rating_counts AS counts
         ON ${cellOf} = named.value AND day >= ?5 AND day <= ?6
       WHERE ${cellPasses(excluded)} GROUP BY 1, 2 HAVING n > 0 ORDER BY 1 DESC`,
      workspace,
      JSON.stringify(touchpoints),
      survey,
      channel,
      low,
      high,
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
  { survey }: Places,
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
     WHERE ${cellPasses(excluded)}
     GROUP BY 1 HAVING n > 0 ORDER BY 1 DESC`,
    workspace,
    JSON.stringify(cells.map(({ day, touchpoint }) => [day, touchpoint])),
    survey,
    channel,
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
