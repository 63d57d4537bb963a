import { type Counter, counters, dimensionValue, eachCounter, otherValues } from "./cells.ts";
import { type Bin, type Cut, cutBins, hourKey } from "./cut.ts";
import type { Bindable, Database, Statement } from "./database.ts";

/** What is counted, and by what; references and not public ids. */
export interface CountQuestion {
  bins: readonly Bin[];
  touchpoints: readonly number[];
  surveys: readonly number[];
  /** null: all. */
  channels: readonly string[] | null;
  byTouchpoint: boolean;
  byChannel: boolean;
}

/** Rating counts of one bin, touchpoint, survey, channel, values and exclusion ('' is counted). */
export interface CountRow {
  /** Index of `bins`. */
  bin: number;
  /** 0 where not asked by touchpoint. */
  touchpoint: number;
  survey: number;
  /** Where not asked by channel, `widget` or '' for all others: the widget's impressions are known. */
  channel: string;
  exclusion: string;
  /** Of the breakdowns that were asked by, in their order. */
  values: string[];
  /** By rating, 0 to 10. */
  counts: number[];
}

/** The values of a breakdown that are asked for; null: all of them. `grouped`: one row for each. */
export interface Slice {
  breakdown: number;
  values: readonly string[] | null;
  grouped: boolean;
}

interface RawRow extends Record<Counter, number> {
  bin: number;
  touchpoint: number;
  survey: number;
  channel: string;
  exclusion: string;
  value1: string;
  value2: string;
}

const sums = (of: (counter: Counter, rating: number) => string) =>
  eachCounter((name, rating) => `SUM(${of(name, rating)}) AS ${name}`);
const rated = sums((_, rating) => `rating = ${rating}`);
export const inList = (column: string, parameter: string) =>
  `${column} IN (SELECT value FROM json_each(${parameter}))`;
export const unless = (parameter: string, condition: string) => `(${parameter} IS NULL OR ${condition})`;
const asked = `${inList("survey_ref", "?3")} AND ${unless("?4", inList("channel", "?4"))}`;

/** The columns that name a row of the answer; what is not asked by is one constant, so that the database adds it up. */
const names = ({ byTouchpoint, byChannel }: CountQuestion) =>
  `${byTouchpoint ? "touchpoint_ref" : "0"} AS touchpoint, survey_ref AS survey, ${byChannel ? "channel" : "IIF(channel = 'widget', channel, '')"} AS channel, exclusion`;

const valueRef = (value: string) =>
  `(SELECT ref FROM breakdown_values WHERE breakdown_ref = breakdowns.ref AND value = ${value})`;

/** Which cells of a touchpoint: those of the asked values, or the one of all responses. */
const slicesOf = (slice: Slice | null) =>
  slice
    ? `(SELECT ref AS slice, value FROM breakdown_values WHERE breakdown_ref = ?6 AND ${unless("?7", inList("value", "?7"))})`
    : "(SELECT 0 AS slice, '' AS value)";

// CROSS JOIN keeps the order that seeks: each range, touchpoint and slice is one range of the primary key.
const cellsOf = (table: string, slice: Slice | null) =>
  `json_each(?5) AS ranges CROSS JOIN json_each(?2) AS named CROSS JOIN ${slicesOf(slice)} AS slices
   CROSS JOIN ${table} AS counts ON counts.workspace_ref = ?1 AND counts.touchpoint_ref = named.value AND counts.value_ref = slice`;

const daysSql = (question: CountQuestion, slice: Slice | null) => `
SELECT ranges.value ->> 0 AS bin, ${names(question)}, ${slice?.grouped ? "slices.value" : "''"} AS value1, ${sums((name) => name)}
FROM ${cellsOf("rating_counts", slice)} AND day >= ranges.value ->> 1 AND day < ranges.value ->> 2
WHERE ${asked} GROUP BY 1, 2, 3, 4, 5, 6 HAVING SUM(${counters.join(" + ")}) > 0`;

const hourPath = `('$."' || (ranges.value ->> 1) || '"')`;
const piecesSql = (question: CountQuestion, slice: Slice | null) => `
SELECT ranges.value ->> 0 AS day, ranges.value ->> 1 AS hour, ${names(question)}, ${slice?.grouped ? "slices.value" : "''"} AS value1,
  group_concat(quarters -> ${hourPath}) AS hours
FROM ${cellsOf("rating_counts", slice)} AND day = ranges.value ->> 0
WHERE quarters -> ${hourPath} IS NOT NULL AND ${asked} GROUP BY 1, 2, 3, 4, 5, 6, 7`;

/** The value under which a row is counted, as the triggers would. */
const countedValue = `COALESCE((SELECT value FROM breakdown_values WHERE ref = ${valueRef(dimensionValue("responses", "dimension"))}), '${otherValues}')`;
const restsSql = (question: CountQuestion, slice: Slice | null) => `
SELECT ranges.value ->> 0 AS bin, ${names(question)}, ${slice?.grouped ? countedValue : "''"} AS value1, ${rated}
FROM json_each(?5) AS ranges CROSS JOIN responses
  ON workspace_ref = ?1 AND answered_at >= ranges.value ->> 1 AND answered_at < ranges.value ->> 2
  ${slice ? "CROSS JOIN breakdowns ON breakdowns.ref = ?6" : ""}
WHERE ${inList("touchpoint_ref", "?2")} AND ${asked} ${slice ? `AND ${unless("?7", inList(countedValue, "?7"))}` : ""}
GROUP BY 1, 2, 3, 4, 5, 6`;

