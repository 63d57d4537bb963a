import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changeOf } from "../../../shared/scores/change.ts";
import { type Score, scoreOf } from "../../../shared/scores/score.ts";
import { counted, counters, kindNamed } from "./cases.ts";

/** A score that a period may have, and its probability given the true shares. */
interface Sample {
  score: Score;
  chance: (truth: Truth) => number;
}
interface Truth {
  up: number;
  down: number;
}

const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));

/** Every sample of `n` answers: up, down or neither. */
const samplesOf = (n: number, most: number, scoreFrom: (up: number, down: number, level: number) => Score) =>
  Array.from({ length: n + 1 }, (_, up) => up).flatMap((up) =>
    Array.from({ length: Math.min(n - up, most) + 1 }, (_, down): Sample => {
      const level = n - up - down;
      const ways = factorial(n) / factorial(up) / factorial(down) / factorial(level);
      const chance = (truth: Truth) =>
        ways * truth.up ** up * truth.down ** down * (1 - truth.up - truth.down) ** level;
      return { score: scoreFrom(up, down, level), chance };
    }),
  );

/** How often, for each pair of truths, the change's interval holds the true change. */
const heldOf = (current: Sample[], before: Sample[], truths: [Truth, Truth][]): number[] => {
  const chances = truths.map(([now, then]) => ({
    change: 100 * (now.up - now.down - (then.up - then.down)),
    ofCurrent: current.map(({ chance }) => chance(now)),
    ofBefore: before.map(({ chance }) => chance(then)),
    held: 0,
  }));
  for (const [i, { score }] of current.entries()) {
    for (const [j, other] of before.entries()) {
      const interval = changeOf(score, other.score)?.interval;
      if (!interval) throw new Error("a sample has a change");
      for (const truth of chances) {
        if (interval.low <= truth.change && truth.change <= interval.high)
          truth.held += (truth.ofCurrent[i] ?? 0) * (truth.ofBefore[j] ?? 0);
      }
    }
  }
  return chances.map(({ held }) => held);
};

const average = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const pairsOf = <T>(truths: T[]) => truths.flatMap((now) => truths.map((then): [T, T] => [now, then]));

describe("the 95 % interval of a change holds the truth about 95 times in 100, over all pairs of samples", () => {
  const yes = (n: number) =>
    samplesOf(n, 0, (up, _down, level) =>
      scoreOf(kindNamed("fcr"), { min: 0, max: 1 }, null, counters({ 0: level, 1: up })),
    );
  const promoters = (n: number) =>
    samplesOf(n, n, (up, down, level) =>
      scoreOf(kindNamed("nps"), { min: 0, max: 10 }, null, counters({ 0: down, 7: level, 10: up })),
    );
  const shares = Array.from({ length: 19 }, (_, index) => ({ up: (index + 1) / 20, down: 0 }));
  const tenths = [0.1, 0.3, 0.5, 0.7];
  const ends = tenths.flatMap((up) => tenths.filter((down) => up + down < 1).map((down) => ({ up, down })));

  test.each([
    [30, 30],
    [10, 50],
    [10, 10],
  ])("for a percentage of %d answers after %d", (now, then) => {
    const held = average(heldOf(yes(now), yes(then), pairsOf(shares)));
    expect(held).toBeGreaterThan(0.94);
    expect(held).toBeLessThan(0.965);
  });

  test.each([
    [20, 20],
    [10, 25],
  ])("for an NPS of %d answers after %d", (now, then) => {
    const held = average(heldOf(promoters(now), promoters(then), pairsOf(ends)));
    expect(held).toBeGreaterThan(0.94);
    expect(held).toBeLessThan(0.965);
  });

  test.each([1, 2, 3, 5, 10, 30])(
    "and a percentage that stayed is found changed in 5.3 %% at most, of %d answers",
    (n) => {
      const still = shares.map((share): [Truth, Truth] => [share, share]);
      expect(Math.min(...heldOf(yes(n), yes(n), still))).toBeGreaterThan(0.947);
    },
  );

  test.each([1, 2, 3, 5, 10, 20])(
    "and an NPS that stayed is found changed in 5.3 %% at most, of %d answers",
    (n) => {
      const still = ends.map((end): [Truth, Truth] => [end, end]);
      expect(Math.min(...heldOf(promoters(n), promoters(n), still))).toBeGreaterThan(0.947);
    },
  );
});

test("the interval of a change of a mean holds the truth about 95 times in 100, of 4,000 pairs of 30 answers", () => {
  const scoresFrom = (population: number[], seed: number) => {
    const answers = fc.array(fc.noBias(fc.constantFrom(...population)), { minLength: 30, maxLength: 30 });
    return fc
      .sample(answers, { seed, numRuns: 4_000 })
      .map((list) => scoreOf(kindNamed("ces"), { min: 1, max: 7 }, null, counted(list)));
  };
  const before = scoresFrom([1, 2, 3, 4, 5, 5, 6, 6, 7, 7], 1);
  const held = scoresFrom([2, 4, 5, 6, 6, 6, 7, 7, 7, 7], 2).filter((score, index) => {
    const change = changeOf(score, before[index] ?? score);
    return change && change.interval.low <= 1.1 && 1.1 <= change.interval.high;
  });
  expect(held.length / 4_000).toBeGreaterThan(0.935);
  expect(held.length / 4_000).toBeLessThan(0.96);
});

describe("a mean that stayed is found changed in 6 % at most, of answers as they are given to a CES", () => {
  // Mostly content; all ratings equally often; and two camps.
  const populations = {
    content: [1, 2, 3, 4, 5, 5, 6, 6, 7, 7, 7, 7],
    even: [1, 2, 3, 4, 5, 6, 7],
    camps: [1, 1, 1, 2, 6, 7, 7, 7],
  };
  const cases = Object.entries(populations).flatMap(([name, population]) =>
    [3, 4, 5, 10, 30].map((n) => ({ name, population, n })),
  );
  test.each(cases)("$name, $n after $n", ({ population, n }) => {
    const answers = fc.array(fc.noBias(fc.constantFrom(...population)), { minLength: n, maxLength: n });
    const scores = fc
      .sample(answers, { seed: 20_261_127, numRuns: 16_000 })
      .map((list) => scoreOf(kindNamed("ces"), { min: 1, max: 7 }, null, counted(list)));
    const [now, then] = [scores.slice(8_000), scores.slice(0, 8_000)];
    const found = now.filter((score, index) => changeOf(score, then[index] ?? score)?.significant);
    expect(found.length / 8_000).toBeLessThanOrEqual(0.06);
  });
});
