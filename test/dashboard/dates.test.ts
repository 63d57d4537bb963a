import { expect, test } from "vitest";
import { datesIn } from "../../dashboard/figures/model/dates.ts";
import { binsOf } from "../../shared/time/periods.ts";

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "America/St_Johns",
  "Australia/Lord_Howe",
];
const now = Date.UTC(2026, 10, 28, 13);

test.each(zones)(
  "in %s every day, week and month of a year has the name of the zone's own calendar",
  (zone) => {
    const dates = datesIn("en-GB", zone, now);
    const period = { from: Date.UTC(2025, 11, 1), to: now };
    const local = (instant: number) =>
      new Intl.DateTimeFormat("en-GB", { timeZone: zone, day: "numeric", month: "short" }).format(instant);
    // Cut ends are no whole steps.
    for (const interval of ["day", "week", "month"] as const)
      for (const { from, to } of binsOf(period, interval, { zone, weekStart: "monday" }).slice(1, -1)) {
        const step = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
        const name = dates.step(step, interval);
        if (interval === "day") expect(name).toContain(local(from));
        if (interval === "month") expect(name).toMatch(/^[A-Z][a-z]+ 202[56]$/);
        if (interval === "week") expect(name).toMatch(/\d+.*–.*\d+/);
      }
  },
);

test("of today the time is said, of this week the day, and of long ago the year", () => {
  const { ago, day, longDay } = datesIn("en-GB", "Europe/Berlin", now);
  expect(ago(Date.UTC(2026, 10, 28, 5))).toBe("06:00");
  // Still yesterday by UTC, but today in Berlin.
  expect(ago(Date.UTC(2026, 10, 27, 23, 30))).toBe("00:30");
  expect(ago(Date.UTC(2026, 10, 26, 12))).toBe("Thu");
  expect(ago(Date.UTC(2026, 9, 2, 12))).toBe("2 Oct");
  expect(day(Date.UTC(2025, 9, 2, 12))).toBe("2 Oct 2025");
  expect(longDay(Date.UTC(2026, 10, 24, 12))).toBe("24 November");
});
