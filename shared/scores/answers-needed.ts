import { adjustedWald, type Interval, meanInterval, sampleVariance, wilson } from "./intervals.ts";
import { type Score, scaleOf } from "./score.ts";

/** Above the largest possible need: +- 5 points where half are promoters and half detractors takes 1,533 responses. */
const ALWAYS_ENOUGH = 1_600;

/**
 * How many more counted responses, in the shares seen so far, narrow the 95 % interval to +- 5 points or percent, or
 * for a mean to +- a twentieth of its scale; 0 when it is. Without any response the shares are those that the intervals
 * add: half in the middle, or half and half. null for a mean of fewer than two: no spread was seen.
 */
export const answersNeeded = (score: Score): number | null => {
  if (score.unit === "rating" && score.n < 2) return null;
  const maxWidth = 2 * preciseHalf(score);
  const isPrecise = ({ low, high }: Interval) => high - low <= maxWidth;
  if (score.interval && isPrecise(score.interval)) return 0;

  let tooFew = score.n;
  let enough = ALWAYS_ENOUGH;
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isPrecise(intervalAt(score, middle))) enough = middle;
    else tooFew = middle;
  }
  return enough - score.n;
};

const preciseHalf = (score: Score): number => {
  if (score.unit !== "rating") return 5;
  const { min, max } = scaleOf(score);
  return (max - min) / 20;
};

/** The interval that the score would have with `n` responses in its shares. */
const intervalAt = (score: Score, n: number): Interval => {
  if (score.unit === "rating") {
    const mean = score.score ?? Number.NaN;
    const squares = sampleVariance(score.distribution, mean, score.n) * (score.n - 1);
    return meanInterval(mean, ((squares / score.n) * n) / (n - 1), n, scaleOf(score));
  }
  const expected = (count: number, unseen: number) => n * (score.n === 0 ? unseen : count / score.n);
  return score.unit === "percent"
    ? wilson(expected(score.liked, 1 / 2), n)
    : adjustedWald(expected(score.liked, 1 / 4), expected(score.disliked, 1 / 4), n);
};
