import fc from "fast-check";
import { expect } from "vitest";
import type { Interval } from "../../../shared/scores/intervals.ts";
import type { Distribution } from "../../../shared/scores/score.ts";
import { HIGHEST_RATING, KINDS, type Kind, ratingsOf, type Scale } from "../../../shared/surveys/kinds.ts";

/** A fictional kind: its headline is a mean, its percentage is in points, and its scale lies within the counters. */
export const MOOD: Kind = {
  title: "Mood",
  question: "How did {subject} leave you?",
  low: "Gloomy",
  high: "Cheerful",
  look: "numbers",
  scales: [{ min: 2, max: 9 }],
  buckets: () => [
    { name: "gloomy", from: 2, weight: -1 },
    { name: "grey", from: 4, weight: 0 },
    { name: "bright", from: 5, weight: 1 },
    { name: "cheerful", from: 8, weight: 1 },
  ],
  topMovable: false,
  bucketLabels: {},
  headline: "mean",
  second: "percentage",
};

/** One way to compute a score: a kind, one of its scales, and where its top bucket starts. */
interface Case {
  name: string;
  kind: Kind;
  scale: Scale;
  topFrom: number | null;
}

/** Every kind with every scale and every start of the top bucket: the table's kinds and the fictional one. */
export const CASES: Case[] = Object.entries({ ...KINDS, mood: MOOD }).flatMap(([kindName, kind]) =>
  kind.scales.flatMap((scale) =>
    [null, ...(kind.topMovable ? ratingsOf(scale) : [])].map((topFrom) => ({
      name: `${kindName} ${scale.min}-${scale.max}${topFrom === null ? "" : ` from ${topFrom}`}`,
      kind,
      scale,
      topFrom,
    })),
  ),
);

/** Throws if the table has no such kind. */
export const kindNamed = (name: string): Kind => {
  const kind = KINDS[name];
  if (!kind) throw new Error(`no kind ${name}`);
  return kind;
};

/** The 11 counters, from counts by rating: `counters({ 9: 40, 0: 20 })`. */
export const counters = (counts: Readonly<Record<number, number>>): Distribution =>
  Array.from({ length: HIGHEST_RATING + 1 }, (_, rating) => counts[rating] ?? 0);

/** The 11 counters of a list of answers. */
export const counted = (answers: readonly number[]): Distribution =>
  Array.from(
    { length: HIGHEST_RATING + 1 },
    (_, rating) => answers.filter((answer) => answer === rating).length,
  );

/** A random case with a random distribution: empty, a handful, thousands or millions; even or lopsided. */
export const anyScored = fc
  .tuple(fc.constantFrom(...CASES), fc.constantFrom(0, 1, 3, 20, 1000, 100_000, 5_000_000))
  .chain(([scored, most]) => {
    const ratings = ratingsOf(scored.scale);
    const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: most }));
    return fc.array(count, { minLength: ratings.length, maxLength: ratings.length }).map((counts) => ({
      ...scored,
      distribution: counters(
        Object.fromEntries(ratings.map((rating, index) => [rating, counts[index] ?? 0])),
      ),
    }));
  });

/** The double nearest to the fraction `top / bottom`, by whole-number arithmetic. `bottom` is positive. */
export const nearestDouble = (top: bigint, bottom: bigint): number => {
  if (top < 0n) return -nearestDouble(-top, bottom);
  // 120 bits beyond the fraction's whole part, and one for the remainder, so that it does not look like a tie.
  const quotient = (top << 120n) / bottom;
  const sticky = (top << 120n) % bottom === 0n ? 0n : 1n;
  return Number((quotient << 1n) | sticky) / 2 ** 121;
};

/** Both ends agree to 1e-9 of a point, a percent or a rating. */
export const expectSameInterval = (actual: Interval | null | undefined, expected: Interval): void => {
  expect(Math.abs((actual?.low ?? Number.NaN) - expected.low)).toBeLessThanOrEqual(1e-9);
  expect(Math.abs((actual?.high ?? Number.NaN) - expected.high)).toBeLessThanOrEqual(1e-9);
};
