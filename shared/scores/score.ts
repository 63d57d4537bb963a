import {
  type Bucket,
  bucketEnd,
  HIGHEST_RATING,
  type Kind,
  ratingsOf,
  type Scale,
} from "../surveys/kinds.ts";
import {
  adjustedWald,
  type Interval,
  meanInterval,
  type RatingCount,
  sampleVariance,
  wilson,
} from "./intervals.ts";

/** How many responses gave each rating: 11 counters, indexed by the ratings 0 to 10. */
export type Distribution = readonly number[];

/** A number computed from responses. `interval` is null where there are too few responses to have one. */
interface Figure {
  value: number;
  interval: Interval | null;
}

/** `Score` of `shared/contract/`. Nothing is rounded; null means that nothing was counted. */
export interface Score {
  /** points: -100 to 100; percent: 0 to 100; rating: the survey's scale. */
  unit: "points" | "percent" | "rating";
  score: number | null;
  /** Counted responses. */
  n: number;
  interval: Interval | null;
  /** Fewer than 30 responses. */
  smallSample: boolean;
  /** Mean rating; also null where a mean says nothing about the kind. The same holds for `percentage`. */
  mean: Figure | null;
  percentage: Figure | null;
  /** Counted responses in buckets of weight 1, and of weight -1: percentage = 100 * (liked - disliked) / n. */
  liked: number;
  disliked: number;
  /** The surveys divide different scales, so there is neither a mean nor a distribution. */
  mixedScales: boolean;
  /** Every legal rating, lowest first; empty over mixed scales. */
  distribution: RatingCount[];
  /** Lowest first; `from` and `to` are ratings, both inclusive, null over mixed scales; `share` is in percent of n. */
  buckets: {
    name: string;
    from: number | null;
    to: number | null;
    count: number;
    share: number | null;
  }[];
}

/** A sample is small up to here, exclusive. */
export const SMALL_SAMPLE = 30;

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
  const [liked, disliked] = [countOfWeight(1), countOfWeight(-1)];
  const figures = {
    mean: meanOf(counts, n, scale),
    percentage: percentageOf(liked, disliked, n, inPoints),
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
    liked,
    disliked,
    mixedScales: false,
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

/** A `topFrom` off the scale, or a mistake in a new kind, would count a rating twice or not at all. */
const refuseBucketsBesideScale = (buckets: readonly Bucket[], { min, max }: Scale): void => {
  const starts = buckets.map(({ from }) => from);
  const rising = starts.every((from, index) => from >= (starts[index - 1] ?? min) && from <= max);
  if (starts[0] !== min || !rising || !starts.every(Number.isInteger)) {
    throw new RangeError(`Buckets from ${starts.join(", ")} do not divide a scale of ${min} to ${max}`);
  }
};

/** Mean rating; its interval is null for one response, which shows no spread. */
const meanOf = (counts: readonly RatingCount[], n: number, scale: Scale): Figure | null => {
  if (n === 0) return null;
  const mean = sum(counts.map(({ rating, count }) => rating * count)) / n;
  const interval = n < 2 ? null : meanInterval(mean, sampleVariance(counts, mean, n), n, scale);
  return { value: mean, interval };
};

/** 100 * (liked - disliked) / n, multiplied first: whole numbers, so that only the division rounds. */
export const percentageOf = (
  liked: number,
  disliked: number,
  n: number,
  inPoints: boolean,
): Figure | null => {
  if (!inPoints) return shareOf(liked, n);
  if (n === 0) return null;
  return { value: (100 * (liked - disliked)) / n, interval: adjustedWald(liked, disliked, n) };
};

/**
 * `hits` of `n` in percent with Wilson's interval. null for none of none, and where there are more hits than `n`, which
 * is no share: more answers than surveys seen, some of which were not reported.
 */
export const shareOf = (hits: number, n: number): Figure | null =>
  n === 0 || hits > n ? null : { value: (100 * hits) / n, interval: wilson(hits, n) };

/** The scale of a score that is not over mixed scales. */
export const scaleOf = ({ distribution }: Score): Scale => {
  const ratings = distribution.map(({ rating }) => rating);
  return { min: Math.min(...ratings), max: Math.max(...ratings) };
};
