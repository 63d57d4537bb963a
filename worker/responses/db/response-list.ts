import { quarterMs } from "../../../shared/time/durations.ts";
import type { Database, Statement } from "../../db/database.ts";
import { answeredVersion } from "../../surveys/db/versions.ts";
import {
  exclusionIs,
  findQuarters,
  lowestId,
  type Place,
  type ResponseFilter,
  wantedBits,
} from "./matching.ts";
import type { StoredResponse } from "./response.ts";
import { responseColumns, responsesJoined, shownComment } from "./responses.ts";

interface ListedResponses {
  rows: StoredResponse[];
  /** Where a search stopped that has read enough for one request; null: the page is full, or ends the list. */
  stoppedAt: Place | null;
}

/** How many responses are looked at for each of a page by what the roll-up knows nothing of: a comment, a version. */
const lookedAtForEach = 20;

/** Newest first. Erased responses are not listed. */
export async function listResponses(
  db: Database,
  workspace: number,
  filter: ResponseFilter,
): Promise<ListedResponses> {
  const { touchpoint, survey, version, channel, excluded, comment, ratings, buckets, from, to, limit } =
    filter;
  const before = filter.after ?? { answeredAt: to, id: "" };
  const filters = [touchpoint, survey, channel, excluded, comment, ratings, buckets];
  if (filters.every((wanted) => wanted === null)) {
    const [rows = []] = await db.batch<StoredResponse>([rowsOf(workspace, filter, null, [from, to], before)]);
    return { rows, stoppedAt: null };
  }
  const enough = comment === null && version === null ? limit : limit * lookedAtForEach;
  const matching = await findQuarters(db, workspace, filter, before, enough);
  const { quarters, found, stoppedAt, wanted } = matching;
  const last = quarters.pop();
  if (last === undefined) return { rows: [], stoppedAt };
  // All rows of these quarters are listed, so they may be sorted. The last may hold any number, so one page is read.
  const [earlier = [], rest = []] = await db.batch<StoredResponse>([
    rowsIn(workspace, filter, wanted, quarters, before),
    rowsOf(workspace, filter, wanted, [Math.max(last, from), Math.min(last + quarterMs, to)], before),
  ]);
  const rows = [...earlier, ...rest].slice(0, limit);
  if (rows.length === limit) return { rows, stoppedAt: null };
  return { rows, stoppedAt: found >= enough ? { answeredAt: last, id: lowestId } : stoppedAt };
}

/** The filters on a joined row, with the parameters ?2 to ?6 and ?9, and where ratings are wanted ?10. */
const rowPasses = ({
  excluded,
  comment,
  ratings,
  buckets,
}: ResponseFilter) => `(?2 IS NULL OR touchpoints.name = ?2) AND (?3 IS NULL OR surveys.id = ?3)
  AND (?4 IS NULL OR channel = ?4) AND (answered_at, responses.id) < (?5, ?6) AND ${exclusionIs(excluded)}
  ${comment === null ? "" : `AND (${shownComment}) IS ${comment ? "NOT" : ""} NULL`}
  AND (?9 IS NULL OR ${answeredVersion} = ?9)
  ${ratings === null && buckets === null ? "" : `AND EXISTS (SELECT 1 FROM ${wantedBits("?10")} WHERE wanted.survey = responses.survey_ref AND bits >> rating & 1)`}`;
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
  wanted: string | null,
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
    filter.version,
    ...(wanted === null ? [] : [wanted]),
  ],
});

const rowsIn = (
  workspace: number,
  filter: ResponseFilter,
  wanted: string | null,
  quarters: readonly number[],
  before: Place,
): Statement => ({
  sql: `SELECT ${responseColumns} FROM json_each(?7) AS quarters CROSS JOIN ${responsesJoined}
    WHERE responses.workspace_ref = ?1 AND answered_at >= MAX(quarters.value, ?8) AND answered_at < quarters.value + ${quarterMs}
      AND ${rowPasses(filter)}
    ORDER BY answered_at DESC, responses.id DESC`,
  values: [
    ...rowValues(workspace, filter, before),
    JSON.stringify(quarters),
    filter.from,
    filter.version,
    ...(wanted === null ? [] : [wanted]),
  ],
});
