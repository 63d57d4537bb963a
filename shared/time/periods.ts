/** Periods and bins of local days, weeks, months, quarters and years. All of them are exact across clock changes. */
import { dayMs, hourMs } from "./durations.ts";
import { dayNumber, hourStarts, type LocalDate, localDate, startOfDate } from "./zones.ts";

/** Unix ms; half-open: from <= t < to. */
export interface Period {
  from: number;
  to: number;
}

export const PERIODS = [
  "today",
  "yesterday",
  "7d",
  "30d",
  "90d",
  "this_month",
  "last_month",
  "this_quarter",
  "this_year",
  "all",
] as const;
export type PeriodName = (typeof PERIODS)[number];

export const SERIES_INTERVALS = ["hour", "day", "week", "month", "quarter", "year"] as const;
export type SeriesInterval = (typeof SERIES_INTERVALS)[number];

export const WEEK_STARTS = ["monday", "sunday", "saturday"] as const;
export type WeekStart = (typeof WEEK_STARTS)[number];

/** A unit of the calendar: its units are numbered without gaps. */
interface Unit {
  /** The number of the unit that holds a date. */
  numberOf: (date: LocalDate) => number;
  /** The first date of a unit; month and day may overflow. */
  firstDate: (number: number) => LocalDate;
}

const unitOfDays = (length: number, shift: number): Unit => ({
  numberOf: (date) => Math.floor((dayNumber(date) + shift) / length),
  firstDate: (number) => ({ year: 1970, month: 1, day: 1 + number * length - shift }),
});
const unitOfMonths = (length: number): Unit => ({
  numberOf: ({ year, month }) => Math.floor((year * 12 + month - 1) / length),
  firstDate: (number) => ({ year: 0, month: 1 + number * length, day: 1 }),
});

const day = unitOfDays(1, 0);
const month = unitOfMonths(1);
const quarter = unitOfMonths(3);
const year = unitOfMonths(12);
/** 1970-01-01 was a Thursday. */
const weeks: Record<WeekStart, Unit> = {
  monday: unitOfDays(7, 3),
  sunday: unitOfDays(7, 4),
  saturday: unitOfDays(7, 5),
};
const unitOf = (interval: Exclude<SeriesInterval, "hour">, weekStart: WeekStart): Unit =>
  interval === "week" ? weeks[weekStart] : { day, month, quarter, year }[interval];

/** A named period starts `back` units before the current one, and ends with today or, if `over`, the last full unit. */
const NAMED: Record<Exclude<PeriodName, "all">, { unit: Unit; back: number; over: boolean }> = {
  today: { unit: day, back: 0, over: false },
  yesterday: { unit: day, back: 1, over: true },
  "7d": { unit: day, back: 6, over: false },
  "30d": { unit: day, back: 29, over: false },
  "90d": { unit: day, back: 89, over: false },
  this_month: { unit: month, back: 0, over: false },
  last_month: { unit: month, back: 1, over: true },
  this_quarter: { unit: quarter, back: 0, over: false },
  this_year: { unit: year, back: 0, over: false },
};

const startOf = (zone: string, { year, month, day }: LocalDate) => startOfDate(zone, year, month, day);
const startOfUnit = (zone: string, unit: Unit, number: number) => startOf(zone, unit.firstDate(number));

/**
 * A period in local dates. A running period ends with today, so that its bins stay the same all day and none lies in
 * the future. `all` starts in 1970.
 */
export function namedPeriod(name: PeriodName, { zone, now }: { zone: string; now: number }): Period {
  const today = localDate(zone, now);
  const tomorrow = startOfUnit(zone, day, dayNumber(today) + 1);
  if (name === "all") return { from: 0, to: tomorrow };
  const { unit, back, over } = NAMED[name];
  const current = unit.numberOf(today);
  const from = startOfUnit(zone, unit, current - back);
  return { from, to: over ? startOfUnit(zone, unit, current) : tomorrow };
}

const dateOrInstant =
  /^(\d{4})-(\d\d)-(\d\d)(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d))?$/;

/** Unix ms of a local date's start ("2026-10-01") or of an RFC 3339 instant; null for anything else. */
export function boundary(text: string, zone: string): number | null {
  const parts = dateOrInstant.exec(text);
  if (!parts) return null;
  const date = { year: Number(parts[1]), month: Number(parts[2]), day: Number(parts[3]) };
  // February 30th would otherwise be read as March 2nd, also by Date.parse.
  if (!new Date(dayNumber(date) * dayMs).toISOString().startsWith(text.slice(0, 10))) return null;
  return parts[4] ? Date.parse(text) : startOf(zone, date);
}

