import type { Bindable, Database, Statement } from "../db/database.ts";
import {
  type BinRanges,
  cutBins,
  hoursAt,
  maxHours,
  quartersPerHour,
  runsOf,
  type Use,
} from "./bin-ranges.ts";
import {
  type CountQuestion,
  common,
  cutDaysSql,
  daysSql,
  isLong,
  longSql,
  restsSql,
  rowsSql,
  type Slice,
} from "./count-sql.ts";
import { blockDays, type Counter, counters } from "./schema.ts";

/** Rating counts of one bin, touchpoint, survey, channel, values and exclusion ('' is counted). */
export interface CountRow {
  /** The index in `bins`. */
  bin: number;
  /** 0 where not grouped by touchpoint. */
  touchpoint: number;
  survey: number;
  /** '' where not grouped by channel. */
  channel: string;
  exclusion: string;
  /** The values of the breakdowns that are grouped by, in their order. */
  values: string[];
  /** By rating, 0 to 10. */
  counts: number[];
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

/** The names of a row for what is not grouped by. */
const unnamed = { touchpoint: 0, channel: "", value1: "", value2: "" };

interface CutRow extends Omit<RawRow, "bin">, Record<`hour${number}`, string | null> {
  day: number;
}

/** Adds up rows with the same names. */
class Counts {
  readonly #rows = new Map<string, CountRow>();

  row({ bin, touchpoint, survey, channel, exclusion, value1, value2 }: Omit<RawRow, Counter>): CountRow {
    // Not JSON.stringify, which would cost more than the counting. No value contains a NUL.
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

  /** The rows with a counter that is not 0. */
  list(): CountRow[] {
    return [...this.#rows.values()].filter(({ counts }) => counts.some((count) => count !== 0));
  }
}

/** Takes one pass over the hours' contents, however many bins cut the day. */
function addCutDay(counts: Counts, uses: readonly Use[], hours: readonly number[], row: CutRow): void {
  const targets = uses.map(({ bin, whole, parts }) => {
    if (whole) counts.add({ ...row, bin });
    return { counts: counts.row({ ...row, bin }).counts, parts };
  });
  for (const [n, hour] of hours.entries()) {
    // An hour's quarter-hours, then their ratings. Several cells may be joined.
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
 * Counts from the roll-up, for all responses or for a breakdown's values. It is exact for any instants, and its cost
 * does not grow with the responses. One transaction, so that all parts show the same moment.
 */
export async function countsOf(
  db: Database,
  workspace: number,
  question: CountQuestion,
  slice: Slice | null,
): Promise<CountRow[]> {
  const ranges = cutBins(question.bins);
  const runs = runsOf(ranges);
  const values = (ranges: readonly (readonly number[])[]): Bindable[] => [
    ...common(workspace, question, ranges),
    ...(slice ? [slice.breakdown, slice.values && JSON.stringify(slice.values)] : []),
  ];
  const range = ({ bin, from, to }: BinRanges["days"][number]) => [bin, from, to];
  const parts: Statement[] = [];
  if (ranges.days.length > 0) {
    const sql = ranges.days.some(isLong) ? longSql(question, slice) : daysSql(question, slice);
    parts.push({ sql, values: values(ranges.days.map(range)) });
  }
  if (runs.length > 0)
    parts.push({
      sql: cutDaysSql(question, slice, maxHours(runs)),
      values: values(runs.map((run) => [run.from, run.to, ...run.hours])),
    });
  if (ranges.rests.length > 0)
    parts.push({ sql: restsSql(question, slice), values: values(ranges.rests.map(range)) });
  const answers = await db.batch<RawRow | CutRow>(parts);
  const counts = new Counts();
  for (const row of answers.flat()) {
    if ("day" in row)
      addCutDay(counts, ranges.cutDays.get(row.day) ?? [], hoursAt(runs, row.day), { ...unnamed, ...row });
    else counts.add({ ...unnamed, ...row });
  }
  return counts.list();
}

/** A dimension of the responses themselves, `locale` or `property:plan`, with the values that pass. */
export interface RowFilter {
  dimension: string;
  values: readonly string[];
}

/** Counts from the responses, for what no breakdown counts. Its cost grows with them. At most two dimensions. */
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
    JSON.stringify(filters),
    first,
    second,
  );
  const counts = new Counts();
  for (const row of rows) counts.add({ ...unnamed, ...row });
  return counts.list();
}

/** All counted responses to one survey at one touchpoint. A settled block costs one row instead of eight. */
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
    workspace,
    touchpoint,
    survey,
  );
  return row?.n ?? 0;
}
