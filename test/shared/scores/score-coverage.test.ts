import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Interval } from "../../../shared/scores/intervals.ts";
import { scoreOf } from "../../../shared/scores/score.ts";
import { anyScored, CASES, counters, kindNamed } from "./cases.ts";

const seeded = { seed: 20260803, numRuns: 3_000 };
const within = (value: number, interval: Interval) => interval.low <= value && value <= interval.high;
const width = (interval: Interval | null | undefined) =>
  interval ? interval.high - interval.low : Number.NaN;
const bounds = { points: [-100, 100], percent: [0, 100] } as const;

test("every figure lies in its interval, and no interval leaves its scale", () => {
  fc.assert(
    fc.property(anyScored, ({ kind, scale, topFrom, distribution }) => {
      const { mean, percentage } = scoreOf(kind, scale, topFrom, distribution);
      const inPoints = kind.buckets(scale, topFrom).some(({ weight }) => weight < 0);
      const [least, most] = bounds[inPoints ? "points" : "percent"];
      for (const { figure, from, to } of [
        { figure: mean, from: scale.min, to: scale.max },
        { figure: percentage, from: least, to: most },
      ]) {
        if (!figure?.interval) continue;
        expect(within(figure.value, figure.interval)).toBe(true);
        expect(figure.interval.low).toBeGreaterThanOrEqual(from);
        expect(figure.interval.high).toBeLessThanOrEqual(to);
      }
    }),
    seeded,
  );
});

test("an NPS lies in its interval, also when it comes from one promoter or one detractor", () => {
  // Adjusted Wald pulls towards 0 and does not guarantee this by itself. Every possible sample of up to 50 is tried.
  const outside: string[] = [];
  for (let n = 1; n <= 50; n++) {
    for (let promoters = 0; promoters <= n; promoters++) {
      for (let detractors = 0; detractors <= n - promoters; detractors++) {
        const counts = counters({ 0: detractors, 7: n - promoters - detractors, 10: promoters });
        const { score, interval } = scoreOf(kindNamed("nps"), { min: 0, max: 10 }, null, counts);
        if (score === null || !interval || !within(score, interval))
          outside.push(`${promoters} - ${detractors} of ${n}`);
      }
    }
  }
  expect(outside).toEqual([]);
  const detractor = scoreOf(kindNamed("nps"), { min: 0, max: 10 }, null, counters({ 6: 1 }));
  expect(detractor).toMatchObject({ score: -100, interval: { low: -100 } });
  expect(detractor.interval?.high).toBeCloseTo(48.5, 1);
});

test("four times the same responses give a narrower interval", () => {
  fc.assert(
    fc.property(anyScored, ({ kind, scale, topFrom, distribution }) => {
      const few = scoreOf(kind, scale, topFrom, distribution);
      if (few.n === 0) return;
      const fourfold = distribution.map((count) => 4 * count);
      const many = scoreOf(kind, scale, topFrom, fourfold);
      expect(width(many.percentage?.interval)).toBeLessThan(width(few.percentage?.interval));
      const before = width(few.mean?.interval);
      // If all agree, the width is already 0; an interval cut at both ends may stay as wide as the scale.
      if (before > 0 && before < scale.max - scale.min)
        expect(width(many.mean?.interval)).toBeLessThan(before);
    }),
    seeded,
  );
});

describe("a 95 % interval holds the truth about 95 times in 100, over all samples of 30", () => {
  const n = 30;
  const steps = Array.from({ length: 19 }, (_, index) => (index + 1) / 20);
  const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
  const ways = (...parts: number[]) => parts.reduce((total, part) => total / factorial(part), factorial(n));
  const average = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

  test("for a percentage", () => {
    const samples = Array.from({ length: n + 1 }, (_, hits) => ({
      hits,
      interval: scoreOf(kindNamed("fcr"), { min: 0, max: 1 }, null, counters({ 0: n - hits, 1: hits }))
        .interval,
    }));
    const held = steps.map((share) =>
      samples
        .filter(({ interval }) => interval && within(100 * share, interval))
        .reduce((sum, { hits }) => sum + ways(hits, n - hits) * share ** hits * (1 - share) ** (n - hits), 0),
    );
    expect(average(held)).toBeGreaterThan(0.94);
    expect(average(held)).toBeLessThan(0.96);
  });

  test("for an NPS", () => {
    const samples = Array.from({ length: n + 1 }, (_, up) => up).flatMap((up) =>
      Array.from({ length: n - up + 1 }, (_, down) => {
        const counts = counters({ 0: down, 7: n - up - down, 10: up });
        return { up, down, interval: scoreOf(kindNamed("nps"), { min: 0, max: 10 }, null, counts).interval };
      }),
    );
    type Ends = { up: number; down: number };
    const chance = ({ up, down }: Ends, truth: Ends) => {
      const level = n - up - down;
      return (
        ways(up, down, level) * truth.up ** up * truth.down ** down * (1 - truth.up - truth.down) ** level
      );
    };
    const truths = steps.flatMap((up) => steps.filter((down) => up + down < 1).map((down) => ({ up, down })));
    const held = truths.map((truth) =>
      samples
        .filter(({ interval }) => interval && within(100 * (truth.up - truth.down), interval))
        .reduce((sum, sample) => sum + chance(sample, truth), 0),
    );
    expect(average(held)).toBeGreaterThan(0.94);
    expect(average(held)).toBeLessThan(0.96);
  });
});

test.each(CASES)("two responses are enough for both intervals of $name", ({ kind, scale, topFrom }) => {
  const score = scoreOf(kind, scale, topFrom, counters({ [scale.min]: 1, [scale.max]: 1 }));
  expect(score.interval).not.toBeNull();
  expect([score.mean, score.percentage].filter((figure) => figure && !figure.interval)).toEqual([]);
});