/** The instant some local years and days later, at the same distance from the start of its date. */
function shifted(zone: string, instant: number, years: number, days: number): number {
  const { year, month, day } = localDate(zone, instant);
  const sinceStart = instant - startOfDate(zone, year, month, day);
  return startOfDate(zone, year + years, month, day + days) + sinceStart;
}

const localDays = (zone: string, { from, to }: Period) =>
  dayNumber(localDate(zone, to)) - dayNumber(localDate(zone, from));

const isWholeDays = (zone: string, { from, to }: Period) =>
  [from, to].every((instant) => startOf(zone, localDate(zone, instant)) === instant);

/** As much of another unit as the period is of its own: all of it, or as many days, at most all of it. */
function sameOfUnit(zone: string, period: Period, unit: Unit, own: number, other: number): Period {
  const first = unit.firstDate(other);
  const end = startOfUnit(zone, unit, other + 1);
  const isWhole = period.to >= startOfUnit(zone, unit, own + 1);
  const sameDays = startOf(zone, { ...first, day: first.day + localDays(zone, period) });
  return { from: startOf(zone, first), to: isWhole ? end : Math.min(sameDays, end) };
}

/**
 * What a period is compared with. Part of a calendar unit: the same days of the unit before (July 1st to 10th: June 1st
 * to 10th). Whole local days: as many days before it. Anything else: as many ms before it. `name` is null where both
 * ends were given. null: nothing lies before `all`.
 */
export function previousPeriod(period: Period, name: PeriodName | null, zone: string): Period | null {
  if (name === "all") return null;
  const unit = name ? NAMED[name].unit : day;
  if (unit !== day) {
    const own = unit.numberOf(localDate(zone, period.from));
    return sameOfUnit(zone, period, unit, own, own - 1);
  }
  const { from, to } = period;
  const before = isWholeDays(zone, period)
    ? shifted(zone, from, 0, -localDays(zone, period))
    : from - (to - from);
  return { from: before, to: from };
}

/** The same period a year before: of a calendar unit its namesake, else as many local days or ms from that date. */
export function yearBefore(period: Period, name: PeriodName | null, zone: string): Period | null {
  if (name === "all") return null;
  const unit = name ? NAMED[name].unit : day;
  if (unit !== day) {
    const date = localDate(zone, period.from);
    const other = unit.numberOf({ ...date, year: date.year - 1 });
    return sameOfUnit(zone, period, unit, unit.numberOf(date), other);
  }
  const from = shifted(zone, period.from, -1, 0);
  const to = isWholeDays(zone, period)
    ? shifted(zone, from, 0, localDays(zone, period))
    : from + (period.to - period.from);
  return { from, to };
}

function unitStarts({ from, to }: Period, unit: Unit, zone: string): number[] {
  const starts: number[] = [];
  for (let number = unit.numberOf(localDate(zone, from)); ; number += 1) {
    const start = startOfUnit(zone, unit, number);
    if (start >= to) return starts;
    starts.push(start);
  }
}

/**
 * The local hours, days, … of a period, without gaps; the first and the last are cut to it. A date that the zone
 * skipped has no bin; an hour that it repeated has two.
 */
export function binsOf(
  period: Period,
  interval: SeriesInterval,
  { zone, weekStart }: { zone: string; weekStart: WeekStart },
): Period[] {
  const starts =
    interval === "hour"
      ? hourStarts(zone, period.from, period.to)
      : unitStarts(period, unitOf(interval, weekStart), zone);
  const bins: Period[] = [];
  let { from } = period;
  for (const to of [...starts, period.to]) {
    if (to <= from) continue;
    bins.push({ from, to });
    from = to;
  }
  return bins;
}

/**
 * The number of bins, without making them. It may be off by one or two where dates were skipped, or where a clock
 * changed by half an hour or over midnight.
 */
export function binCount(
  { from, to }: Period,
  interval: SeriesInterval,
  { zone, weekStart }: { zone: string; weekStart: WeekStart },
): number {
  const first = localDate(zone, from);
  if (interval === "hour") {
    const midnight = startOf(zone, first);
    return Math.ceil((to - midnight) / hourMs) - Math.floor((from - midnight) / hourMs);
  }
  const unit = unitOf(interval, weekStart);
  return unit.numberOf(localDate(zone, to - 1)) - unit.numberOf(first) + 1;
}

/** The start of the `days` local days that end at `to`, the end of a bin: the window of a moving score. Unix ms. */
export const rollingStart = (to: number, days: number, zone: string): number => shifted(zone, to, 0, -days);
