import type * as z from "zod";
import type { FieldError } from "../../shared/contract/problem.ts";
import type { ScoresQuery } from "../../shared/contract/scores.ts";
import { dayMs } from "../../shared/time/durations.ts";
import {
  binCount,
  binsOf,
  boundary,
  namedPeriod,
  type Period,
  type PeriodName,
  previousPeriod,
  rollingStart,
  WEEK_STARTS,
  type WeekStart,
  yearBefore,
} from "../../shared/time/periods.ts";
import { localDate, startOfDate } from "../../shared/time/zones.ts";
import type { Database } from "../db/database.ts";
import type { CountQuestion, Slice } from "../rollup/count-sql.ts";
import type { RowFilter } from "../rollup/counts.ts";
import type { SurveyRow } from "../surveys/db/surveys.ts";
import { type Catalogue, countedValues } from "./db/catalogue.ts";

export type Query = z.output<typeof ScoresQuery>;

/** Points of a series: three years of days. */
const maxBins = 1_100;

/** A period of the answer, with the bins that make up its total and each point of its series. */
interface CutPeriod {
  period: Period;
  total: readonly number[];
  series: Point[] | null;
}

export interface Point {
  period: Period;
  bins: readonly number[];
  rolling: { from: number; bins: readonly number[] } | null;
}

/** A query with everything in it resolved: what is to be counted, and how the bins make up the answer. */
export interface Question extends CutPeriod {
  timeZone: string;
  surveys: SurveyRow[];
  touchpoints: Catalogue["touchpoints"];
  groupBy: readonly string[];
  order: Query["order"];
  limit: Query["limit"];
  counted: CountQuestion;
  /** Where the counts come from: the whole roll-up, the values of a breakdown, or the responses themselves. */
  source:
    | { from: "counts"; slice: Slice | null }
    | { from: "responses"; filters: RowFilter[]; dimensions: string[] };
  /** Whether impressions are counted too. */
  seen: boolean;
  compare: CutPeriod | null;
  /** Whether points have nothing but their headline. */
  headline: boolean;
}

/** Why a question has no answer: a parameter is wrong, or the surveys have no common score. */
export type Unanswerable =
  | { problem: "invalid-input"; errors: FieldError[] }
  | { problem: "surveys-disagree"; detail: string };

export const isUnanswerable = (found: object): found is Unanswerable => "problem" in found;

export const wrong = (pointer: string, detail: string): Unanswerable => ({
  problem: "invalid-input",
  errors: [{ pointer, detail }],
});

/** An impression knows neither locale nor properties of its respondent. */
export const isSeenByGroup = ({ source }: Pick<Question, "source">): boolean =>
  source.from === "counts" && source.slice === null;

/** `withTotal`: the score over all groups is asked for too. */
export async function resolveQuestion(
  db: Database,
  query: Query,
  catalogue: Catalogue,
  now: number,
  withTotal = false,
): Promise<Question | Unanswerable> {
  const zone = query.time_zone ?? catalogue.timeZone;
  const weekStart = query.week_start ?? WEEK_STARTS.find((day) => day === catalogue.weekStart) ?? "monday";
  const named = periodOf(query, zone, now, catalogue.firstDay);
  if (isUnanswerable(named)) return named;
  const { name, ...period } = named;
  if (query.series && !query.interval) return wrong("?series", "needs an interval");
  const isKnown = (survey: string) => catalogue.surveys.some(({ id }) => id === survey);
  if (!(query.survey?.every(isKnown) ?? true)) return wrong("?survey", "is no survey of this workspace");
  if (query.limit !== undefined && !query.group_by) return wrong("?limit", "needs group_by");
  const groupBy = query.group_by ?? [];
  const isMixed = new Set(catalogue.touchpoints.map(({ sample }) => sample)).size > 1;
  if (isMixed && !groupBy.includes("touchpoint"))
    return wrong("?touchpoint", "names sample data and others, which only group_by=touchpoint keeps apart");
  const bins = new Bins();
  const cut = cutPeriod(query, period, { zone, weekStart }, bins);
  if (isUnanswerable(cut)) return cut;
  const other = query.compare && comparedPeriod(query.compare, period, name, zone);
  if (other === null) return wrong("?compare", "there is nothing before all");
  const compare = other ? cutPeriod(query, other, { zone, weekStart }, bins) : null;
  if (compare && isUnanswerable(compare)) return compare;
  const source = await sourceOf(db, query, catalogue);
  const isFiltered = query.locale !== undefined || Object.values(query.property ?? {}).some(Boolean);
  const seen = catalogue.seen && (isSeenByGroup({ source }) || (withTotal && !isFiltered));
  const surveys = catalogue.surveys.filter(
    ({ id, kind }) =>
      (query.survey?.includes(id) ?? true) && (query.kind?.some((one) => one === kind) ?? true),
  );
  return {
    ...cut,
    compare,
    headline: query.series === "headline",
    timeZone: zone,
    surveys,
    touchpoints: catalogue.touchpoints,
    groupBy,
    order: query.order,
    limit: query.limit,
    counted: {
      bins: bins.list,
      touchpoints: catalogue.touchpoints.map(({ ref }) => ref),
      surveys: query.survey || query.kind ? surveys.map(({ ref }) => ref) : null,
      channels: query.channel ?? null,
      byTouchpoint: groupBy.includes("touchpoint"),
      byChannel: groupBy.includes("channel") ? "each" : seen ? "widget" : "none",
    },
    source,
    seen,
  };
}

