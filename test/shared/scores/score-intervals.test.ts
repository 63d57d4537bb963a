import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Interval } from "../../../shared/scores/intervals.ts";
import { type Distribution, scoreOf } from "../../../shared/scores/score.ts";
import { studentT975 } from "../../../shared/scores/tails.ts";
import { anyScored, counters, expectSameInterval, kindNamed, nearestDouble } from "./cases.ts";

const seeded = { seed: 20260802, numRuns: 3_000 };
const Z = 1.959963984540054;

/** The point between two ends where `rises` turns from false to true. */
const turningPoint = (from: number, to: number, rises: (at: number) => boolean): number => {
  let [low, high] = [from, to];
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (rises(middle)) high = middle;
    else low = middle;
  }
  return high;
};

/** Wilson by its definition: the shares that a two-sided score test of the observed share does not reject. */
const notRejected = (hits: number, n: number): Interval => {
  const observed = hits / n;
  const rejects = (share: number) => Math.abs(observed - share) > Z * Math.sqrt((share * (1 - share)) / n);
  return {
    low: hits === 0 ? 0 : 100 * turningPoint(0, observed, (share) => !rejects(share)),
    high: hits === n ? 100 : 100 * turningPoint(observed, 1, rejects),
  };
};

/**
 * Adjusted Wald from mean and variance of the weights -1, 0 and 1, in quarter responses and exact up to the root. It
 * contains the score.
 */
const pooled = (promoters: number, detractors: number, n: number): Interval => {
  const [up, down, all] = [4n * BigInt(promoters) + 3n, 4n * BigInt(detractors) + 3n, 4n * BigInt(n) + 12n];
  const level = all - up - down;
  const total = up - down;
  const squares = up * (all - total) ** 2n + level * total ** 2n + down * (all + total) ** 2n;
  const half = Z * Math.sqrt(4 * nearestDouble(squares, all ** 4n));
  const centre = nearestDouble(total, all);
  const score = (100 * (promoters - detractors)) / n;
  return {
    low: Math.max(-100, Math.min(score, 100 * (centre - half))),
    high: Math.min(100, Math.max(score, 100 * (centre + half))),
  };
};

/** s / sqrt(n) from exact sums. */
const standardError = (distribution: Distribution): number => {
  const counts = distribution.map((count) => BigInt(count));
  const moment = (power: bigint) =>
    counts.reduce((sum, count, rating) => sum + count * BigInt(rating) ** power, 0n);
  const n = moment(0n);
  return Math.sqrt(nearestDouble(n * moment(2n) - moment(1n) ** 2n, n * n * (n - 1n)));
};

describe("intervals agree with an independent computation to 1e-9", () => {
  test("Wilson's with the shares that the score test does not reject", () => {
    const sample = fc
      .integer({ min: 0, max: 7 })
      .chain((digits) =>
        fc
          .integer({ min: 1, max: 10 ** digits })
          .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n))),
      );
    fc.assert(
      fc.property(sample, ([hits, n]) => {
        const fcr = scoreOf(kindNamed("fcr"), { min: 0, max: 1 }, null, counters({ 0: n - hits, 1: hits }));
        expectSameInterval(fcr.interval, notRejected(hits, n));
      }),
      seeded,
    );
  });

  test("every percentage's, with Wilson's or the trinomial one by its unit", () => {
    fc.assert(
      fc.property(anyScored, ({ kind, scale, topFrom, distribution }) => {
        const { n, percentage, buckets } = scoreOf(kind, scale, topFrom, distribution);
        if (n === 0) return;
        const weights = kind.buckets(scale, topFrom).map(({ weight }) => weight);
        const of = (weight: number) =>
          buckets.filter((_, index) => weights[index] === weight).reduce((sum, { count }) => sum + count, 0);
        expectSameInterval(
          percentage?.interval,
          weights.includes(-1) ? pooled(of(1), of(-1), n) : notRejected(of(1), n),
        );
      }),
      seeded,
    );
  });

  test("every mean's, with the standard error from exact sums", () => {
    fc.assert(
      fc.property(anyScored, ({ kind, scale, topFrom, distribution }) => {
        const { n, mean } = scoreOf(kind, scale, topFrom, distribution);
        if (!mean || n < 2) return;
        const half = studentT975(n - 1) * standardError(distribution);
        const [low, high] = [Math.max(scale.min, mean.value - half), Math.min(scale.max, mean.value + half)];
        expectSameInterval(mean.interval, { low, high });
      }),
      seeded,
    );
  });

  test("a mean's when one response in a thousand million differs", () => {
    const distribution = counters({ 5: 1, 6: 999_999_999 });
    const { mean } = scoreOf(kindNamed("nps"), { min: 0, max: 10 }, null, distribution);
    const width = (mean?.interval?.high ?? 0) - (mean?.interval?.low ?? 0);
    expect(width / (2 * Z * standardError(distribution))).toBeCloseTo(1, 6);
  });
});

describe("Student's t quantile", () => {
  /** Simpson's rule. */
  const integral = (from: number, to: number, value: (at: number) => number): number => {
    const panels = 4000;
    const step = (to - from) / panels;
    let total = value(from) + value(to);
    for (let index = 1; index < panels; index++)
      total += value(from + index * step) * (index % 2 === 1 ? 4 : 2);
    return (total * step) / 3;
  };

  /** P(T <= t), by integrating the density. Dividing by the whole integral avoids the gamma function. */
  const cumulated = (t: number, df: number): number => {
    const density = (x: number) => Math.exp((-(df + 1) / 2) * Math.log1p(x ** 2 / df));
    // Maps 0 to infinity onto 0 to 1, by x = s / (1 - s). At s = 1 only the heaviest tail (df = 1) is not 0 yet.
    const folded = (s: number) => (s === 1 ? (df === 1 ? 1 : 0) : density(s / (1 - s)) / (1 - s) ** 2);
    return 0.5 + (0.5 * integral(0, t, density)) / integral(0, 1, folded);
  };

  const many = [
    ...Array.from({ length: 300 }, (_, index) => index + 1),
    500,
    999,
    5000,
    123_456,
    9_999_999,
    1e9,
  ];
  test("leaves 2.5 % of the integrated density above it, to 1e-10", () => {
    const worst = Math.max(...many.map((df) => Math.abs(cumulated(studentT975(df), df) - 0.975)));
    expect(worst).toBeLessThan(1e-10);
  });

  test("falls with every degree of freedom, also at the change of method, to the normal quantile", () => {
    const falling = many.every(
      (df, index) => index === 0 || studentT975(df) < studentT975(many[index - 1] ?? 1),
    );
    expect(falling).toBe(true);
    expect(studentT975(1e15)).toBeCloseTo(Z, 12);
  });

  test.each([0, -1, 0.9, Number.NaN, Number.NEGATIVE_INFINITY])("refuses %d degrees of freedom", (df) => {
    expect(() => studentT975(df)).toThrow(RangeError);
  });
});
