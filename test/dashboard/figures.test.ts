import fc from "fast-check";
import { expect, test } from "vitest";
import { verdictOf } from "../../dashboard/figures/model/change.ts";
import { barsOf, endOf, endOfRating } from "../../dashboard/figures/model/distribution.ts";
import { forestOf } from "../../dashboard/figures/model/forest.ts";
import { ledgerOver, reasonsOf } from "../../dashboard/figures/model/ledger.ts";
import { numbersIn } from "../../dashboard/figures/model/numbers.ts";
import { KINDS } from "../../shared/surveys/kinds.ts";
import { anyCounts, groupFrom, scoreFrom, scoreOfSize } from "./scored.ts";

const numbers = numbersIn("en");
/** A written number as a number again. */
const read = (text: string) => Number(text.replaceAll(",", "").replace("−", "-").replace("+", ""));

test("what is written of a score is the API's number, rounded once: every kind, every number of answers", () => {
  fc.assert(
    fc.property(anyCounts, ({ kind, counts }) => {
      const { score, unit, n, interval, mean } = groupFrom(kind, scoreFrom(kind, counts));
      expect(read(numbers.count(n))).toBe(n);
      if (score === null || !unit) return void expect(n).toBe(0);
      const places = unit === "rating" ? 2 : 0;
      for (const value of [score, interval?.low, interval?.high])
        if (value !== undefined) {
          expect(Math.abs(read(numbers.score(value, unit)) - value)).toBeLessThanOrEqual(
            0.5 / 10 ** places + 1e-9,
          );
          expect(Math.abs(read(numbers.score(value, unit, true)) - value)).toBeLessThanOrEqual(0.05 + 1e-9);
        }
      if (mean)
        expect(Math.abs(read(numbers.score(mean.value, "rating")) - mean.value)).toBeLessThan(0.00501);
    }),
    { numRuns: 2_000 },
  );
});

test("points have a sign but for none, means two decimals, and a minus is one", () => {
  expect(numbers.score(38.6, "points")).toBe("+39");
  expect(numbers.score(-0.2, "points")).toBe("0");
  expect(numbers.score(-12.5, "points")).toBe("−13");
  expect(numbers.score(84.65, "percent")).toBe("85");
  expect(numbers.score(5.8614, "rating")).toBe("5.86");
  expect(numbers.difference(-0.004, "rating")).toBe("0.00");
  expect(numbers.difference(4.2, "percent")).toBe("+4");
  expect(numbers.distance(-13.7, "percent")).toBe("14");
  expect(numbersIn("de").score(5.8614, "rating")).toBe("5,86");
  expect(numbersIn("ar").score(-38.6, "points")).toBe("−39");
});

test.each([0, 1, 29])("%d answers are too few to judge, and how many are missing is said", (n) => {
  for (const kind of Object.keys(KINDS)) {
    const { compare } = groupFrom(kind, scoreOfSize(kind, n), scoreOfSize(kind, 100));
    expect(verdictOf(compare?.change ?? null, n)).toEqual({ is: "few", missing: 30 - n });
  }
});

test("from 30 answers on the API's own judgement decides, and a handful before it is no ground for colour", () => {
  fc.assert(
    fc.property(
      anyCounts,
      fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 11, maxLength: 11 }),
      (now, then) => {
        const score = scoreFrom(now.kind, now.counts);
        const group = groupFrom(now.kind, score, scoreFrom(now.kind, then));
        const change = group.compare?.change ?? null;
        const verdict = verdictOf(change, group.n);
        if (group.n < 30) return void expect(verdict.is).toBe("few");
        if (!change) return void expect(verdict.is).toBe("none");
        const coloured = verdict.is === "up" || verdict.is === "down";
        expect(coloured).toBe(change.significant && !change.small_sample);
        if (coloured) expect(verdict.is).toBe(change.difference > 0 ? "up" : "down");
        if ("by" in verdict) expect(verdict.by).toBe(change.difference);
      },
    ),
  );
});

test("the bars are the API's counts, highest rating first; the longest is whole, and their shares add up to all", () => {
  fc.assert(
    fc.property(anyCounts, ({ kind, counts }) => {
      const group = groupFrom(kind, scoreFrom(kind, counts));
      const bars = barsOf(group);
      expect(bars.map(({ rating, count }) => ({ rating, count }))).toEqual(group.distribution.toReversed());
      if (group.n === 0)
        return void expect(bars.every(({ share, length }) => share === null && length === 0)).toBe(true);
      expect(Math.max(...bars.map(({ length }) => length))).toBe(100);
      expect(bars.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(100, 6);
      for (const { rating, end } of bars) expect(end).toBe(endOfRating(rating, group.buckets));
    }),
  );
});

test("of two buckets there is no middle; a rating that no bucket holds is in none of the ends", () => {
  expect([endOf(0, 2), endOf(1, 2)]).toEqual(["low", "high"]);
  expect([endOf(0, 3), endOf(1, 3), endOf(2, 3)]).toEqual(["low", "mid", "high"]);
  expect(endOfRating(9, groupFrom("nps", scoreOfSize("nps", 11)).buckets)).toBe("high");
  expect(endOfRating(3, [])).toBe("mid");
});

test("in a forest every interval holds its score, and only those that can be judged make the axis", () => {
  const few = groupFrom("csat", scoreFrom("csat", [2, 0, 0, 0, 0]));
  const groups = [
    groupFrom("csat", scoreOfSize("csat", 400)),
    groupFrom("csat", scoreOfSize("csat", 40)),
    few,
  ];
  const forest = forestOf(groups, groups[0] ?? few, { min: 0, max: 100 });
  expect(forest.rows.map(({ weak }) => weak)).toEqual([false, false, true]);
  expect(forest.axis.min).toBeGreaterThan(0);
  for (const { low, score, high, group } of forest.rows) {
    if (group === few) expect([low, score]).toEqual([0, 0]);
    else expect(low ?? 100).toBeLessThanOrEqual(score ?? 0);
    expect(high ?? 0).toBeGreaterThanOrEqual(score ?? 100);
  }
});

test("a forest of nothing that can be judged has the whole scale, and no group is a forest too", () => {
  const few = groupFrom("csat", scoreOfSize("csat", 2));
  const nothing = { score: null, interval: null };
  expect(forestOf([few], nothing, { min: 0, max: 100 }).axis).toMatchObject({ min: 0, max: 100 });
  expect(forestOf([], nothing, { min: 0, max: 100 })).toMatchObject({ whole: null, rows: [] });
});

test("ledgers that are added up still add up", () => {
  const reason = fc.constantFrom("test", "duplicate", "erased", "other");
  const ledger = fc.tuple(fc.nat(1000), fc.dictionary(reason, fc.nat(50))).map(([counted, excluded]) => ({
    counted,
    excluded,
    received: counted + Object.values(excluded).reduce((sum, count) => sum + count, 0),
  }));
  fc.assert(
    fc.property(fc.array(ledger, { maxLength: 8 }), (ledgers) => {
      const { received, counted, excluded } = ledgerOver(ledgers);
      const left = reasonsOf({ received, counted, excluded }).reduce((sum, [, count]) => sum + count, 0);
      expect(received).toBe(counted + left);
      expect(received).toBe(ledgers.reduce((sum, one) => sum + one.received, 0));
    }),
  );
});
