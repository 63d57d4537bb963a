import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { dayMs } from "../../../shared/time/durations.ts";
import {
  binCount,
  binsOf,
  boundary,
  namedPeriod,
  PERIODS,
  type Period,
  type PeriodName,
  previousPeriod,
  rollingStart,
  SERIES_INTERVALS,
  type SeriesInterval,
  WEEK_STARTS,
  type WeekStart,
  yearBefore,
} from "../../../shared/time/periods.ts";
import { utc, ZONES } from "./zones.ts";

const berlin = "Europe/Berlin";
const monday = "monday";

/** The start of the unit that contains a date, by Temporal alone. */
function floor(date: Temporal.PlainDate, interval: Exclude<SeriesInterval, "hour">, weekStart: WeekStart) {
  const days = { monday: date.dayOfWeek - 1, sunday: date.dayOfWeek % 7, saturday: (date.dayOfWeek + 1) % 7 };
  switch (interval) {
    case "day":
      return date;
    case "week":
      return date.subtract({ days: days[weekStart] });
    case "month":
      return date.with({ day: 1 });
    case "quarter":
      return date.with({ day: 1 }).subtract({ months: (date.month - 1) % 3 });
    case "year":
      return date.with({ month: 1, day: 1 });
  }
}
const steps = {
  day: { days: 1 },
  week: { weeks: 1 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 },
};

function binsByTemporal(
  { from, to }: Period,
  interval: Exclude<SeriesInterval, "hour">,
  zone: string,
  weekStart: WeekStart,
) {
  const local = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone).toPlainDate();
  const edges = new Set([from]);
  for (let date = floor(local, interval, weekStart); ; date = date.add(steps[interval])) {
    const start = date.toZonedDateTime(zone).epochMilliseconds;
    if (start >= to) break;
    if (start > from) edges.add(start);
  }
  return [...edges];
}

const anyPeriod = fc
  .tuple(fc.integer({ min: 0, max: utc("2037-01-01T00:00Z") }), fc.integer({ min: 1, max: 400 * dayMs }))
  .map(([from, length]) => ({ from, to: from + length }));
const anyZone = fc.constantFrom(...ZONES);
const anyWeekStart = fc.constantFrom(...WEEK_STARTS);

test.each(SERIES_INTERVALS)("bins by %s follow each other and cover the period, none empty", (interval) => {
  const property = fc.property(anyPeriod, anyZone, anyWeekStart, (period, zone, weekStart) => {
    const bins = binsOf(period, interval, { zone, weekStart });
    expect(bins.map(({ from }) => from)).toEqual([period.from, ...bins.slice(0, -1).map(({ to }) => to)]);
    expect(bins.at(-1)?.to).toBe(period.to);
    expect(bins.filter(({ from, to }) => from >= to)).toEqual([]);
    const count = binCount(period, interval, { zone, weekStart });
    expect(Math.abs(count - bins.length)).toBeLessThanOrEqual(interval === "hour" ? 2 : 1);
  });
  fc.assert(property, { seed: 2, numRuns: 100 });
});

test.each(SERIES_INTERVALS.filter((interval) => interval !== "hour"))(
  "bins by %s are those of Temporal",
  (interval) => {
    const property = fc.property(anyPeriod, anyZone, anyWeekStart, (period, zone, weekStart) => {
      const bins = binsOf(period, interval, { zone, weekStart });
      expect(bins.map(({ from }) => from)).toEqual(binsByTemporal(period, interval, zone, weekStart));
    });
    fc.assert(property, { seed: 3, numRuns: 200 });
  },
);

test("each bin by the hour lies within one hour of the local clock, and the next begins another", () => {
  const property = fc.property(anyPeriod, anyZone, ({ from }, zone) => {
    const period = { from, to: from + 20 * dayMs };
    const shown = (instant: number) => {
      const local = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
      return {
        hour: local.toString({ smallestUnit: "minute", timeZoneName: "never", offset: "never" }).slice(0, 13),
        full: local.minute === 0,
      };
    };
    for (const bin of binsOf(period, "hour", { zone, weekStart: monday })) {
      const first = shown(bin.from);
      expect(shown(bin.to - 1).hour).toBe(first.hour);
      expect(bin.from === from || first.full || shown(bin.from - 1).hour !== first.hour).toBe(true);
    }
  });
  fc.assert(property, { seed: 4, numRuns: 20 });
});

test("the day that Samoa skipped has no bin, and the days around it are whole", () => {
  const period = { from: utc("2011-12-28T10:00Z"), to: utc("2012-01-01T10:00Z") };
  const bins = binsOf(period, "day", { zone: "Pacific/Apia", weekStart: monday });
  expect(bins.map(({ from }) => new Date(from).toISOString())).toEqual([
    "2011-12-28T10:00:00.000Z",
    "2011-12-29T10:00:00.000Z",
    "2011-12-30T10:00:00.000Z",
    "2011-12-31T10:00:00.000Z",
  ]);
});

