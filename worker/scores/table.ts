import { HIGHEST_RATING } from "../../shared/surveys/kinds.ts";
import { csvLine } from "../http/csv.ts";
import type { GroupJson, PointJson } from "./group.ts";
import type { Question } from "./question.ts";

/** One row of a table: a group, or a point of its series. */
type Row = Record<string, string | number | boolean | null>;

const ratings = Array.from({ length: HIGHEST_RATING + 1 }, (_, rating) => rating);
/** As `scoreRow` writes them. */
const headlineColumns = ["from", "to", "kind", "unit", "score", "n", "low", "high", "small_sample"];
const detailColumns = [
  "mean",
  "percentage",
  "received",
  "excluded",
  "seen",
  "response_rate",
  ...ratings.map((rating) => `r${rating}`),
];

function scoreRow(
  { group, kind, unit }: GroupJson,
  { from, to }: { from: string; to: string },
  figures: Omit<PointJson, "from" | "to">,
): Row {
  const { score, n, interval, small_sample, mean, percentage, ledger, response_rate, distribution } = figures;
  const count = (rating: number) => distribution?.find((one) => one.rating === rating)?.count ?? null;
  return {
    ...group,
    from,
    to,
    kind,
    unit,
    score,
    n,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    small_sample,
    ...(ledger && {
      mean: mean?.value ?? null,
      percentage: percentage?.value ?? null,
      received: ledger.received,
      excluded: ledger.received - ledger.counted,
      seen: response_rate?.seen ?? null,
      response_rate: response_rate?.value ?? null,
      ...Object.fromEntries(ratings.map((rating) => [`r${rating}`, count(rating)])),
    }),
  };
}

/** The answer as rows: one for each group or, with a series, for each of its points. */
export function tableOf(groups: readonly GroupJson[], period: { from: string; to: string }): Row[] {
  return groups.flatMap((group): Row[] =>
    group.series
      ? group.series.map((point) => ({
          ...scoreRow(group, point, point),
          ...(point.rolling && { rolling_score: point.rolling.score, rolling_n: point.rolling.n }),
        }))
      : [
          {
            ...scoreRow(group, period, group),
            ...(group.compare && {
              compare_score: group.compare.score,
              compare_n: group.compare.n,
              difference: group.compare.change?.difference ?? null,
              p: group.compare.change?.p ?? null,
            }),
          },
        ],
  );
}

/**
 * RFC 4180 with a header. Without rows, the header has the columns that every row has. `withMark`: with a byte order
 * mark, by which spreadsheets recognize UTF-8; programs would read it as part of the first column's name.
 */
export function csvOf(
  rows: readonly Row[],
  { groupBy, headline }: Pick<Question, "groupBy" | "headline">,
  withMark: boolean,
): string {
  const known = [...groupBy, ...headlineColumns, ...(headline ? [] : detailColumns)];
  const columns = rows[0] ? Object.keys(rows[0]) : known;
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))].map(csvLine);
  return `${withMark ? "\ufeff" : ""}${lines.join("")}`;
}

/** One JSON object a line. */
export const ndjsonOf = (rows: readonly Row[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join("");