function periodOf(
  query: Query,
  zone: string,
  now: number,
  firstDay: number | null,
): (Period & { name: PeriodName | null }) | Unanswerable {
  if (query.period !== undefined || (query.from === undefined && query.to === undefined)) {
    if (query.from !== undefined || query.to !== undefined)
      return wrong("?period", "stands alone: give a period, or from and to");
    const name = query.period ?? "30d";
    const { from, to } = namedPeriod(name, { zone, now });
    if (name !== "all") return { name, from, to };
    // Not from 1970: a series would begin with half a century of gaps.
    const first = localDate(zone, firstDay === null ? now : firstDay * dayMs);
    return { name, from: startOfDate(zone, first.year, first.month, first.day), to };
  }
  const at = (text: string | undefined) => (text === undefined ? undefined : boundary(text, zone));
  const given = { from: at(query.from), to: at(query.to) };
  if (given.to === null || given.from === null) {
    const parameter = given.to === null ? "?to" : "?from";
    return wrong(parameter, "is no day of the calendar, or no time of the day");
  }
  const to = given.to ?? namedPeriod("today", { zone, now }).to;
  const from = given.from ?? to - 30 * dayMs;
  if (from >= to) return wrong("?from", "must lie before to");
  return { name: null, from, to };
}

/** null: there is none. */
const comparedPeriod = (
  compare: "previous" | "year_ago",
  period: Period,
  name: PeriodName | null,
  zone: string,
): Period | null =>
  compare === "previous" ? previousPeriod(period, name, zone) : yearBefore(period, name, zone);

interface Cutting {
  zone: string;
  weekStart: WeekStart;
}

/** The bins to count, each once: a day may be of the period, of the one before it and of moving scores. */
class Bins {
  readonly list: Period[] = [];
  readonly #indexes = new Map<string, number>();

  /** Where it lies in the list; what is not there yet is added. */
  indexOf(bin: Period): number {
    const key = `${bin.from} ${bin.to}`;
    const index = this.#indexes.get(key) ?? this.list.push(bin) - 1;
    this.#indexes.set(key, index);
    return index;
  }
}

/** Which bins make up a period, each point of its series and its moving score. */
function cutPeriod(query: Query, period: Period, cutting: Cutting, counted: Bins): CutPeriod | Unanswerable {
  const { interval, rolling } = query;
  if (!interval) {
    if (rolling) return wrong("?rolling", "needs an interval");
    return { period, total: [counted.indexOf(period)], series: null };
  }
  if (binCount(period, interval, cutting) > maxBins) {
    return wrong("?interval", `makes more than ${maxBins} points: choose a longer one, or a shorter period`);
  }
  const points = binsOf(period, interval, cutting);
  if (!rolling) {
    const series = points.map((point) => ({ period: point, bins: [counted.indexOf(point)], rolling: null }));
    return { period, total: series.flatMap(({ bins }) => bins), series };
  }
  if (interval === "hour") return wrong("?rolling", "moves by days: the interval must be a day or longer");
  const days = Number.parseInt(rolling, 10);
  const startOf = (point: Period) => rollingStart(point.to, days, cutting.zone);
  // Days are cut at the period's start, so that each window and each point consists of whole bins.
  const before = binsOf({ from: startOf(points[0] ?? period), to: period.from }, "day", cutting);
  const bins = [...before, ...binsOf(period, "day", cutting)];
  if (bins.length > maxBins + days) return wrong("?rolling", `moves over more than ${maxBins} days`);
  const within = ({ from, to }: Period) =>
    bins.filter((bin) => bin.from >= from && bin.to <= to).map((bin) => counted.indexOf(bin));
  const series = points.map((point) => {
    const from = startOf(point);
    return { period: point, bins: within(point), rolling: { from, bins: within({ from, to: point.to }) } };
  });
  return { period, total: within(period), series };
}

export const isOfRows = (dimension: string) => dimension === "locale" || dimension.startsWith("property:");

/** The roll-up where it counts what is asked for: at most one dimension of the responses, with a finished breakdown. */
async function sourceOf(db: Database, query: Query, catalogue: Catalogue): Promise<Question["source"]> {
  const filters: RowFilter[] = Object.entries(query.property ?? {}).flatMap(([property, values]) =>
    values ? [{ dimension: `property:${property}`, values }] : [],
  );
  if (query.locale) filters.push({ dimension: "locale", values: query.locale });
  const dimensions = (query.group_by ?? []).filter(isOfRows);
  const used = new Set([...dimensions, ...filters.map(({ dimension }) => dimension)]);
  const [only] = used;
  if (only === undefined) return { from: "counts", slice: null };
  const fromRows = { from: "responses" as const, filters, dimensions };
  const breakdown = catalogue.breakdowns.find(({ dimension }) => dimension === only);
  if (used.size > 1 || !breakdown) return fromRows;
  const values = filters[0]?.values ?? null;
  if (values && breakdown.full) {
    const counted = await countedValues(db, breakdown.ref, values);
    // A value that is counted within `(other)` cannot be told from the rest.
    if (counted.length < new Set(values).size) return fromRows;
  }
  return { from: "counts", slice: { breakdown: breakdown.ref, values, grouped: dimensions.length > 0 } };
}
