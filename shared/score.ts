import { type Bucket, bucketEnd, HIGHEST_RATING, type Kind, ratingsOf, type Scale } from "./kinds.ts";

/** How many responses gave each rating: 11 counters, indexed by the ratings 0 to 10. */
export type Distribution = readonly number[];

/** A 95 % interval, in the unit of the figure that it belongs to. */
export interface Interval {
  low: number;
  high: number;
}

/** A number computed from responses. `interval` is null where there are too few responses to have one. */
export interface Figure {
  value: number;
  interval: Interval | null;
}

/** The wire's `Score` in `shared/contract/`. Nothing is rounded; null means that nothing was counted. */
export interface Score {
  /** points: -100 to 100; percent: 0 to 100; rating: the survey's scale. */
  unit: "points" | "percent" | "rating";
  score: number | null;
  /** Counted responses. */
  n: number;
  interval: Interval | null;
  /** Fewer than 30 responses. */
  smallSample: boolean;
  /** Mean rating; null also where it says nothing about the kind. The same for `percentage`. */
  mean: Figure | null;
  percentage: Figure | null;
  /** Every legal rating, lowest first. */
  distribution: { rating: number; count: number }[];
  /** Lowest first; `from` and `to` are ratings, both inclusive; `share` is in percent of n. */
  buckets: { name: string; from: number; to: number; count: number; share: number | null }[];
}

/** 0.975 quantile of the standard normal distribution: 95 % two-sided. */
const Z = 1.959963984540054;

const SMALL_SAMPLE = 30;

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/**
 * The score of a distribution by its kind's formula; `topFrom` null takes the kind's own top bucket. Throws
 * RangeError where distribution, scale or `topFrom` cannot be right: a wrong number is worse than none.
 */
export const scoreOf = (
  kind: Kind,
  scale: Scale,
  topFrom: number | null,
  distribution: Distribution,
): Score => {
  refuseImpossibleCounts(scale, distribution);
  const parts = kind.buckets(scale, topFrom);
  refuseBucketsBesideScale(parts, scale);

  const counts = ratingsOf(scale).map((rating) => ({ rating, count: distribution[rating] ?? 0 }));
  const n = sum(counts.map(({ count }) => count));
  const buckets = parts.map((bucket, index) => {
    const to = bucketEnd(parts, index, scale);
    const count = sum(distribution.slice(bucket.from, to + 1));
    return { name: bucket.name, from: bucket.from, to, count, share: n === 0 ? null : (100 * count) / n };
  });
  const countOfWeight = (weight: Bucket["weight"]) =>
    sum(buckets.map(({ count }, index) => (parts[index]?.weight === weight ? count : 0)));

  const inPoints = parts.some(({ weight }) => weight < 0);
  const figures = {
    mean: n === 0 ? null : meanOf(counts, n, scale),
    percentage: n === 0 ? null : percentageOf(countOfWeight(1), countOfWeight(-1), n, inPoints),
  };
  const shown = (name: keyof typeof figures) =>
    name === kind.headline || name === kind.second ? figures[name] : null;
  const headline = figures[kind.headline];
  return {
    unit: kind.headline === "mean" ? "rating" : inPoints ? "points" : "percent",
    score: headline?.value ?? null,
    n,
    interval: headline?.interval ?? null,
    smallSample: n < SMALL_SAMPLE,
    mean: shown("mean"),
    percentage: shown("percentage"),
    distribution: counts,
    buckets,
  };
};

const refuseImpossibleCounts = ({ min, max }: Scale, distribution: Distribution): void => {
  if (min < 0 || max > HIGHEST_RATING || distribution.length !== HIGHEST_RATING + 1) {
    throw new RangeError(`A distribution has ${HIGHEST_RATING + 1} counters and a scale lies within them`);
  }
  for (const [rating, count] of distribution.entries()) {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new RangeError(`${count} responses with the rating ${rating} is not a count`);
    }
    if (count > 0 && (rating < min || rating > max)) {
      throw new RangeError(`${count} responses with the rating ${rating} on a scale of ${min} to ${max}`);
    }
  }
};

