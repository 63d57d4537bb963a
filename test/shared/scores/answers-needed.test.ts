import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answersNeeded } from "../../../shared/scores/answers-needed.ts";
import { type Score, scaleOf, scoreOf } from "../../../shared/scores/score.ts";
import { anyScored, counted, counters, kindNamed } from "./cases.ts";

const seeded = { seed: 20260806, numRuns: 3_000 };
const nps = (...answers: number[]) => scoreOf(kindNamed("nps"), { min: 0, max: 10 }, null, counted(answers));
const ces = (...answers: number[]) => scoreOf(kindNamed("ces"), { min: 1, max: 7 }, null, counted(answers));
const fcr = (no: number, yes: number) =>
  scoreOf(kindNamed("fcr"), { min: 0, max: 1 }, null, counters({ 0: no, 1: yes }));

/** Half the interval's width relative to the target: +- 5, or a twentieth of the scale for a mean. */
const halfWidth = (score: Score) => {
  const { min, max } = scaleOf(score);
  const most = score.unit === "rating" ? (max - min) / 20 : 5;
  return score.interval ? (score.interval.high - score.interval.low) / 2 / most : Number.POSITIVE_INFINITY;
};

test("so many more responses in the same shares make the interval narrow, and a tenth fewer do not", () => {
  let checked = 0;
  fc.assert(
    fc.property(anyScored, ({ kind, scale, topFrom, distribution }) => {
      const score = scoreOf(kind, scale, topFrom, distribution);
      const needed = answersNeeded(score);
      if (needed === null || score.n === 0) return;
      if (needed === 0) {
        expect(halfWidth(score)).toBeLessThanOrEqual(1);
        return;
      }
      expect(halfWidth(score)).toBeGreaterThan(1);
      // Counts are whole, so shares stay equal only if the responses are repeated.
      const times = (needed + score.n) / score.n;
      const repeated = (times: number) =>
        scoreOf(
          kind,
          scale,
          topFrom,
          distribution.map((count) => count * times),
        );
      expect(halfWidth(repeated(Math.ceil(times)))).toBeLessThanOrEqual(1);
      const fewer = Math.floor((score.n + 0.9 * needed) / score.n);
      expect(halfWidth(repeated(fewer))).toBeGreaterThan(1);
      if (Number.isInteger(times)) expect(halfWidth(repeated(times - 1))).toBeGreaterThan(1);
      checked++;
    }),
    seeded,
  );
  expect(checked).toBeGreaterThan(500);
});

test("it is the first number that is enough: one response fewer is not", () => {
  // One answer can be repeated any number of times, so every number of responses is tried.
  for (const score of [nps(10), nps(7), nps(0), fcr(1, 0), fcr(0, 1)]) {
    const again = (n: number) =>
      halfWidth(
        score.unit === "points" ? nps(...repeat(score, n)) : fcr(n * (1 - score.liked), n * score.liked),
      );
    const needed = answersNeeded(score) ?? Number.NaN;
    const enough = Array.from({ length: 1_600 }, (_, index) => again(index + 1) <= 1);
    expect(enough.indexOf(true)).toBe(needed);
    expect(enough.lastIndexOf(false)).toBe(needed - 1);
  }
});

const repeat = (score: Score, n: number): number[] => {
  const rating = score.distribution.find(({ count }) => count > 0)?.rating ?? Number.NaN;
  return new Array<number>(n).fill(rating);
};

describe("without responses", () => {
  test("points take the spread of the three that the interval adds, percent the widest", () => {
    // z^2 * 1/2 / 0.05^2 = 768.3 and z^2 * 1/4 / 0.05^2 = 384.1, minus the added three and the added z^2.
    expect(answersNeeded(nps())).toBe(766);
    expect(answersNeeded(fcr(0, 0))).toBe(381);
  });

  test("and with one a mean says nothing about its spread", () => {
    expect([answersNeeded(ces()), answersNeeded(ces(6))]).toEqual([null, null]);
    expect(answersNeeded(ces(6, 7))).toBeGreaterThan(0);
  });
});

test("responses that all agree leave nothing to ask for a mean", () => {
  expect(answersNeeded(ces(6, 6))).toBe(0);
});

test("promoters and detractors in equal numbers need the most, and get there", () => {
  const score = nps(...new Array<number>(500).fill(10), ...new Array<number>(500).fill(0));
  expect(answersNeeded(score)).toBe(1_533 - 1_000);
});

test("thousands of responses are enough for anything", () => {
  expect([fcr(1_000, 1_000), fcr(1e6, 1e6)].map(answersNeeded)).toEqual([0, 0]);
});
