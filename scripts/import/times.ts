import { dayMs, minuteMs } from "../../shared/time/durations.ts";
import { dayNumber, firstInstant } from "../../shared/time/zones.ts";

/** Whether the day or the month comes first in 03/04/2026. */
export const DATE_ORDERS = ["dmy", "mdy"] as const;
type DateOrder = (typeof DATE_ORDERS)[number];
export const isDateOrder = (text: string): text is DateOrder => DATE_ORDERS.some((order) => order === text);

export interface TimeOptions {
  /** undefined: not given. */
  dates: DateOrder | undefined;
  /** The IANA zone of times without a zone. */
  timeZone: string;
}

/** A parsed time: RFC 3339, and how it was read; or why it cannot be read. */
type Time = { instant: string; as: string } | { fault: string };

/** Smaller numbers are seconds, larger ones milliseconds. Unix seconds reach it in 5138, milliseconds passed it in 1973. */
const secondsBelow = 1e11;

/** 1990, before which nobody asked by computer. A number that would be earlier is written in some other way. */
const numbersFrom = Date.UTC(1990);

/** 20261127, 202611271405 and 20261127140531. */
const compact =
  /^(?<year>(?:19|20)\d\d)(?<month>\d\d)(?<day>\d\d)(?:(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)?)?$/;

/** Excel's day numbers, counted from 1899-12-30, of 1970-01-01 and 2100-01-01. */
const [excelFirst, excelLast] = [25_569, 73_051];

const dateAndTime = new RegExp(
  [
    /^(?:(?<year>\d{4})([-/.])(?<month>\d{1,2})\2(?<day>\d{1,2})|(?<one>\d{1,2})(?<mark>[-/.])(?<two>\d{1,2})\k<mark>(?<last>\d{4}))/,
    /(?:(?:T|,?\s+)(?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d)(?<fraction>\.\d+)?)?(?:\s*(?<half>[ap])\.?m\.?)?)?/,
    /\s*(?<zone>Z|UTC|GMT|(?<sign>[+-])(?<ahead>\d\d)(?::?(?<minutes>\d\d))?)?$/,
  ]
    .map(({ source }) => source)
    .join(""),
  "i",
);

/**
 * Reads the times that people and tools write: RFC 3339, unix seconds or milliseconds, Excel's day numbers, and dates
 * with or without a time, also without anything between their numbers. It guesses neither a zone nor the order of day and month.
 */
export function timeReader({ dates, timeZone }: TimeOptions): (text: string) => Time {
  const local = (shown: number, as: string): Time => ({
    instant: new Date(firstInstant(timeZone, shown)).toISOString(),
    as: `${as} in ${timeZone}`,
  });

  const orderOf = (one: number, two: number, mark: string | undefined): DateOrder | null => {
    // A date with dots never has the month first.
    if (dates || mark === ".") return dates ?? "dmy";
    if (two > 12) return "mdy";
    return one > 12 || one === two ? "dmy" : null;
  };

  return (text) => {
    const close = compact.exec(text)?.groups;
    const shownClose = close && shownBy(Number(close.year), Number(close.month), Number(close.day), close);
    if (typeof shownClose === "number") return local(shownClose, "year, month, day");
    if (/^\d{9,15}(\.\d+)?$/.test(text)) {
      const isSeconds = Number(text) < secondsBelow;
      const at = new Date(Number(text) * (isSeconds ? 1000 : 1));
      const unit = isSeconds ? "seconds" : "milliseconds";
      if (at.getTime() < numbersFrom) return { fault: `would lie before 1990 in unix ${unit}` };
      return { instant: at.toISOString(), as: `unix ${unit}` };
    }
    const days = /^\d{5}([.,]\d+)?$/.test(text) ? Number(text.replace(",", ".")) : 0;
    if (days >= excelFirst && days < excelLast) {
      const shown = Math.round(((days - excelFirst) * dayMs) / 1000) * 1000;
      return local(shown, "Excel's days");
    }
    const parts = dateAndTime.exec(text)?.groups;
    if (!parts) return { fault: "is no time that can be read here" };
    const [one, two] = [Number(parts.one), Number(parts.two)];
    const order = parts.year === undefined ? orderOf(one, two, parts.mark) : "ymd";
    if (!order) return { fault: "may have the day or the month first: say --dates dmy or --dates mdy" };
    const [month, day] = {
      ymd: [Number(parts.month), Number(parts.day)],
      dmy: [two, one],
      mdy: [one, two],
    }[order];
    const shown = shownBy(Number(parts.year ?? parts.last), month, day, parts);
    if (shown === null) return { fault: `is no date and time in the order ${order}` };
    const as = { ymd: "year, month, day", dmy: "day, month, year", mdy: "month, day, year" }[order];
    if (parts.zone === undefined) return local(shown, as);
    const minutes = Number(parts.minutes ?? 0);
    const ahead = (parts.sign === "-" ? -1 : 1) * (Number(parts.ahead ?? 0) * 60 + minutes);
    // No zone on Earth is further from UTC.
    if (minutes > 59 || ahead < -12 * 60 || ahead > 14 * 60) return { fault: "has an offset of no zone" };
    return { instant: new Date(shown - ahead * minuteMs).toISOString(), as: `${as} with a zone of its own` };
  };
}

/** The time on a clock, as if it were UTC; null if no clock shows it. */
function shownBy(
  year: number,
  month = 0,
  day = 0,
  { hour = "0", minute = "0", second = "0", fraction = "0", half }: Record<string, string | undefined>,
): number | null {
  const hours =
    half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  const days = dayNumber({ year, month, day });
  const isDate = month >= 1 && month <= 12 && new Date(days * dayMs).getUTCDate() === day;
  const isTime =
    hours < 24 && Number(minute) < 60 && Number(second) < 60 && (half === undefined || Number(hour) <= 12);
  if (!isDate || !isTime) return null;
  const seconds = (hours * 60 + Number(minute)) * 60 + Number(second) + Number(fraction);
  return days * dayMs + Math.round(seconds * 1000);
}
