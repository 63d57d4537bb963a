import type { Period } from "../../shared/time/periods.ts";
import type { BinRanges } from "./bin-ranges.ts";
import { blockDays, type Counter, countedValueRef, counters, dimensionValue, eachCounter } from "./schema.ts";

/** What to count, and by what. It uses refs, not public ids. */
export interface CountQuestion {
  bins: readonly Period[];
  touchpoints: readonly number[];
  /** null: all. */
  surveys: readonly number[] | null;
  channels: readonly string[] | null;
  byTouchpoint: boolean;
  /** `widget`: the widget's channel apart from all others, which are '' together. */
  byChannel: "each" | "widget" | "none";
}

/** The values of a breakdown that are asked for; null: all. `grouped`: one row for each value. */
export interface Slice {
  breakdown: number;
  values: readonly string[] | null;
  grouped: boolean;
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

const sums = (of: (counter: Counter, rating: number) => string) =>
  eachCounter((name, rating) => `SUM(${of(name, rating)}) AS ${name}`);
const rated = sums((_, rating) => `rating = ${rating}`);
const inList = (column: string, parameter: string) =>
  `${column} IN (SELECT value FROM json_each(${parameter}))`;
const unless = (parameter: string, condition: string) => `(${parameter} IS NULL OR ${condition})`;
export const filters = `${unless("?3", inList("survey_ref", "?3"))} AND ${unless("?4", inList("channel", "?4"))}`;

/**
 * The columns that name a row of the answer, and no others: each sorted column takes a tenth more time. `bin` is the
 * first; `value` is the expression of a breakdown's value, null where it is not asked for.
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

/** The cells to read at a touchpoint: those of the asked values, or the one of all responses. */
const slicesOf = (slice: Slice | null) =>
  slice
    ? `(SELECT ref AS slice, value FROM breakdown_values WHERE breakdown_ref = ?6 AND ${unless("?7", inList("value", "?7"))})`
    : "(SELECT 0 AS slice, '' AS value)";

// CROSS JOIN fixes the order that allows seeks: each range, touchpoint and slice is one range of the primary key.
const cellsOf = (table: string, slice: Slice | null) =>
  `json_each(?5) AS ranges CROSS JOIN json_each(?2) AS named CROSS JOIN ${slicesOf(slice)} AS slices
   CROSS JOIN ${table} AS counts ON counts.workspace_ref = ?1 AND counts.touchpoint_ref = named.value AND counts.value_ref = slice`;

export const daysSql = (question: CountQuestion, slice: Slice | null) => {
  const names = namesOf(question, rangeBin, sliceValue(slice));
  return `
SELECT ${names.join(", ")}, ${sums((name) => name)}
FROM ${cellsOf("rating_counts", slice)} AND day >= ranges.value ->> 1 AND day < ranges.value ->> 2
WHERE ${filters} ${groupBy(names)}`;
};

// A long range is its settled blocks plus the days on both sides of them.
const firstBlock = `((ranges.value ->> 1) + ${blockDays - 1}) / ${blockDays}`;
const endBlock = `MIN((ranges.value ->> 2) / ${blockDays}, (SELECT settled_to FROM touchpoints WHERE ref = named.value))`;
const orWithoutBlocks = (day: string) => `IIF(${endBlock} > ${firstBlock}, ${day}, ranges.value ->> 2)`;
export const longSql = (question: CountQuestion, slice: Slice | null) => {
  const names = namesOf(question, rangeBin, sliceValue(slice));
  const part = (table: string, from: string, to: string) => `
    SELECT ${names.join(", ")}, ${counters.join(", ")}
    FROM ${cellsOf(table, slice)} AND ${from} AND ${to} WHERE ${filters}`;
  return `
SELECT ${names.map((name) => name.split(" AS ").at(-1)).join(", ")}, ${sums((name) => name)} FROM (
  ${part("block_counts", `block >= ${firstBlock}`, `block < ${endBlock}`)} UNION ALL
  ${part("rating_counts", "day >= ranges.value ->> 1", `day < ${orWithoutBlocks(`${firstBlock} * ${blockDays}`)}`)} UNION ALL
  ${part("rating_counts", `day >= ${orWithoutBlocks(`${endBlock} * ${blockDays}`)}`, "day < ranges.value ->> 2")}
) ${groupBy(names)}`;
};
export const isLong = ({ from, to }: BinRanges["days"][number]) => to - from >= 2 * blockDays;

/** Columns `hour0`, `hour1`, …: the contents of the hours that a range asks for, as comma-separated JSON objects. */
export const hourColumns = (count: number): string =>
  Array.from(
    { length: count },
    (_, n) => `, group_concat(quarters -> ('$."' || (ranges.value ->> ${n + 2}) || '"')) AS hour${n}`,
  ).join("");

export const cutDaysSql = (question: CountQuestion, slice: Slice | null, hours: number) => {
  const names = namesOf(question, "day", sliceValue(slice));
  return `
SELECT ${names.join(", ")}, ${sums((name) => name)}${hourColumns(hours)}
FROM ${cellsOf("rating_counts", slice)} AND day >= ranges.value ->> 0 AND day < ranges.value ->> 1
WHERE ${filters} ${groupBy(names)}`;
};

/** The value under which a row is counted, by the same rule as in the triggers. */
const countedValue = `(SELECT value FROM breakdown_values WHERE ref = ${countedValueRef("responses")})`;
export const restsSql = (question: CountQuestion, slice: Slice | null) => {
  const names = namesOf(question, rangeBin, slice?.grouped ? countedValue : null);
  return `
SELECT ${names.join(", ")}, ${rated}
FROM json_each(?5) AS ranges CROSS JOIN responses
  ON workspace_ref = ?1 AND answered_at >= ranges.value ->> 1 AND answered_at < ranges.value ->> 2
  ${slice ? "CROSS JOIN breakdowns ON breakdowns.ref = ?6" : ""}
WHERE ${inList("touchpoint_ref", "?2")} AND ${filters} ${slice ? `AND ${unless("?7", inList(countedValue, "?7"))}` : ""}
${groupBy(names)}`;
};

export const rowsSql = (question: CountQuestion) => {
  const value1 = `IIF(?7 IS NULL, '', ${dimensionValue("responses", "?7")})`;
  const value2 = `IIF(?8 IS NULL, '', ${dimensionValue("responses", "?8")}) AS value2`;
  const names = [...namesOf(question, rangeBin, value1), value2];
  return `
SELECT ${names.join(", ")}, ${rated}
FROM json_each(?5) AS ranges CROSS JOIN responses
  ON workspace_ref = ?1 AND answered_at >= ranges.value ->> 1 AND answered_at < ranges.value ->> 2
WHERE ${inList("touchpoint_ref", "?2")} AND ${filters} AND NOT EXISTS (
  SELECT 1 FROM json_each(?6) AS filters
  WHERE ${dimensionValue("responses", "(filters.value ->> 'dimension')")} NOT IN (SELECT value FROM json_each(filters.value, '$.values')))
${groupBy(names)}`;
};
