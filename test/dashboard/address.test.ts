import fc from "fast-check";
import { expect, test } from "vitest";
import { ScoresQuery } from "../../shared/contract/scores.ts";
import { PERIODS, SERIES_INTERVALS } from "../../shared/time/periods.ts";

Object.assign(globalThis, {
  document: {
    getElementById: () => ({ textContent: '{"workspace":{"id":"wsp_1","timeZone":"Europe/Berlin"}}' }),
  },
});
const { question, readAddress, valuesOf, withFilter, writeAddress, zoneOf } = await import(
  "../../dashboard/shown/address.ts"
);

const usual = { period: "30d", interval: "day" };
const anyShown = fc
  .record({
    range: fc.boolean(),
    period: fc.constantFrom(...PERIODS),
    compare: fc.constantFrom("previous", "year_ago", "none"),
    timeZone: fc.constantFrom(null, "Asia/Kolkata", "America/Argentina/Buenos_Aires"),
    interval: fc.constantFrom(...SERIES_INTERVALS),
    by: fc.constantFrom("channel", "locale", "property:plan"),
    filters: fc.uniqueArray(
      fc.tuple(
        fc.constantFrom("channel", "locale", "property[plan]"),
        fc.constantFrom("widget,link", "de", "a&b=c,d"),
      ),
      { selector: ([name]) => name, maxLength: 3 },
    ),
  })
  .map(({ range, ...shown }) => ({
    ...shown,
    period: range ? null : shown.period,
    from: range ? "2026-10-01" : null,
    to: range ? "2026-11-01" : null,
  }));

test("an address shows what it was written of, and leaves out what is usual", () => {
  fc.assert(
    fc.property(anyShown, (shown) => {
      expect(readAddress(writeAddress(shown, usual), usual)).toEqual(shown);
    }),
  );
  expect(writeAddress(readAddress("", usual), usual)).toBe("");
});

test("the question to the API has the address's own names and values, and the API takes it", () => {
  const given = new URLSearchParams("period=90d&compare=year_ago&time_zone=Asia/Kolkata&channel=widget,link");
  const asked = question("/v1/scores", readAddress(given.toString(), usual), { group_by: "touchpoint" });
  expect(asked).toBe(
    "/v1/scores?period=90d&time_zone=Asia%2FKolkata&compare=year_ago&channel=widget,link&group_by=touchpoint",
  );
  const query = Object.fromEntries(new URL(asked, "http://candor").searchParams);
  expect(ScoresQuery.safeParse(query).success).toBe(true);
});

test("nothing is compared where the address says so, or where the figure needs no comparison", () => {
  expect(question("/s", readAddress("compare=none", usual))).toBe("/s?period=30d");
  expect(question("/s", readAddress("", usual), { compare: "" })).toBe("/s?period=30d");
});

test("a range of days takes the period's place", () => {
  const shown = readAddress("from=2026-10-01&to=2026-11-01&period=7d", usual);
  expect(question("/s", shown)).toBe("/s?from=2026-10-01&to=2026-11-01&compare=previous");
});

test("a filter is changed or dropped by itself, and the zone is the workspace's unless another is said", () => {
  const shown = withFilter(readAddress("channel=link&locale=de", usual), "channel", ["widget", "email"]);
  expect(shown.filters).toEqual([
    ["locale", "de"],
    ["channel", "widget,email"],
  ]);
  expect(withFilter(shown, "locale", []).filters).toEqual([["channel", "widget,email"]]);
  expect([zoneOf(shown), zoneOf({ ...shown, timeZone: "UTC" })]).toEqual(["Europe/Berlin", "UTC"]);
});

test.each(["a", "a,b", '"a,b",c', '"say ""hi""",(none)', 'x "y",z', ' "a" ,b', "a, b"])(
  "the values of %j are read as the API reads them",
  (list) => {
    expect(valuesOf(list)).toEqual(ScoresQuery.parse({ property: { plan: list } }).property?.plan);
  },
);
