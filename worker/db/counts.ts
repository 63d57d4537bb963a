import type { Period } from "../../shared/periods.ts";
import { blockDays, type Counter, countedValueRef, counters, dimensionValue, eachCounter } from "./cells.ts";
import { type Cut, cutBins, hoursAt, mostHours, quartersPerHour, runsOf, type Use } from "./cut.ts";
import type { Bindable, Database, Statement } from "./database.ts";

/** What is counted, and by what; references and not public ids. */
export interface CountQuestion {
  bins: readonly Period[];
  touchpoints: readonly number[];
  /** null: all. */
  surveys: readonly number[] | null;
  channels: readonly string[] | null;
  byTouchpoint: boolean;
  /** `widget`: its channel is told from all others, '' together. */
  byChannel: "each" | "widget" | "none";
}

/** Rating counts of one bin, touchpoint, survey, channel, values and exclusion ('' is counted). */
export interface CountRow {
  /** Index of `bins`. */
  bin: number;
  /** 0 where not asked by touchpoint. */
  touchpoint: number;
  survey: number;
  /** '' where not asked by channel. */
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
const inList = (column: string, parameter: string) =>
  `${column} IN (SELECT value FROM json_each(${parameter}))`;
const unless = (parameter: string, condition: string) => `(${parameter} IS NULL OR ${condition})`;
export const asked = `${unless("?3", inList("survey_ref", "?3"))} AND ${unless("?4", inList("channel", "?4"))}`;

/**
 * The columns that name a row of the answer, and no others: a sorted column more is a tenth more time. `bin` is the first;
 * `value` the expression of a breakdown's value, null where not asked by.
 */
function namesOf({ byTouchpoint, byChannel }: CountQuestion, bin: string, value: string | null): string[] {
  const channel = byChannel === "widget" ? "IIF(channel = 'widget', channel, '')" : "channel";
  return [
    bin,
    "survey_ref AS survey",
    "exclusion",
    ...(byTouchpoint ? ["touchpoint_ref AS touchpoint"] : []),
    ...(byChannel === "none" ? [] : [`${channel} AS channel`]),
    ...(value === null ? [] : [`${value} AS value1`]),
  ];
}
const groupBy = (names: readonly string[]) => `GROUP BY ${names.map((_, index) => index + 1).join(", ")}`;
const rangeBin = "ranges.value ->> 0 AS bin";
const sliceValue = (slice: Slice | null) => (slice?.grouped ? "slices.value" : null);

/** Which cells of a touchpoint: those of the asked values, or the one of all responses. */
const slicesOf = (slice: Slice | null) =>
  slice
    ? `(SELECT ref AS slice, value FROM breakdown_values WHERE breakdown_ref = ?6 AND ${unless("?7", inList("value", "?7"))})`
    : "(SELECT 0 AS slice, '' AS value)";

// CROSS JOIN keeps the order that seeks: each range, touchpoint and slice is one range of the primary key.
const cellsOf = (table: string, slice: Slice | null) =>
  `json_each(?5) AS ranges CROSS JOIN json_each(?2) AS named CROSS JOIN ${slicesOf(slice)} AS slices
   CROSS JOIN ${table} AS counts ON counts.workspace_ref = ?1 AND counts.touchpoint_ref = named.value AND counts.value_ref = slice`;

const daysSql = (question: CountQuestion, slice: Slice | null) => {
  const names = namesOf(question, rangeBin, sliceValue(slice));
  return `
SELECT ${names.join(", ")}, ${sums((name) => name)}
FROM ${cellsOf("rating_counts", slice)} AND day >= ranges.value ->> 1 AND day < ranges.value ->> 2
WHERE ${asked} ${groupBy(names)}`;
};

// A long range is the settled blocks within it and the days on both sides of them.
const firstBlock = `((ranges.value ->> 1) + ${blockDays - 1}) / ${blockDays}`;
const endBlock = `MIN((ranges.value ->> 2) / ${blockDays}, (SELECT settled_to FROM touchpoints WHERE ref = named.value))`;
const orWithoutBlocks = (day: string) => `IIF(${endBlock} > ${firstBlock}, ${day}, ranges.value ->> 2)`;
const longSql = (question: CountQuestion, slice: Slice | null) => {
  const names = namesOf(question, rangeBin, sliceValue(slice));
  const part = (table: string, from: string, to: string) => `
    SELECT ${names.join(", ")}, ${counters.join(", ")}
    FROM ${cellsOf(table, slice)} AND ${from} AND ${to} WHERE ${asked}`;
  return `
SELECT ${names.map((name) => name.split(" AS ").at(-1)).join(", ")}, ${sums((name) => name)} FROM (
  ${part("block_counts", `block >= ${firstBlock}`, `block < ${endBlock}`)} UNION ALL
  ${part("rating_counts", "day >= ranges.value ->> 1", `day < ${orWithoutBlocks(`${firstBlock} * ${blockDays}`)}`)} UNION ALL
  ${part("rating_counts", `day >= ${orWithoutBlocks(`${endBlock} * ${blockDays}`)}`, "day < ranges.value ->> 2")}
) ${groupBy(names)}`;
};
const isLong = ({ from, to }: Cut["days"][number]) => to - from >= 2 * blockDays;

/** Columns `hour0`, `hour1`, …: what the hours that a range asks for hold, as JSON objects one after the other. */
export const hourColumns = (most: number): string =>
  Array.from(
    { length: most },
    (_, n) => `, group_concat(quarters -> ('$."' || (ranges.value ->> ${n + 2}) || '"')) AS hour${n}`,
  ).join("");

const cutDaysSql = (question: CountQuestion, slice: Slice | null, hours: number) => {
  const names = namesOf(question, "day", sliceValue(slice));
  return `
SELECT ${names.join(", ")}, ${sums((name) => name)}${hourColumns(hours)}
FROM ${cellsOf("rating_counts", slice)} AND day >= ranges.value ->> 0 AND day < ranges.value ->> 1
WHERE ${asked} ${groupBy(names)}`;
};

/** The value under which a row is counted, as the triggers would. */
const countedValue = `(SELECT value FROM breakdown_values WHERE ref = ${countedValueRef("responses")})`;
const restsSql = (question: CountQuestion, slice: Slice | null) => {
  const names = namesOf(question, rangeBin, slice?.grouped ? countedValue : null);
  return `
SELECT ${names.join(", ")}, ${rated}
FROM json_each(?5) AS ranges CROSS JOIN responses
  ON workspace_ref = ?1 AND answered_at >= ranges.value ->> 1 AND answered_at < ranges.value ->> 2
  ${slice ? "CROSS JOIN breakdowns ON breakdowns.ref = ?6" : ""}
WHERE ${inList("touchpoint_ref", "?2")} AND ${asked} ${slice ? `AND ${unless("?7", inList(countedValue, "?7"))}` : ""}
${groupBy(names)}`;
};

/** What a row is named by where it was not asked by. */
const unnamed = { touchpoint: 0, channel: "", value1: "", value2: "" };

interface CutRow extends Omit<RawRow, "bin">, Record<`hour${number}`, string | null> {
  day: number;
}

/** Adds up rows of the same name. */
class Counts {
  readonly #rows = new Map<string, CountRow>();

