import type { Scale } from "../surveys/kinds.ts";
import { studentT975, Z } from "./tails.ts";

/** A 95 % interval, in the unit of the figure that it belongs to. */
export interface Interval {
  low: number;
  high: number;
}

/** How many responses gave a rating. */
export interface RatingCount {
  rating: number;
  count: number;
}

/**
 * The difference of two shares of a trinomial, as a part of 1, and its squared standard error. Three responses are
 * added, 3/4 to either end and 3/2 to the middle, so that no sample is without spread. Rocks, "Interval Estimation for
 * the Net Promoter Score", 2016 (arXiv 1601.07235).
 */
export const adjustedTrinomial = (promoters: number, detractors: number, n: number) => {
  const promoted = (promoters + 3 / 4) / (n + 3);
  const detracted = (detractors + 3 / 4) / (n + 3);
  const centre = promoted - detracted;
  return { centre, squaredError: (promoted + detracted - centre ** 2) / (n + 3) };
};

/** Adjusted Wald interval of that difference, in points, widened to hold the score: one response puts it outside. */
export const adjustedWald = (promoters: number, detractors: number, n: number): Interval => {
  const { centre, squaredError } = adjustedTrinomial(promoters, detractors, n);
  const half = Z * Math.sqrt(squaredError);
  const score = (100 * (promoters - detractors)) / n;
  return {
    low: Math.max(-100, Math.min(score, 100 * (centre - half))),
    high: Math.min(100, Math.max(score, 100 * (centre + half))),
  };
};

/** Wilson score interval (1927) of a share, in percent, without continuity correction. */
export const wilson = (hits: number, n: number): Interval => ({
  low: 100 * wilsonLow(hits, n),
  high: 100 * (1 - wilsonLow(n - hits, n)),
});

/**
 * The lower root of (p - hits / n)^2 = Z^2 p (1 - p) / n, as the product of the roots over the upper one: the
 * textbook form subtracts nearly equal numbers when hits are few, and misses 0 when there are none.
 */
const wilsonLow = (hits: number, n: number): number =>
  (hits * (hits / n)) / (hits + Z ** 2 / 2 + Z * Math.sqrt(hits * ((n - hits) / n) + Z ** 2 / 4));

/** Sample variance of the ratings, by n - 1; NaN for fewer than two responses. */
export const sampleVariance = (counts: readonly RatingCount[], mean: number, n: number): number => {
  // Not n * sum of squares - square of the sum: both pass 2^53 at ten million responses, and then cancel.
  const squares = counts.reduce((total, { rating, count }) => total + count * (rating - mean) ** 2, 0);
  return squares / (n - 1);
};

/** Mean +- t(0.975, n - 1) * s / sqrt(n), cut to the scale. `n` is at least 2. */
export const meanInterval = (mean: number, variance: number, n: number, scale: Scale): Interval => {
  const half = studentT975(n - 1) * Math.sqrt(variance / n);
  return { low: Math.max(scale.min, mean - half), high: Math.min(scale.max, mean + half) };
};
