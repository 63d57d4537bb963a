import type { Scale } from "./kinds.ts";

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

/** 0.975 quantile of the standard normal distribution: 95 % two-sided. */
export const Z = 1.959963984540054;

/**
 * The difference of two shares of a trinomial, of 1, and its squared standard error. Three responses are added, 3/4 to
 * either end and 3/2 to the middle, so that no sample is without spread. Rocks, "Interval Estimation for the Net
 * Promoter Score", 2016 (arXiv 1601.07235).
 */
export const adjustedTrinomial = (promoters: number, detractors: number, n: number) => {
  const promoted = (promoters + 3 / 4) / (n + 3);
  const detracted = (detractors + 3 / 4) / (n + 3);
  const centre = promoted - detracted;
  return { centre, squaredError: (promoted + detracted - centre ** 2) / (n + 3) };
};

/** Adjusted Wald interval of that difference, in points. */
export const adjustedWald = (promoters: number, detractors: number, n: number): Interval => {
  const { centre, squaredError } = adjustedTrinomial(promoters, detractors, n);
  const half = Z * Math.sqrt(squaredError);
  return { low: Math.max(-100, 100 * (centre - half)), high: Math.min(100, 100 * (centre + half)) };
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

/** From here on the expansion's relative error is below 2e-12; below, the sum has at most 100 terms. */
const EXPANSION_FROM_DF = 200;

/**
 * 0.975 quantile of Student's t with `df` degrees of freedom, whole and from 1; relative error below 2e-12.
 * Abramowitz and Stegun 26.7.3 and 26.7.4 (finite sums, inverted) and 26.7.5 (expansion for many degrees).
 */
export const studentT975 = (df: number): number => {
  if (!Number.isInteger(df) || df < 1) throw new RangeError(`${df} degrees of freedom`);
  if (df >= EXPANSION_FROM_DF) return expandedT975(df);
  quantiles[df] ??= bisectedT975(df);
  return quantiles[df];
};

/** A series asks for the same few again and again, and each takes fifty sums. */
const quantiles: number[] = [];

const bisectedT975 = (df: number): number => {
  // From the normal distribution's quantile, which every t exceeds, to past that of df = 1, the largest.
  let low = Z;
  let high = 13;
  for (;;) {
    const t = (low + high) / 2;
    if (t <= low || t >= high) return t;
    if (centralShare(t, df) < 0.95) low = t;
    else high = t;
  }
};

/**
 * The probability that |T| <= t, up to the power df - 2. With a = atan(t / sqrt(df)), for even df
 * sin(a) (1 + 1/2 cos(a)^2 + 1*3/2*4 cos(a)^4 + ...), odd 2/pi (a + sin(a) (cos(a) + 2/3 cos(a)^3 + ...)).
 */
const centralShare = (t: number, df: number): number => {
  const angle = Math.atan(t / Math.sqrt(df));
  const odd = df % 2 === 1;
  let term = odd ? Math.cos(angle) : 1;
  let total = 0;
  for (let power = odd ? 1 : 0; power <= df - 2; power += 2) {
    total += term;
    term *= (Math.cos(angle) ** 2 * (power + 1)) / (power + 2);
  }
  const share = Math.sin(angle) * total;
  return odd ? (2 / Math.PI) * (angle + share) : share;
};

const expandedT975 = (df: number): number => {
  const z = Z;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const fourth = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160;
  return z + (first + (second + (third + fourth / df) / df) / df) / df;
};
