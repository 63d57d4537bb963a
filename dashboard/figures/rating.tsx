import { page } from "../page.ts";
import { numbers, t } from "../words.tsx";
import type { Bucket } from "./model/answers.ts";
import { endOfRating } from "./model/distribution.ts";
import type { Ends } from "./model/scale.ts";

/** A rating as it is written: of two there is a word for each. */
export const ratingText = (rating: number, scale: Ends | null | undefined): string =>
  scale && scale.max - scale.min === 1 ? t(rating === scale.max ? "yes" : "no") : numbers().count(rating);

interface RatingProps {
  rating: number;
  /** The public id of the survey that it answers, which has the scale. */
  survey: string;
  /** The parts of its scale, which colour it. */
  buckets: readonly Bucket[];
}

/** One rating, in the colour of its bucket and read with its scale. */
export const Rating = ({ rating, survey, buckets }: RatingProps) => {
  const scale = page.surveys?.find(({ id }) => id === survey)?.scale;
  return (
    <span class={`rating ${endOfRating(rating, buckets)}`}>
      <span class="unseen">{t("rating")} </span>
      {ratingText(rating, scale)}
      {scale && scale.max - scale.min > 1 && (
        <span class="unseen"> {t("unit.rating", { max: scale.max })}</span>
      )}
    </span>
  );
};
