import type { Step } from "./answers.ts";

/** Dates as a language writes them, in the zone that was asked for. */
export interface Dates {
  /** 16 Nov; with the year where it is not the present one. */
  day: (instant: number) => string;
  /** 16 November. */
  longDay: (instant: number) => string;
  time: (instant: number) => string;
  /** Of today its time, of this week its day, else its date. */
  ago: (instant: number) => string;
  /** 27 – 30 Aug. */
  range: (from: number, to: number) => string;
  /** The name of a step: a day, a month, or a range. */
  step: (step: Pick<Step, "from" | "to">, interval: string) => string;
}

const dayMs = 86_400_000;

export function datesIn(locale: string, timeZone: string, now: number): Dates {
  const formats = new Map<string, Intl.DateTimeFormat>();
  const format = (options: Intl.DateTimeFormatOptions) => {
    const key = JSON.stringify(options);
    const known = formats.get(key);
    if (known) return known;
    const made = new Intl.DateTimeFormat(locale, { ...options, timeZone, numberingSystem: "latn" });
    formats.set(key, made);
    return made;
  };
  const yearOf = (instant: number) => format({ year: "numeric" }).format(instant);
  /** The year is said where it is not this one. */
  const year = (instant: number) => (yearOf(instant) === yearOf(now) ? {} : ({ year: "numeric" } as const));
  const plainDay = (instant: number) => format({ dateStyle: "short" }).format(instant);
  const day = (instant: number) =>
    format({ day: "numeric", month: "short", ...year(instant) }).format(instant);
  const time = (instant: number) => format({ hour: "2-digit", minute: "2-digit" }).format(instant);
  const range = (from: number, to: number) =>
    format({ day: "numeric", month: "short", ...year(from) }).formatRange(from, to);
  return {
    day,
    longDay: (instant) => format({ day: "numeric", month: "long", ...year(instant) }).format(instant),
    time,
    ago: (instant) => {
      if (plainDay(instant) === plainDay(now)) return time(instant);
      return now - instant < 6 * dayMs ? format({ weekday: "short" }).format(instant) : day(instant);
    },
    range,
    step: ({ from, to }, interval) => {
      const [first, end] = [Date.parse(from), Date.parse(to)];
      if (interval === "hour") return `${day(first)}, ${time(first)}`;
      if (interval === "year") return format({ year: "numeric" }).format(first);
      if (interval === "month") return format({ month: "long", year: "numeric" }).format(first);
      // The last moment before its end: an end is the first moment of the next step.
      if (plainDay(first) === plainDay(end - 1))
        return format({ weekday: "short", day: "numeric", month: "short", ...year(first) }).format(first);
      return range(first, end - 1);
    },
  };
}
