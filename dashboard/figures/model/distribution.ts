import type { Bucket, Group } from "./answers.ts";

/** Which end of its scale something belongs to: it decides the colour, and the names say it in words. */
type End = "low" | "mid" | "high";

/** The end of a bucket, by its place among them: of two there is no middle. */
export const endOf = (index: number, count: number): End =>
  index === count - 1 ? "high" : index === 0 ? "low" : "mid";

/** The end of a rating by the buckets of its scale; in the middle where there are none. */
export function endOfRating(rating: number, buckets: readonly Bucket[]): End {
  const index = buckets.findIndex(
    ({ from, to }) => from !== null && to !== null && from <= rating && rating <= to,
  );
  return index < 0 ? "mid" : endOf(index, buckets.length);
}

/** One rating: how many gave it, its share of all in percent, and the length of its bar in percent of the longest. */
interface Bar {
  rating: number;
  count: number;
  share: number | null;
  length: number;
  end: End;
}

/** Every rating, highest first. */
export function barsOf({ distribution, buckets, n }: Pick<Group, "distribution" | "buckets" | "n">): Bar[] {
  const longest = Math.max(1, ...distribution.map(({ count }) => count));
  return distribution.toReversed().map(({ rating, count }) => ({
    rating,
    count,
    share: n === 0 ? null : (100 * count) / n,
    length: (100 * count) / longest,
    end: endOfRating(rating, buckets),
  }));
}