/** A `topFrom` off the scale, or a new kind's slip, would count a rating twice or not at all. */
const refuseBucketsBesideScale = (buckets: readonly Bucket[], { min, max }: Scale): void => {
  const starts = buckets.map(({ from }) => from);
  const rising = starts.every((from, index) => from >= (starts[index - 1] ?? min) && from <= max);
  if (starts[0] !== min || !rising || !starts.every(Number.isInteger)) {
    throw new RangeError(`Buckets from ${starts.join(", ")} do not divide a scale of ${min} to ${max}`);
  }
};

/** Mean rating, with mean +- t(0.975, n - 1) * s / sqrt(n), cut to the scale; null for one response. */
const meanOf = (counts: Score["distribution"], n: number, scale: Scale): Figure => {
  const mean = sum(counts.map(({ rating, count }) => rating * count)) / n;
  if (n < 2) return { value: mean, interval: null };
  // Not n * sum of squares - square of the sum: both pass 2^53 at ten million responses, and then cancel.
  const squares = sum(counts.map(({ rating, count }) => count * (rating - mean) ** 2));
  const half = studentT975(n - 1) * Math.sqrt(squares / (n - 1) / n);
  const interval = { low: Math.max(scale.min, mean - half), high: Math.min(scale.max, mean + half) };
  return { value: mean, interval };
};

/** 100 * (liked - disliked) / n, multiplied first: whole numbers, so that only the division rounds. */
const percentageOf = (liked: number, disliked: number, n: number, inPoints: boolean): Figure => ({
  value: (100 * (liked - disliked)) / n,
  interval: inPoints ? adjustedWald(liked, disliked, n) : wilson(liked, n),
});

/**
 * Interval of the difference of two shares of a trinomial, in points. Rocks, "Interval Estimation for the Net
 * Promoter Score", 2016 (arXiv 1601.07235): three responses are added, 3/4 to either end, 3/2 to the middle.
 */
const adjustedWald = (promoters: number, detractors: number, n: number): Interval => {
  const promoted = (promoters + 3 / 4) / (n + 3);
  const detracted = (detractors + 3 / 4) / (n + 3);
  const centre = promoted - detracted;
  const half = Z * Math.sqrt((promoted + detracted - centre ** 2) / (n + 3));
  return { low: Math.max(-100, 100 * (centre - half)), high: Math.min(100, 100 * (centre + half)) };
};

/** Wilson score interval (1927) of a share, in percent, without continuity correction. */
const wilson = (hits: number, n: number): Interval => ({
  low: 100 * wilsonLow(hits, n),
  high: 100 * (1 - wilsonLow(n - hits, n)),
});

/**
 * The lower root of (p - hits / n)^2 = Z^2 p (1 - p) / n, as the product of the roots over the upper one: the
 * textbook form subtracts nearly equal numbers when hits are few, and misses 0 when there are none.
 */
const wilsonLow = (hits: number, n: number): number =>
  (hits * (hits / n)) / (hits + Z ** 2 / 2 + Z * Math.sqrt(hits * ((n - hits) / n) + Z ** 2 / 4));

/** From here on the expansion's relative error is below 2e-12; below, the sum has at most 100 terms. */
const EXPANSION_FROM_DF = 200;

/**
 * 0.975 quantile of Student's t with `df` degrees of freedom, whole and from 1; relative error below 2e-12.
 * Abramowitz and Stegun 26.7.3 and 26.7.4 (finite sums, inverted) and 26.7.5 (expansion for many degrees).
 */
export const studentT975 = (df: number): number => {
  if (!Number.isInteger(df) || df < 1) throw new RangeError(`${df} degrees of freedom`);
  if (df >= EXPANSION_FROM_DF) return expandedT975(df);
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