test.each(SERIES_INTERVALS)(
  "a whole year of bins by %s is counted exactly, and cut into no more",
  (interval) => {
    const calendar = { zone: berlin, weekStart: monday } as const;
    const [period] = binsOf(
      { from: utc("2025-12-31T23:00Z"), to: utc("2026-12-31T23:00Z") },
      "year",
      calendar,
    );
    if (!period) throw new Error("no year");
    const bins = { hour: 8760, day: 365, week: 53, month: 12, quarter: 4, year: 1 };
    expect(binCount(period, interval, calendar)).toBe(bins[interval]);
    expect(binsOf(period, interval, calendar)).toHaveLength(bins[interval]);
  },
);

test("hours that the period cuts at its ends are counted", () => {
  const calendar = { zone: "Asia/Kolkata", weekStart: monday } as const;
  const period = { from: utc("2026-10-01T10:00Z"), to: utc("2026-10-01T11:45Z") };
  expect(binsOf(period, "hour", calendar)).toHaveLength(3);
  expect(binCount(period, "hour", calendar)).toBe(3);
});

/** A period as Berlin's local dates, both ends included. */
function dates(period: Period | null, zone = berlin) {
  if (!period) return null;
  const start = (instant: number) => Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  const [from, to] = [start(period.from), start(period.to)];
  expect([from.equals(from.startOfDay()), to.equals(to.startOfDay())]).toEqual([true, true]);
  return `${from.toPlainDate()} to ${to.subtract({ days: 1 }).toPlainDate()}`;
}

describe.each<[string, Record<Exclude<PeriodName, "all">, [string, string, string]>]>([
  [
    // Clocks changed on October 25th and March 29th.
    "2026-11-10T22:59Z",
    {
      today: ["2026-11-10 to 2026-11-10", "2026-11-09 to 2026-11-09", "2025-11-10 to 2025-11-10"],
      yesterday: ["2026-11-09 to 2026-11-09", "2026-11-08 to 2026-11-08", "2025-11-09 to 2025-11-09"],
      "7d": ["2026-11-04 to 2026-11-10", "2026-10-28 to 2026-11-03", "2025-11-04 to 2025-11-10"],
      "30d": ["2026-10-12 to 2026-11-10", "2026-09-12 to 2026-10-11", "2025-10-12 to 2025-11-10"],
      "90d": ["2026-08-13 to 2026-11-10", "2026-05-15 to 2026-08-12", "2025-08-13 to 2025-11-10"],
      this_month: ["2026-11-01 to 2026-11-10", "2026-10-01 to 2026-10-10", "2025-11-01 to 2025-11-10"],
      last_month: ["2026-10-01 to 2026-10-31", "2026-09-01 to 2026-09-30", "2025-10-01 to 2025-10-31"],
      this_quarter: ["2026-10-01 to 2026-11-10", "2026-07-01 to 2026-08-10", "2025-10-01 to 2025-11-10"],
      this_year: ["2026-01-01 to 2026-11-10", "2025-01-01 to 2025-11-10", "2025-01-01 to 2025-11-10"],
    },
  ],
  [
    // Local midnight has passed, so it is March 30th. February is shorter.
    "2025-03-29T23:00Z",
    {
      today: ["2025-03-30 to 2025-03-30", "2025-03-29 to 2025-03-29", "2024-03-30 to 2024-03-30"],
      yesterday: ["2025-03-29 to 2025-03-29", "2025-03-28 to 2025-03-28", "2024-03-29 to 2024-03-29"],
      "7d": ["2025-03-24 to 2025-03-30", "2025-03-17 to 2025-03-23", "2024-03-24 to 2024-03-30"],
      "30d": ["2025-03-01 to 2025-03-30", "2025-01-30 to 2025-02-28", "2024-03-01 to 2024-03-30"],
      "90d": ["2024-12-31 to 2025-03-30", "2024-10-02 to 2024-12-30", "2023-12-31 to 2024-03-29"],
      this_month: ["2025-03-01 to 2025-03-30", "2025-02-01 to 2025-02-28", "2024-03-01 to 2024-03-30"],
      last_month: ["2025-02-01 to 2025-02-28", "2025-01-01 to 2025-01-31", "2024-02-01 to 2024-02-29"],
      this_quarter: ["2025-01-01 to 2025-03-30", "2024-10-01 to 2024-12-28", "2024-01-01 to 2024-03-29"],
      this_year: ["2025-01-01 to 2025-03-30", "2024-01-01 to 2024-03-29", "2024-01-01 to 2024-03-29"],
    },
  ],
  [
    // February 29th of a leap year: the month is whole, and so are the months that it is compared with.
    "2024-02-29T12:00Z",
    {
      today: ["2024-02-29 to 2024-02-29", "2024-02-28 to 2024-02-28", "2023-03-01 to 2023-03-01"],
      yesterday: ["2024-02-28 to 2024-02-28", "2024-02-27 to 2024-02-27", "2023-02-28 to 2023-02-28"],
      "7d": ["2024-02-23 to 2024-02-29", "2024-02-16 to 2024-02-22", "2023-02-23 to 2023-03-01"],
      "30d": ["2024-01-31 to 2024-02-29", "2024-01-01 to 2024-01-30", "2023-01-31 to 2023-03-01"],
      "90d": ["2023-12-02 to 2024-02-29", "2023-09-03 to 2023-12-01", "2022-12-02 to 2023-03-01"],
      this_month: ["2024-02-01 to 2024-02-29", "2024-01-01 to 2024-01-31", "2023-02-01 to 2023-02-28"],
      last_month: ["2024-01-01 to 2024-01-31", "2023-12-01 to 2023-12-31", "2023-01-01 to 2023-01-31"],
      this_quarter: ["2024-01-01 to 2024-02-29", "2023-10-01 to 2023-11-29", "2023-01-01 to 2023-03-01"],
      this_year: ["2024-01-01 to 2024-02-29", "2023-01-01 to 2023-03-01", "2023-01-01 to 2023-03-01"],
    },
  ],
])("at %s in Berlin", (now, expected) => {
  test.each(PERIODS.filter((name) => name !== "all"))(
    "%s, the period before and the year before are",
    (name) => {
      const period = namedPeriod(name, { zone: berlin, now: utc(now) });
      const [before, year] = [previousPeriod(period, name, berlin), yearBefore(period, name, berlin)];
      expect([period, before, year].map((one) => dates(one))).toEqual(expected[name]);
    },
  );
});

