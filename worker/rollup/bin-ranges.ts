import { dayMs, hourMs, quarterMs } from "../../shared/time/durations.ts";
import type { Period } from "../../shared/time/periods.ts";

/** What a bin takes of a UTC day that it cuts: the whole day or nothing, plus or minus some quarter-hours. */
export interface Use {
  bin: number;
  whole: boolean;
  /** Quarter-hours of the day, 0 to 96, half-open. */
  parts: { sign: 1 | -1; from: number; to: number }[];
}

/** What to read for a list of bins; `bin` is the index in the list. Exact for any instants, even where bins overlap. */
export interface BinRanges {
  /** Whole UTC days, half-open: the roll-up's counters. */
  days: { bin: number; from: number; to: number }[];
  /** Days that bins cut: counters and some hours of `quarters`. */
  cutDays: Map<number, Use[]>;
  /** Parts of quarter-hours, in unix ms: read from the rows. */
  rests: { bin: number; from: number; to: number }[];
}

const quartersPerDay = dayMs / quarterMs;
export const quartersPerHour = hourMs / quarterMs;

/** Of a cut day, the shorter side is read by the hour. A longer side is the whole day without the other side. */
export function cutBins(bins: readonly Period[]): BinRanges {
  const ranges: BinRanges = { days: [], cutDays: new Map(), rests: [] };
  for (const [bin, { from, to }] of bins.entries()) {
    const first = Math.ceil(from / quarterMs);
    const last = Math.floor(to / quarterMs);
    if (first > last) {
      ranges.rests.push({ bin, from, to });
      continue;
    }
    if (from < first * quarterMs) ranges.rests.push({ bin, from, to: first * quarterMs });
    if (last * quarterMs < to) ranges.rests.push({ bin, from: last * quarterMs, to });
    if (first < last) cutDays(ranges, bin, first, last);
  }
  return ranges;
}

/** At most two days of a bin are cut: the first and the last, which may be the same. */
function cutDays(ranges: BinRanges, bin: number, first: number, last: number): void {
  const firstDay = Math.floor(first / quartersPerDay);
  const lastDay = Math.ceil(last / quartersPerDay) - 1;
  const days = { bin, from: firstDay, to: lastDay + 1 };
  for (const day of new Set([firstDay, lastDay])) {
    const from = Math.max(first - day * quartersPerDay, 0);
    const to = Math.min(last - day * quartersPerDay, quartersPerDay);
    if (to - from === quartersPerDay) continue;
    const whole = to - from > quartersPerDay / 2;
    const parts: Use["parts"] = whole
      ? [
          { sign: -1, from: 0, to: from },
          { sign: -1, from: to, to: quartersPerDay },
        ]
      : [{ sign: 1, from, to }];
    const use = { bin, whole, parts: parts.filter((part) => part.from < part.to) };
    ranges.cutDays.set(day, [...(ranges.cutDays.get(day) ?? []), use]);
    if (day === firstDay) days.from += 1;
    else days.to -= 1;
  }
  if (days.from < days.to) ranges.days.push(days);
}

/** The hours that a day's uses need, in order. */
const hoursOf = (uses: readonly Use[]): number[] => {
  const hours = uses.flatMap(({ parts }) =>
    parts.flatMap(({ from, to }) => {
      const first = Math.floor(from / quartersPerHour);
      return Array.from({ length: Math.ceil(to / quartersPerHour) - first }, (_, index) => first + index);
    }),
  );
  return [...new Set(hours)].sort((one, other) => one - other);
};

/** Consecutive cut days that need the same hours. Each run is one range of the primary key. */
export interface Run {
  from: number;
  to: number;
  hours: number[];
}

export function runsOf({ cutDays }: BinRanges): Run[] {
  const runs: Run[] = [];
  for (const [day, uses] of [...cutDays].sort(([one], [other]) => one - other)) {
    const hours = hoursOf(uses);
    const last = runs.at(-1);
    if (last?.to === day && last.hours.join() === hours.join()) last.to = day + 1;
    else runs.push({ from: day, to: day + 1, hours });
  }
  return runs;
}

/** The hours that are read for a cut day, in the order of their columns. */
export const hoursAt = (runs: readonly Run[], day: number): readonly number[] =>
  runs.find(({ from, to }) => day >= from && day < to)?.hours ?? [];

/** How many hour columns the runs need. */
export const maxHours = (runs: readonly Run[]): number =>
  Math.max(0, ...runs.map(({ hours }) => hours.length));
