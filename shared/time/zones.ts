import { dayMs, hourMs } from "./durations.ts";
/**
 * Local dates and hours of any IANA zone, exact to the second. Intl is slow, so it is asked for the offset only once
 * for each week. A change within a week is found by bisection; the rest is arithmetic.
 */

/** A date of the calendar; `month` is 1 to 12. */
export interface LocalDate {
  year: number;
  month: number;
  day: number;
}

/** From `from` up to `to` (unix ms) the zone's clock shows UTC plus `offset` (ms). */
interface Span {
  from: number;
  to: number;
  offset: number;
}

/** The offsets (ms) at both ends of a week, and the first instant with the second offset. */
interface Week {
  before: number;
  after: number;
  changedAt: number;
}

interface Zone {
  format: Intl.DateTimeFormat;
  /** By weeks since 1970-01-01T00:00Z. No zone has changed its clock twice in one week since then. */
  weeks: Map<number, Week>;
}

const secondMs = 1000;
const weekMs = 7 * dayMs;
/** No zone was ever further from UTC: Manila was 15:56 behind until 1844. */
const widestOffset = 16 * hourMs;

/** What Intl answered. It never changes, so clearing it only costs time. */
const zones = new Map<string, Zone>();
const maxZones = 40;
const maxWeeks = 4000;

/** Throws RangeError where Intl knows no such zone. */
function zoneNamed(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  // Intl also takes offsets, such as "+01:00".
  if (!/^[A-Za-z]/.test(name)) throw new RangeError("Not the name of a time zone");
  const zone: Zone = {
    format: new Intl.DateTimeFormat("en-US", { timeZone: name, year: "numeric", timeZoneName: "longOffset" }),
    weeks: new Map(),
  };
  if (zones.size >= maxZones) zones.clear();
  zones.set(name, zone);
  return zone;
}

/** The offset in "2026, GMT-03:30" is -12,600,000 ms. Seconds are written where there are any. */
function askOffset(zone: Zone, instant: number): number {
  const text = zone.format.format(instant);
  const parts = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
  if (!parts) throw new RangeError(`No offset in "${text}"`);
  const [, sign, hours, minutes, seconds] = parts;
  const offset = (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * secondMs;
  return sign === "-" ? -offset : offset;
}

function weekOf(zone: Zone, number: number): Week {
  const known = zone.weeks.get(number);
  if (known) return known;
  const start = number * weekMs;
  const before = zone.weeks.get(number - 1)?.after ?? askOffset(zone, start);
  const after = zone.weeks.get(number + 1)?.before ?? askOffset(zone, start + weekMs);
  let unchanged = start;
  let changedAt = before === after ? start : start + weekMs;
  while (changedAt - unchanged > secondMs) {
    const middle = Math.floor((unchanged + changedAt) / 2 / secondMs) * secondMs;
    if (askOffset(zone, middle) === before) unchanged = middle;
    else changedAt = middle;
  }
  const week = { before, after, changedAt };
  if (zone.weeks.size >= maxWeeks) zone.weeks.clear();
  zone.weeks.set(number, week);
  return week;
}

function spansBetween(name: string, from: number, to: number): Span[] {
  const zone = zoneNamed(name);
  const spans: Span[] = [];
  let start = from;
  let offset = 0;
  for (let number = Math.floor(from / weekMs); number * weekMs < to; number += 1) {
    const { before, after, changedAt } = weekOf(zone, number);
    if (before !== after && changedAt > from && changedAt < to) {
      spans.push({ from: start, to: changedAt, offset: before });
      start = changedAt;
    }
    offset = to <= changedAt ? before : after;
  }
  spans.push({ from: start, to, offset });
  return spans;
}

/** Whether Intl knows the name as a zone, in any case. An offset such as "+01:00" is not a zone. */
export function isTimeZone(name: string): boolean {
  try {
    zoneNamed(name);
    return true;
  } catch {
    return false;
  }
}

/** Days from 1970-01-01 to a date. Month and day may overflow: 2026-02-30 is March 2nd. */
export const dayNumber = ({ year, month, day }: LocalDate): number =>
  // Date.UTC would move the years 0 to 99 to the 20th century.
  new Date(0).setUTCFullYear(year, month - 1, day) / dayMs;

/**
 * Unix ms of the first instant whose local date is this one or later: midnight, or what the clock shows instead where
 * it skips midnight or the whole date. Month and day may overflow, as in `dayNumber`.
 */
export const startOfDate = (zone: string, year: number, month: number, day: number): number =>
  firstInstant(zone, dayNumber({ year, month, day }) * dayMs);

/** Unix ms of the first instant at which the zone's clock shows this time (given as if UTC) or a later one. */
export function firstInstant(zone: string, shown: number): number {
  let start = shown;
  for (const { from, to, offset } of spansBetween(zone, shown - widestOffset, shown + widestOffset)) {
    start = Math.max(from, shown - offset);
    if (start < to) break;
  }
  return start;
}

/** What the zone's clock shows at an instant, as if it were UTC. */
function shownAt(zone: string, instant: number): Date {
  const { before, after, changedAt } = weekOf(zoneNamed(zone), Math.floor(instant / weekMs));
  return new Date(instant + (instant < changedAt ? before : after));
}

/** The date that the zone's calendar shows at an instant. */
export function localDate(zone: string, instant: number): LocalDate {
  const shown = shownAt(zone, instant);
  return { year: shown.getUTCFullYear(), month: shown.getUTCMonth() + 1, day: shown.getUTCDate() };
}

/** The hour that its clock shows, 0 to 23. */
export const localHour = (zone: string, instant: number): number => shownAt(zone, instant).getUTCHours();

/**
 * `from`, and each instant up to `to` at which the local clock reaches a full hour or jumps into another one. A
 * repeated hour starts twice; an hour of which half is repeated (Lord Howe) lasts an hour and a half.
 */
export function hourStarts(zone: string, from: number, to: number): number[] {
  const starts: number[] = [];
  let shownBefore: number | null = null;
  for (const span of spansBetween(zone, from, to)) {
    const shown = Math.floor((span.from + span.offset) / hourMs);
    const full = shown * hourMs - span.offset;
    if (full === span.from || shown !== shownBefore) starts.push(span.from);
    for (let start = full + hourMs; start < span.to; start += hourMs) starts.push(start);
    shownBefore = Math.floor((span.to - 1 + span.offset) / hourMs);
  }
  return starts;
}