test("all reaches from 1970 to the end of today, and nothing lies before it", () => {
  const all = namedPeriod("all", { zone: "Asia/Kolkata", now: utc("2026-10-01T19:00Z") });
  expect(all).toEqual({ from: 0, to: utc("2026-10-02T18:30Z") });
  expect([previousPeriod(all, "all", berlin), yearBefore(all, "all", berlin)]).toEqual([null, null]);
});

test("a period of whole local days is compared with as many days, whatever their hours", () => {
  // October 25th with its 25 hours, and March 29th with its 23.
  const autumn = { from: utc("2026-10-24T22:00Z"), to: utc("2026-10-25T23:00Z") };
  expect(dates(previousPeriod(autumn, null, berlin))).toBe("2026-10-24 to 2026-10-24");
  expect(dates(yearBefore(autumn, null, berlin))).toBe("2025-10-25 to 2025-10-25");
  const spring = { from: utc("2026-03-28T23:00Z"), to: utc("2026-04-01T22:00Z") };
  expect(dates(previousPeriod(spring, null, berlin))).toBe("2026-03-25 to 2026-03-28");
});

test("any other period is compared with as many milliseconds", () => {
  const period = { from: utc("2026-10-24T22:00Z"), to: utc("2026-10-25T22:59:59.999Z") };
  expect(previousPeriod(period, null, berlin)).toEqual({
    from: utc("2026-10-23T21:00:00.001Z"),
    to: period.from,
  });
  const hours = { from: utc("2026-07-01T10:30Z"), to: utc("2026-07-01T12:00Z") };
  expect(yearBefore(hours, null, berlin)).toEqual({
    from: utc("2025-07-01T10:30Z"),
    to: utc("2025-07-01T12:00Z"),
  });
});

test("a moving score counts local days up to the end of its bin", () => {
  expect(rollingStart(utc("2026-03-29T22:00Z"), 7, berlin)).toBe(utc("2026-03-22T23:00Z"));
  expect(rollingStart(utc("2026-03-30T13:00Z"), 7, berlin)).toBe(utc("2026-03-23T14:00Z"));
});

test("a boundary is a local date or an instant", () => {
  expect(boundary("2026-10-01", berlin)).toBe(utc("2026-09-30T22:00Z"));
  expect(boundary("2024-02-29", "UTC")).toBe(utc("2024-02-29T00:00Z"));
  expect(boundary("2026-10-01T00:00:00.5+05:45", berlin)).toBe(utc("2026-09-30T18:15:00.5Z"));
  expect(boundary("2026-10-01T00:00:00Z", "Asia/Kathmandu")).toBe(utc("2026-10-01T00:00Z"));
});

test.each([
  ..."2026-02-30 2026-02-29 2026-13-01 2026-00-10 2026-10-00 2026-1-1 20261001 +002026-10-01 today 1790000000000".split(
    " ",
  ),
  ..."2026-10-01T00:00:00 2026-02-30T00:00:00Z 2026-10-01T24:00:00Z 2026-10-01T00:00:60Z 2026-10-01T00:00:00+1:00".split(
    " ",
  ),
  "",
  "2026-10-01 ",
  "2026-10-01\n",
  "2026-10-01T00:00:00 02:00",
])("%j is no boundary", (text) => {
  expect(boundary(text, berlin)).toBeNull();
});