  row({ bin, touchpoint, survey, channel, exclusion, value1, value2 }: Omit<RawRow, Counter>): CountRow {
    // Not JSON.stringify, which would cost more than the counting. No value holds a NUL.
    const key = `${bin} ${touchpoint} ${survey} ${channel} ${exclusion} ${value1}\0${value2}`;
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

/** In one pass over what the hours hold, whatever number of bins the day is cut for. */
function addCutDay(counts: Counts, uses: readonly Use[], hours: readonly number[], row: CutRow): void {
  const targets = uses.map(({ bin, whole, parts }) => {
    if (whole) counts.add({ ...row, bin });
    return { counts: counts.row({ ...row, bin }).counts, parts };
  });
  for (const [n, hour] of hours.entries()) {
    // Quarter-hours of an hour, then ratings; from several cells.
    const cells: Record<string, Record<string, number>>[] = JSON.parse(`[${row[`hour${n}`] ?? ""}]`);
    for (const cell of cells)
      for (const quarter in cell) {
        const slot = hour * quartersPerHour + Number(quarter);
        const ratings = cell[quarter] ?? {};
        for (const target of targets)
          for (const { sign, from, to } of target.parts)
            if (slot >= from && slot < to)
              for (const rating in ratings)
                target.counts[Number(rating)] =
                  (target.counts[Number(rating)] ?? 0) + sign * (ratings[rating] ?? 0);
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
  const runs = runsOf(cut);
  const values = (ranges: readonly (readonly number[])[]): Bindable[] => [
    ...common(workspace, question, ranges),
    ...(slice ? [slice.breakdown, slice.values && JSON.stringify(slice.values)] : []),
  ];
  const range = ({ bin, from, to }: Cut["days"][number]) => [bin, from, to];
  const parts: Statement[] = [];
  if (cut.days.length > 0) {
    const sql = cut.days.some(isLong) ? longSql(question, slice) : daysSql(question, slice);
    parts.push({ sql, values: values(cut.days.map(range)) });
  }
  if (runs.length > 0)
    parts.push({
      sql: cutDaysSql(question, slice, mostHours(runs)),
      values: values(runs.map((run) => [run.from, run.to, ...run.hours])),
    });
  if (cut.rests.length > 0)
    parts.push({ sql: restsSql(question, slice), values: values(cut.rests.map(range)) });
  const answers = await db.batch<RawRow | CutRow>(parts);
  const counts = new Counts();
  for (const row of answers.flat()) {
    if ("day" in row)
      addCutDay(counts, cut.cutDays.get(row.day) ?? [], hoursAt(runs, row.day), { ...unnamed, ...row });
    else counts.add({ ...unnamed, ...row });
  }
  return counts.list();
}

/** The parameters ?1 to ?5 of every question: workspace, touchpoints, surveys, channels, ranges. */
export const common = (
  workspace: number,
  question: CountQuestion,
  ranges: readonly (readonly number[])[],
) => [
  workspace,
  JSON.stringify(question.touchpoints),
  question.surveys && JSON.stringify(question.surveys),
  question.channels && JSON.stringify(question.channels),
  JSON.stringify(ranges),
];

/** A dimension of the responses themselves, `locale` or `property:plan`, with the values that pass. */
export interface RowFilter {
  dimension: string;
  values: readonly string[];
}

const rowsSql = (question: CountQuestion) => {
  const value1 = `IIF(?7 IS NULL, '', ${dimensionValue("responses", "?7")})`;
  const value2 = `IIF(?8 IS NULL, '', ${dimensionValue("responses", "?8")}) AS value2`;
  const names = [...namesOf(question, rangeBin, value1), value2];
  return `
SELECT ${names.join(", ")}, ${rated}
FROM json_each(?5) AS ranges CROSS JOIN responses
  ON workspace_ref = ?1 AND answered_at >= ranges.value ->> 1 AND answered_at < ranges.value ->> 2
WHERE ${inList("touchpoint_ref", "?2")} AND ${asked} AND NOT EXISTS (
  SELECT 1 FROM json_each(?6) AS filters
  WHERE ${dimensionValue("responses", "(filters.value ->> 'dimension')")} NOT IN (SELECT value FROM json_each(filters.value, '$.values')))
${groupBy(names)}`;
};

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
  for (const row of rows) counts.add({ ...unnamed, ...row });
  return counts.list();
}

/** Counted responses to one survey at one touchpoint, of all times: a settled block is one row and not eight. */
export async function countedResponses(
  db: Database,
  workspace: number,
  touchpoint: number,
  survey: number,
): Promise<number> {
  const cells = (table: string, since: string) =>
    `SELECT ${counters.join(" + ")} AS n FROM ${table} AS counts WHERE counts.workspace_ref = ?1 AND touchpoint_ref = ?2
       AND value_ref = 0 AND ${since} AND survey_ref = ?3 AND exclusion = ''`;
  const settledTo = "(SELECT settled_to FROM touchpoints WHERE ref = ?2)";
  const row = await db.first<{ n: number | null }>(
    `SELECT SUM(n) AS n FROM (
       ${cells("block_counts", `block < ${settledTo}`)} UNION ALL ${cells("rating_counts", `day >= ${settledTo} * ${blockDays}`)})`,
    ...[workspace, touchpoint, survey],
  );
  return row?.n ?? 0;
}
