import { adjustedTrinomial, type Interval, sampleVariance } from "./intervals.ts";
import { type Score, scaleOf } from "./score.ts";
import { studentT975, studentTails } from "./tails.ts";

/** The change from one score to a later one, in their unit. */
interface Change {
  /** Between the unrounded scores. */
  difference: number;
  /** 95 %. After one or two answers, the difference may lie outside it. */
  interval: Interval;
  /** The probability that two periods without any change would differ by this much or more, 0 to 1. */
  p: number;
  /** p < 0.05: the interval does not contain 0. */
  significant: boolean;
  /** Fewer than 30 responses in either period: p is rough. */
  smallSample: boolean;
}

/**
 * The change between two scores of one kind. null where it has no meaning (one has nothing counted, the units differ,
 * means are on different scales) or where no spread was seen to judge it by. Interval and p are those of the adjusted
 * estimates: around the raw difference, one yes after one no would be significant. Means are judged by Welch's t.
 */
export const changeOf = (current: Score, before: Score): Change | null => {
  if (current.score === null || before.score === null || !comparable(current, before)) return null;
  const [now, then] = [estimateOf(current, current.score), estimateOf(before, before.score)];
  const error = Math.sqrt(now.squaredError + then.squaredError);
  // Only means get here: after one response (NaN), or where all agree in both periods. Two answers of 6 after two of 5
  // would be infinitely many standard errors apart, and missing spread would pass for certainty.
  if (!(error > 0)) return null;

  const centre = now.centre - then.centre;
  const maxDifference = greatestDifference(current);
  const df = degreesOfFreedom(now, then);
  const half = studentT975(df) * error;
  const p = studentTails(centre / error, df);
  return {
    difference: current.score - before.score,
    interval: { low: Math.max(-maxDifference, centre - half), high: Math.min(maxDifference, centre + half) },
    p,
    significant: p < 0.05,
    smallSample: current.smallSample || before.smallSample,
  };
};

const comparable = (one: Score, other: Score): boolean => {
  if (one.unit !== other.unit) return false;
  if (one.unit !== "rating") return true;
  const [scale, otherScale] = [scaleOf(one), scaleOf(other)];
  return scale.min === otherScale.min && scale.max === otherScale.max;
};

const greatestDifference = (score: Score): number => {
  if (score.unit === "points") return 200;
  if (score.unit === "percent") return 100;
  const { min, max } = scaleOf(score);
  return max - min;
};

/** A score as the test sees it, in its unit. */
interface Estimate {
  centre: number;
  /** NaN for a mean of one response. */
  squaredError: number;
  /** Degrees of freedom of its standard error; infinite: the normal distribution applies. */
  df: number;
}

/** Of both standard errors together: Welch 1938, Satterthwaite 1946. */
const degreesOfFreedom = (now: Estimate, then: Estimate): number => {
  const parts = now.squaredError ** 2 / now.df + then.squaredError ** 2 / then.df;
  // They are at least those of the smaller sample, but rounding can give less.
  return Math.max(1, (now.squaredError + then.squaredError) ** 2 / parts);
};

const estimateOf = ({ unit, liked, disliked, n, distribution }: Score, score: number): Estimate => {
  if (unit === "rating")
    return { centre: score, squaredError: sampleVariance(distribution, score, n) / n, df: n - 1 };
  const df = Number.POSITIVE_INFINITY;
  if (unit === "points") {
    const { centre, squaredError } = adjustedTrinomial(liked, disliked, n);
    return { centre: 100 * centre, squaredError: 100 ** 2 * squaredError, df };
  }
  // One success and one failure added: Agresti and Caffo, "Simple and Effective Confidence Intervals for Proportions
  // and Differences of Proportions Result from Adding Two Successes and Two Failures", The American Statistician 2000.
  const share = (liked + 1) / (n + 2);
  return { centre: 100 * share, squaredError: (100 ** 2 * share * (1 - share)) / (n + 2), df };
};
