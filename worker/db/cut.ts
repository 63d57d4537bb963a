import { dayMs, hourMs, quarterMs } from "./cells.ts";

/** A half-open time in unix ms. */
export interface Bin {
  from: number;
  to: number;
}

/** Quarter-hours of one hour that are added to a bin (+1) or taken from it (-1). */
export interface Piece {
  bin: number;
  sign: 1 | -1;
  /** Quarter-hours of the hour, 0 to 4, half-open. */
  from: number;
  to: number;
}

/** What to read for a list of bins; `bin` is its index in the list. Exact for any instants, whatever the bins share. */
export interface Cut {
  /** Whole UTC days, half-open: the roll-up's counters. */
  days: { bin: number; from: number; to: number }[];
  /** Hours of days that a bin cuts, from the roll-up's `quarters`; by `hourKey`. */
  pieces: Map<string, Piece[]>;
  /** What is left of a quarter-hour, in unix ms: rows. */
  rests: { bin: number; from: number; to: number }[];
}

export const hourKey = (day: number, hour: number): string => `${day}.${hour}`;

const quartersPerDay = dayMs / quarterMs;
const quartersPerHour = hourMs / quarterMs;

/** Of a day that is cut the shorter side is read by the hour; the longer one is the day without it. */
export function cutBins(bins: readonly Bin[]): Cut {
  const cut: Cut = { days: [], pieces: new Map(), rests: [] };
  for (const [bin, { from, to }] of bins.entries()) {
    const first = Math.ceil(from / quarterMs);
    const last = Math.floor(to / quarterMs);
    if (first > last) {
      cut.rests.push({ bin, from, to });
      continue;
    }
    if (from < first * quarterMs) cut.rests.push({ bin, from, to: first * quarterMs });
    if (last * quarterMs < to) cut.rests.push({ bin, from: last * quarterMs, to });
    if (first < last) cutDays(cut, bin, first, last);
  }
  return cut;
}

function cutDays(cut: Cut, bin: number, first: number, last: number): void {
  const firstDay = Math.floor(first / quartersPerDay);
  const endDay = Math.ceil(last / quartersPerDay);
  const whole = { bin, from: firstDay, to: endDay };
  // At most two days are cut: the first and the last, which may be the same.
  for (const day of new Set([firstDay, endDay - 1])) {
    const from = Math.max(first - day * quartersPerDay, 0);
    const to = Math.min(last - day * quartersPerDay, quartersPerDay);
    if (to - from > quartersPerDay / 2) {
      cutHours(cut, bin, -1, day, 0, from);
      cutHours(cut, bin, -1, day, to, quartersPerDay);
    } else {
      cutHours(cut, bin, 1, day, from, to);
      if (day === firstDay) whole.from += 1;
      else whole.to -= 1;
    }
  }
  if (whole.from < whole.to) cut.days.push(whole);
}

function cutHours(cut: Cut, bin: number, sign: 1 | -1, day: number, from: number, to: number): void {
  for (let hour = Math.floor(from / quartersPerHour); hour * quartersPerHour < to; hour++) {
    const start = hour * quartersPerHour;
    const piece = {
      bin,
      sign,
      from: Math.max(from - start, 0),
      to: Math.min(to - start, quartersPerHour),
    };
    const key = hourKey(day, hour);
    const pieces = cut.pieces.get(key);
    if (pieces) pieces.push(piece);
    else cut.pieces.set(key, [piece]);
  }
}
