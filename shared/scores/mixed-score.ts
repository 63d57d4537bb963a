import { HIGHEST_RATING, type Kind, type Scale } from "../surveys/kinds.ts";
import { type Distribution, percentageOf, type Score, SMALL_SAMPLE, scoreOf } from "./score.ts";

/** The responses of one survey, and how to read them. */
interface SurveyCounts {
  scale: Scale;
  /** null takes the kind's own top bucket. */
  topFrom: number | null;
  distribution: Distribution;
}

/**
 * One score over surveys of one kind. Where their scales differ, buckets are added up by name. null where there are no
 * surveys, or where they differ and the headline is a mean: a rating on one scale is none on the other.
 */
export const mixedScoreOf = (kind: Kind, surveys: readonly SurveyCounts[]): Score | null => {
  const [first] = surveys;
  if (!first) return null;
  if (surveys.every((survey) => dividesAlike(kind, survey, first))) {
    const distributions = surveys.map(({ distribution }) => distribution);
    return scoreOf(kind, first.scale, first.topFrom, addDistributions(distributions));
  }
  if (kind.headline === "mean") return null;

  const scores = surveys.map(({ scale, topFrom, distribution }) =>
    scoreOf(kind, scale, topFrom, distribution),
  );
  const total = (counted: (score: Score) => number) => scores.reduce((sum, score) => sum + counted(score), 0);
  const n = total((score) => score.n);
  const liked = total((score) => score.liked);
  const disliked = total((score) => score.disliked);
  // The table gives every scale of a kind the same buckets, and the percentage the same unit.
  const inPoints = scores.some(({ unit }) => unit === "points");
  const percentage = percentageOf(liked, disliked, n, inPoints);
  return {
    unit: inPoints ? "points" : "percent",
    score: percentage?.value ?? null,
    n,
    interval: percentage?.interval ?? null,
    smallSample: n < SMALL_SAMPLE,
    mean: null,
    percentage,
    liked,
    disliked,
    mixedScales: true,
    distribution: [],
    buckets: kind.buckets(first.scale, first.topFrom).map(({ name }) => {
      const count = total(({ buckets }) => buckets.find((bucket) => bucket.name === name)?.count ?? 0);
      return { name, from: null, to: null, count, share: n === 0 ? null : (100 * count) / n };
    }),
  };
};

/** Whether a rating means the same in both: scale and buckets are equal, whatever `topFrom` they come from. */
const dividesAlike = (kind: Kind, one: SurveyCounts, other: SurveyCounts): boolean => {
  const starts = ({ scale, topFrom }: SurveyCounts) => kind.buckets(scale, topFrom).map(({ from }) => from);
  return one.scale.max === other.scale.max && starts(one).join() === starts(other).join();
};

/** The sum of several distributions. */
export const addDistributions = (distributions: readonly Distribution[]): number[] =>
  Array.from({ length: HIGHEST_RATING + 1 }, (_, rating) =>
    distributions.reduce((total, distribution) => total + (distribution[rating] ?? 0), 0),
  );
