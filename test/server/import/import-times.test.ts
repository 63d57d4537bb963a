import fc from "fast-check";
import { expect, test } from "vitest";
import { timeReader } from "../../../scripts/import/times.ts";
import { isUnanswered, ratingBesideWords } from "../../../scripts/import/words.ts";
import { dayMs } from "../../../shared/time/durations.ts";

const read = (text: string, dates?: "dmy" | "mdy", timeZone = "Europe/Berlin") =>
  timeReader({ dates, timeZone })(text);

test.each([
  ["2026-11-27T14:05:00Z", "2026-11-27T14:05:00.000Z", "with a zone of its own"],
  ["2026-11-27 14:05:31 +0200", "2026-11-27T12:05:31.000Z", "with a zone of its own"],
  ["2026-11-27 14:05:00 UTC", "2026-11-27T14:05:00.000Z", "with a zone of its own"],
  ["2026-11-27T14:05:00+14:00", "2026-11-27T00:05:00.000Z", "with a zone of its own"],
  ["2026-11-27T14:05:00-12", "2026-11-28T02:05:00.000Z", "with a zone of its own"],
  ["2026-11-27T14:05:00.123-03:30", "2026-11-27T17:35:00.123Z", "with a zone of its own"],
  ["2026-11-27 14:05", "2026-11-27T13:05:00.000Z", "in Europe/Berlin"],
  ["2026/7/1", "2026-06-30T22:00:00.000Z", "in Europe/Berlin"],
  ["27.11.2026 14:05", "2026-11-27T13:05:00.000Z", "day, month, year"],
  ["03.04.2026, 09:00:05", "2026-04-03T07:00:05.000Z", "day, month, year"],
  ["11/27/2026 02:05:31 PM", "2026-11-27T13:05:31.000Z", "month, day, year"],
  ["27/11/2026 12:00 a.m.", "2026-11-26T23:00:00.000Z", "day, month, year"],
  ["4/4/2026", "2026-04-03T22:00:00.000Z", "day, month, year"],
  ["46353.586805556", "2026-11-27T13:05:00.000Z", "Excel's days in Europe/Berlin"],
  ["46353,586805556", "2026-11-27T13:05:00.000Z", "Excel's days"],
  ["46353", "2026-11-26T23:00:00.000Z", "Excel's days"],
  ["1700000000", "2023-11-14T22:13:20.000Z", "unix seconds"],
  ["1700000000123", "2023-11-14T22:13:20.123Z", "unix milliseconds"],
  ["631152000", "1990-01-01T00:00:00.000Z", "unix seconds"],
  ["946684800000", "2000-01-01T00:00:00.000Z", "unix milliseconds"],
  ["20261127", "2026-11-26T23:00:00.000Z", "year, month, day in Europe/Berlin"],
  ["202611271405", "2026-11-27T13:05:00.000Z", "year, month, day in Europe/Berlin"],
  ["20261127140531", "2026-11-27T13:05:31.000Z", "year, month, day in Europe/Berlin"],
  ["199912312359", "1999-12-31T22:59:00.000Z", "year, month, day in Europe/Berlin"],
  // Of an hour that the clock shows twice, the first is taken; a time that the clock skips becomes the start of the next hour.
  ["2026-10-25 02:30", "2026-10-25T00:30:00.000Z", "in Europe/Berlin"],
  ["2026-03-29 02:30", "2026-03-29T01:00:00.000Z", "in Europe/Berlin"],
])("%s is read as %s, and said to be so", (text, instant, as) => {
  expect(read(text)).toEqual({ instant, as: expect.stringContaining(as) });
});

test("whether the day or the month comes first is asked for where a date does not show it, and obeyed", () => {
  expect(read("03/04/2026 09:00")).toEqual({ fault: expect.stringContaining("--dates dmy or --dates mdy") });
  expect(read("03/04/2026 09:00", "dmy")).toMatchObject({ instant: "2026-04-03T07:00:00.000Z" });
  expect(read("03/04/2026 09:00", "mdy")).toMatchObject({ instant: "2026-03-04T08:00:00.000Z" });
  expect(read("27/11/2026", "mdy")).toEqual({ fault: "is no date and time in the order mdy" });
});

test.each([
  "",
  "yesterday",
  "2026-02-30",
  "2026-13-01",
  "31.11.2026",
  "2026-11-27 24:30",
  "13:00 PM",
  "11/27/2026 13:05 PM",
  "27.11.26",
  "12",
  "2024",
  "4.5",
  "631151999",
  "631151999999",
  // Of other compact spellings, and with no such month, day, hour or minute.
  "261127140500",
  "27112026",
  "202613271405",
  "20260230",
  "202611272405",
  "202611271460",
  "2026-11-27T14:05:00+99:99",
  "2026-11-27T14:05:00+05:60",
  "2026-11-27T14:05:00+14:01",
  "2026-11-27T14:05:00 -1201",
])("%j is no time", (text) => {
  expect(read(text)).toHaveProperty("fault");
});

test("whatever a spreadsheet shows of a moment, its day count and its text are the same instant", () => {
  const moment = fc.date({ min: new Date("1971-01-01"), max: new Date("2099-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(
      moment,
      fc.constantFrom("Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "UTC"),
      (date, zone) => {
        const shown = Math.floor(date.getTime() / 1000) * 1000;
        const [day = "", time = ""] = new Date(shown).toISOString().slice(0, 19).split("T");
        const [year, month, dayOfMonth] = day.split("-");
        const serial = read(String(shown / dayMs + 25_569), undefined, zone);
        const instant = "instant" in serial ? serial.instant : "";
        for (const text of [`${day} ${time}`, `${dayOfMonth}.${month}.${year} ${time}`])
          expect(read(text, undefined, zone)).toMatchObject({ instant });
        expect(read(`${month}/${dayOfMonth}/${year} ${time}`, "mdy", zone)).toMatchObject({ instant });
        expect(read(`${day}${time}`.replace(/[-:]/g, ""), undefined, zone)).toMatchObject({ instant });
      },
    ),
  );
});

test.each([
  ["10 - Extremely likely", 10],
  ["0 – Not at all likely", 0],
  ["7 (likely)", 7],
  ["5: Very satisfied", 5],
  ["3 okay", 3],
  ["Very satisfied - 5", 5],
  ["Extremely likely (10)", 10],
  ["4.5", null],
  ["3/5", null],
  ["3 of 5", null],
  ["between 3 and 4", null],
  ["100 points", null],
  ["Good", null],
])("of %j the number is %s", (text, rating) => {
  expect(ratingBesideWords(text)).toBe(rating);
});

test("what Zendesk says of a survey that nobody answered is no rating", () => {
  expect(["Offered", "Not Offered", "unoffered", "Good"].map(isUnanswered)).toEqual([
    true,
    true,
    true,
    false,
  ]);
});
