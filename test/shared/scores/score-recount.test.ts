import fc from "fast-check";
import { mean } from "simple-statistics";
import { expect, test } from "vitest";
import { type Distribution, scoreOf } from "../../../shared/scores/score.ts";
import type { Kind, Scale } from "../../../shared/surveys/kinds.ts";
import { ratingsOf } from "../../../shared/surveys/kinds.ts";
import { anyScored, CASES, counted, counters, nearestDouble } from "./cases.ts";

// A fixed seed gives the same 10,000 distributions every time. fast-check prints it with the smallest failing one.
const tenThousand = { seed: 20260801, numRuns: 10_000 };

/** Exact fractions over n: numerators, which are divided by n only when they are compared. */
const recount = (kind: Kind, scale: Scale, topFrom: number | null, distribution: Distribution) => {
  const buckets = kind.buckets(scale, topFrom).map((bucket) => ({ ...bucket, count: 0n }));
  let n = 0n;
  let ratings = 0n;
  let weights = 0n;
  for (const [rating, count] of distribution.entries()) {
    if (count === 0) continue;
    const home = buckets.findLast(({ from }) => from <= rating);
    if (!home) throw new Error(`no bucket for ${rating}`);
    home.count += BigInt(count);
    n += BigInt(count);
    ratings += BigInt(rating) * BigInt(count);
    weights += BigInt(home.weight) * BigInt(count);
  }
  return { n, mean: ratings, percentage: 100n * weights, shares: buckets.map(({ count }) => 100n * count) };
};

test("10,000 random distributions have the doubles nearest to their exact fractions", () => {
  // Without tolerance: every figure is one division of two exact whole numbers, which IEEE 754 rounds correctly.
  let largest = 0;
  fc.assert(
    fc.property(anyScored, ({ kind, scale, topFrom, distribution }) => {
      const score = scoreOf(kind, scale, topFrom, distribution);
      const exact = recount(kind, scale, topFrom, distribution);
      const over = (top: bigint) => (exact.n === 0n ? null : nearestDouble(top, exact.n));
      expect(score.n).toBe(Number(exact.n));
      expect(score.score).toBe(over(exact[kind.headline]));
      for (const name of ["mean", "percentage"] as const) {
        const given = name === kind.headline || name === kind.second;
        expect(score[name]?.value ?? null).toBe(given ? over(exact[name]) : null);
      }
      expect(score.buckets.map(({ share }) => share)).toEqual(exact.shares.map(over));
      expect(score.distribution).toEqual(
        ratingsOf(scale).map((rating) => ({ rating, count: distribution[rating] })),
      );
      largest = Math.max(largest, score.n);
    }),
    tenThousand,
  );
  expect(largest).toBeGreaterThan(10_000_000);
});

test("10,000 random lists of answers have the score that counting them one by one gives", () => {
  const lists = fc.constantFrom(...CASES).chain((scored) => {
    const answers = fc.array(fc.integer(scored.scale), { maxLength: 60, size: "max" });
    return answers.map((answers) => ({ ...scored, answers }));
  });
  fc.assert(
    fc.property(lists, ({ kind, scale, topFrom, answers }) => {
      const score = scoreOf(kind, scale, topFrom, counted(answers));
      const buckets = kind.buckets(scale, topFrom);
      const weights = answers.map(
        (answer) => buckets.findLast(({ from }) => from <= answer)?.weight ?? Number.NaN,
      );
      const naive = {
        mean: () => mean(answers),
        percentage: () => mean(weights) * 100,
      };
      expect(score.n).toBe(answers.length);
      if (answers.length === 0) {
        expect(score.score).toBeNull();
        return;
      }
      // The naive computation divides before it multiplies by 100: the last bit or two of a number up to 100 may differ.
      expect(Math.abs((score.score ?? Number.NaN) - naive[kind.headline]())).toBeLessThanOrEqual(1e-13);
      if (kind.second) {
        expect(
          Math.abs((score[kind.second]?.value ?? Number.NaN) - naive[kind.second]()),
        ).toBeLessThanOrEqual(1e-13);
      }
    }),
    tenThousand,
  );
});

test("the shares of the buckets add up to 100", () => {
  fc.assert(
    fc.property(anyScored, ({ kind, scale, topFrom, distribution }) => {
      const { n, buckets } = scoreOf(kind, scale, topFrom, distribution);
      const total = buckets.reduce((sum, { share }) => sum + (share ?? 0), 0);
      // Each share is rounded to its last bit, so the sum of four may be off by a few of these.
      expect(Math.abs(total - (n === 0 ? 0 : 100))).toBeLessThanOrEqual(1e-12);
      expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(n);
    }),
    tenThousand,
  );
});

test.each(CASES)("a thousand million responses of $name lose nothing", ({ kind, scale, topFrom }) => {
  const counts = ratingsOf(scale).map((rating) => [rating, 1_000_000_007 * (rating + 1) + rating]);
  const distribution = counters(Object.fromEntries(counts));
  const score = scoreOf(kind, scale, topFrom, distribution);
  const exact = recount(kind, scale, topFrom, distribution);
  expect(score.n).toBe(Number(exact.n));
  expect(score.score).toBe(nearestDouble(exact[kind.headline], exact.n));
});