interface RawPiece extends Omit<RawRow, "bin" | Counter> {
  day: number;
  hour: number;
  /** JSON objects, one after the other. */
  hours: string;
}

/** Adds up rows of the same name. */
class Counts {
  readonly #rows = new Map<string, CountRow>();

  row({ bin, touchpoint, survey, channel, exclusion, value1, value2 }: Omit<RawRow, Counter>): CountRow {
    const key = JSON.stringify([bin, touchpoint, survey, channel, exclusion, value1, value2]);
    const known = this.#rows.get(key);
    if (known) return known;
    const values = [value1, value2].filter((value) => value);
    const row = { bin, touchpoint, survey, channel, exclusion, values, counts: counters.map(() => 0) };
    this.#rows.set(key, row);
    return row;
  }

  add(raw: RawRow): void {
    const { counts } = this.row(raw);
    for (const [rating, name] of counters.entries())
      counts[rating] = (counts[rating] ?? 0) + (raw[name] ?? 0);
  }

  /** The rows that count something. */
  list(): CountRow[] {
    return [...this.#rows.values()].filter(({ counts }) => counts.some((count) => count !== 0));
  }
}

function addPiece(counts: Counts, cut: Cut, { day, hour, hours, ...names }: RawPiece): void {
  const cells: Record<string, Record<string, number>>[] = JSON.parse(`[${hours}]`);
  for (const { bin, sign, from, to } of cut.pieces.get(hourKey(day, hour)) ?? []) {
    const row = counts.row({ ...names, bin });
    for (const cell of cells) {
      for (let quarter = from; quarter < to; quarter++) {
        for (const [rating, count] of Object.entries(cell[quarter] ?? {})) {
          row.counts[Number(rating)] = (row.counts[Number(rating)] ?? 0) + sign * count;
        }
      }
    }
  }
}

/**
 * Counts from the roll-up, of all responses or of a breakdown's values: exact for any instants, and at a cost that does
 * not grow with the responses. One transaction, so that all parts show the same moment.
 */
export async function countsOf(
  db: Database,
  workspace: number,
  question: CountQuestion,
  slice: Slice | null,
): Promise<CountRow[]> {
  const cut = cutBins(question.bins);
  const parts: [sql: string, ranges: number[][]][] = [
    [daysSql(question, slice), cut.days.map(({ bin, from, to }) => [bin, from, to])],
    [piecesSql(question, slice), [...cut.pieces.keys()].map((key) => key.split(".").map(Number))],
    [restsSql(question, slice), cut.rests.map(({ bin, from, to }) => [bin, from, to])],
  ];
  const values = (ranges: number[][]): Bindable[] => [
    ...common(workspace, question, ranges),
    ...(slice ? [slice.breakdown, slice.values && JSON.stringify(slice.values)] : []),
  ];
  const used = parts.filter(([, ranges]) => ranges.length > 0);
  const answers = await db.batch<RawRow | RawPiece>(
    used.map(([sql, ranges]): Statement => ({ sql, values: values(ranges) })),
  );
  const counts = new Counts();
  for (const row of answers.flat()) {
    if ("hours" in row) addPiece(counts, cut, { ...row, value2: "" });
    else counts.add({ ...row, value2: "" });
  }
  return counts.list();
}

const common = (workspace: number, question: CountQuestion, ranges: readonly (readonly number[])[]) => [
  workspace,
  JSON.stringify(question.touchpoints),
  JSON.stringify(question.surveys),
  question.channels && JSON.stringify(question.channels),
  JSON.stringify(ranges),
];

/** A dimension of the responses themselves, `locale` or `property:plan`, with the values that pass. */
export interface RowFilter {
  dimension: string;
  values: readonly string[];
}

const rowsSql = (question: CountQuestion) => `
SELECT ranges.value ->> 0 AS bin, ${names(question)}, IIF(?7 IS NULL, '', ${dimensionValue("responses", "?7")}) AS value1,
  IIF(?8 IS NULL, '', ${dimensionValue("responses", "?8")}) AS value2, ${rated}
FROM json_each(?5) AS ranges CROSS JOIN responses
  ON workspace_ref = ?1 AND answered_at >= ranges.value ->> 1 AND answered_at < ranges.value ->> 2
WHERE ${inList("touchpoint_ref", "?2")} AND ${asked} AND NOT EXISTS (
  SELECT 1 FROM json_each(?6) AS filters
  WHERE ${dimensionValue("responses", "(filters.value ->> 'dimension')")} NOT IN (SELECT value FROM json_each(filters.value, '$.values')))
GROUP BY 1, 2, 3, 4, 5, 6, 7`;

/** Counts from the responses, for what no breakdown counts: its cost grows with them. At most two dimensions. */
export async function countsOfRows(
  db: Database,
  workspace: number,
  question: CountQuestion,
  filters: readonly RowFilter[],
  dimensions: readonly string[],
): Promise<CountRow[]> {
  const ranges = question.bins.map(({ from, to }, bin) => [bin, from, to]);
  const [first = null, second = null] = dimensions;
  const rows = await db.all<RawRow>(
    rowsSql(question),
    ...common(workspace, question, ranges),
    ...[JSON.stringify(filters), first, second],
  );
  const counts = new Counts();
  for (const row of rows) counts.add(row);
  return counts.list();
}
