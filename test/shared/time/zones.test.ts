import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { hourStarts, isTimeZone, localDate, startOfDate } from "../../../shared/time/zones.ts";
import { utc, ZONES } from "./zones.ts";

const start = (zone: string, date: string) => {
  const { year, month, day } = Temporal.PlainDate.from(date);
  return startOfDate(zone, year, month, day);
};

test.each(ZONES)("%s: any date of 1970 to 2037 starts where Temporal says", (zone) => {
  const dates = fc
    .integer({ min: 0, max: 68 * 365 })
    .map((days) => new Temporal.PlainDate(1970, 1, 2).add({ days }));
  const property = fc.property(dates, (date) => {
    const expected = date.toZonedDateTime(zone).epochMilliseconds;
    expect(startOfDate(zone, date.year, date.month, date.day), date.toString()).toBe(expected);
    expect(localDate(zone, expected), date.toString()).toEqual({
      year: date.year,
      month: date.month,
      day: date.day,
    });
  });
  fc.assert(property, { seed: 1, numRuns: 200 });
});

test("every date near a change of the clock starts where Temporal says", () => {
  const wrong: string[] = [];
  let changes = 0;
  for (const zone of ZONES) {
    let change = Temporal.Instant.fromEpochMilliseconds(0)
      .toZonedDateTimeISO(zone)
      .getTimeZoneTransition("next");
    for (; change && change.year < 2038; change = change.getTimeZoneTransition("next")) {
      changes += 1;
      for (const days of [-1, 0, 1]) {
        const date = change.toPlainDate().add({ days });
        const expected = date.toZonedDateTime(zone).epochMilliseconds;
        if (startOfDate(zone, date.year, date.month, date.day) !== expected) wrong.push(`${zone} ${date}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(changes).toBeGreaterThan(1000);
});

// Copied from the tz database, since the oracle uses the same Intl as the code.
test.each([
  ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00Z"],
  ["Asia/Kathmandu", "2026-10-01", "2026-09-30T18:15Z"],
  ["Pacific/Kiritimati", "2026-10-01", "2026-09-30T10:00Z"],
  ["Etc/GMT+12", "2026-10-01", "2026-10-01T12:00Z"],
  ["America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00Z"],
  ["Asia/Beirut", "2026-03-29", "2026-03-28T22:00Z"],
  ["Pacific/Apia", "2011-12-30", "2011-12-30T10:00Z"],
  ["Pacific/Apia", "2011-12-31", "2011-12-30T10:00Z"],
  ["America/Havana", "2026-11-01", "2026-11-01T04:00Z"],
  ["Africa/Monrovia", "1972-01-07", "1972-01-07T00:44:30Z"],
  ["UTC", "0001-01-01", "0001-01-01T00:00Z"],
])("%s: %s starts at %s", (zone, date, instant) => {
  expect(start(zone, date)).toBe(utc(instant));
});

test("a month or a day too many is that of the next year or month", () => {
  expect(startOfDate("UTC", 2026, 13, 32)).toBe(utc("2027-02-01T00:00Z"));
  expect(startOfDate("UTC", 2024, 3, 0)).toBe(utc("2024-02-29T00:00Z"));
});

const hours = (zone: string, from: string, to: string) =>
  hourStarts(zone, utc(from), utc(to)).map((at) => new Date(at).toISOString().slice(11, 16));

test("an hour that is repeated starts twice, and one that is skipped never", () => {
  const autumn = hours("Europe/Berlin", "2026-10-24T23:30Z", "2026-10-25T03:00Z");
  expect(autumn).toEqual(["23:30", "00:00", "01:00", "02:00"]);
  const spring = hours("Europe/Berlin", "2026-03-29T00:00Z", "2026-03-29T02:30Z");
  expect(spring).toEqual(["00:00", "01:00", "02:00"]);
});

test("where the clock changes by half an hour, hours start where it shows a full one or jumps into another", () => {
  // 01:59 is followed by 02:30 in spring, and by 01:30 in autumn.
  const spring = hours("Australia/Lord_Howe", "2026-10-03T14:30Z", "2026-10-03T17:30Z");
  expect(spring).toEqual(["14:30", "15:30", "16:00", "17:00"]);
  const autumn = hours("Australia/Lord_Howe", "2026-04-04T14:00Z", "2026-04-04T17:00Z");
  expect(autumn).toEqual(["14:00", "15:30", "16:30"]);
});

test("the clock is changed at its instant, not a millisecond before or after", () => {
  const change = utc("2011-12-30T10:00Z");
  expect(localDate("Pacific/Apia", change - 1)).toEqual({ year: 2011, month: 12, day: 29 });
  expect(localDate("Pacific/Apia", change)).toEqual({ year: 2011, month: 12, day: 31 });
  expect(hours("Australia/Lord_Howe", "2026-10-03T14:30Z", "2026-10-03T15:30Z")).toEqual(["14:30"]);
  expect(hours("Australia/Lord_Howe", "2026-10-03T15:30Z", "2026-10-03T16:30Z")).toEqual(["15:30", "16:00"]);
});

test("hours of zones with half and quarter hours start where the local clock shows a full hour", () => {
  expect(hours("Asia/Kolkata", "2026-10-01T00:30Z", "2026-10-01T02:00Z")).toEqual(["00:30", "01:30"]);
  expect(hours("Asia/Kathmandu", "2026-10-01T00:15Z", "2026-10-01T02:00Z")).toEqual(["00:15", "01:15"]);
});

test("zones are known by name or link in any case; offsets and anything else are none", () => {
  const known = ["Europe/Berlin", "europe/berlin", "UTC", "Asia/Calcutta", "Etc/GMT+12", "GMT"];
  expect(known.filter(isTimeZone)).toEqual(known);
  const unknown = ["+01:00", "-0330", "Z", "", "Europe/Nowhere", " UTC", "UTC\n", "A".repeat(65)];
  expect(unknown.filter(isTimeZone)).toEqual([]);
  expect(() => startOfDate("Europe/Nowhere", 2026, 1, 1)).toThrow(RangeError);
});

test("more zones and more years than are remembered are as right as the first", () => {
  const date = Temporal.PlainDate.from("2026-06-01");
  const all = [...Intl.supportedValuesOf("timeZone"), ...ZONES];
  const wrong = all.filter(
    (zone) => start(zone, "2026-06-01") !== date.toZonedDateTime(zone).epochMilliseconds,
  );
  expect(wrong).toEqual([]);
  expect(hourStarts("Europe/Berlin", utc("1971-01-01T00:00Z"), utc("2071-01-01T00:00Z"))).toHaveLength(
    36_525 * 24,
  );
  expect(start("Europe/Berlin", "1996-07-01")).toBe(utc("1996-06-30T22:00Z"));
});
