import { adjustedTrinomial, type Interval, sampleVariance, Z } from "./intervals.ts";
import { type Score, scaleOf } from "./score.ts";

/** From one score to a later one, in their unit. */
export interface Change {
  /** Of the unrounded scores. */
  difference: number;
  /** 95 %; after an answer or two the difference may lie outside, as an NPS may of its own. */
  interval: Interval;
  /** How often two periods without any change would differ by so much or more, 0 to 1. */
  p: number;
  /** p < 0.05: the interval does not hold 0. */
  significant: boolean;
  /** Fewer than 30 responses in either period: p is rough. */
  smallSample: boolean;
}

/**
 * The change between two scores of one kind. null where it means nothing (nothing counted in either, different units,
 * means on different scales) or no spread was seen to judge it by. As with adjusted Wald's, interval and p are about
 * the adjusted estimates: around the raw difference one yes after one no would be significant.
 */
export const changeOf = (current: Score, before: Score): Change | null => {
  if (current.score === null || before.score === null || !comparable(current, before)) return null;
  const [now, then] = [estimateOf(current, current.score), estimateOf(before, before.score)];
  const error = Math.sqrt(now.squaredError + then.squaredError);
  // Means alone get here: after one response (NaN), or where all agree in both periods. Two answers of 6 after two
  // of 5 would be infinitely many standard errors of 0, and no spread would be taken for certainty.
  if (!(error > 0)) return null;

  const centre = now.centre - then.centre;
  const most = greatestDifference(current);
  const p = normalTails(centre / error);
  return {
    difference: current.score - before.score,
    interval: { low: Math.max(-most, centre - Z * error), high: Math.min(most, centre + Z * error) },
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

/** A score as the test sees it, in its unit; the squared standard error of a mean of one response is NaN. */
const estimateOf = ({ unit, liked, disliked, n, distribution }: Score, score: number) => {
  if (unit === "rating") return { centre: score, squaredError: sampleVariance(distribution, score, n) / n };
  if (unit === "points") {
    const { centre, squaredError } = adjustedTrinomial(liked, disliked, n);
    return { centre: 100 * centre, squaredError: 100 ** 2 * squaredError };
  }
  // One success and one failure added: Agresti and Caffo, "Simple and Effective Confidence Intervals for Proportions
  // and Differences of Proportions Result from Adding Two Successes and Two Failures", The American Statistician 2000.
  const share = (liked + 1) / (n + 2);
  return { centre: 100 * share, squaredError: (100 ** 2 * share * (1 - share)) / (n + 2) };
};

const normalDensity = (z: number) => Math.exp(-(z ** 2) / 2) / Math.sqrt(2 * Math.PI);

/**
 * The probability that a standard normal variable is at least |z| from 0: erfc(|z| / sqrt(2)); relative error below
 * 1e-12. Abramowitz and Stegun 26.2.11 (series) and 26.2.14 (continued fraction, where the series would cancel).
 */
export const normalTails = (z: number): number => {
  const x = Math.abs(z);
  if (x > 3) {
    let fraction = x;
    for (let term = 100; term >= 1; term--) fraction = x + term / fraction;
    return (2 * normalDensity(x)) / fraction;
  }
  let term = x;
  let central = x;
  for (let odd = 3; term > central * 1e-17; odd += 2) {
    term *= x ** 2 / odd;
    central += term;
  }
  return 1 - 2 * normalDensity(x) * central;
};
