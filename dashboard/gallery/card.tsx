import { drawingOf } from "../../shared/looks/drawings.ts";
import { ratingsOf } from "../../shared/surveys/kinds.ts";
import { numbers, t } from "../words.tsx";
import type { Shown } from "./survey.ts";

interface CardProps {
  of: Shown;
  /** Shown as if somebody had chosen a low rating: what follows it. */
  answered?: boolean;
}

/** A picture of a survey, as it stands in a page. */
export const Card = ({ of: { scale, look, wording, follows }, answered = false }: CardProps) => {
  const { question, low, high } = wording;
  const ratings = ratingsOf(scale);
  const isPair = ratings.length === 2;
  // Low, and not the lowest: it is seen that one chooses.
  const chosen = answered ? scale.min + (isPair ? 0 : 1) : null;
  const next = follows.find((step) => chosen !== null && (step.ratings?.includes(chosen) ?? true));
  const isLit = (rating: number) =>
    chosen !== null && (look === "stars" ? rating <= chosen : rating === chosen);
  return (
    <div class="card" role="img" aria-label={t("gallery.card", { question, low, high })}>
      <div class="paper" aria-hidden="true">
        <p class="asks">{question}</p>
        <div class={`opts ${look}${ratings.length > 7 ? " many" : ""}`}>
          {ratings.map((rating) => {
            const drawing = drawingOf(look, scale, rating);
            const word = rating === scale.min ? low : high;
            return (
              <span key={rating} class={isLit(rating) ? "lit" : undefined}>
                {drawing ? (
                  <svg class="i" viewBox="0 0 24 24" aria-hidden="true">
                    <path d={drawing} />
                  </svg>
                ) : isPair ? (
                  word
                ) : (
                  numbers().count(rating)
                )}
              </span>
            );
          })}
        </div>
        {!isPair && (
          <p class="ends">
            <span>{low}</span>
            <span>{high}</span>
          </p>
        )}
        {next && (
          <div class="next">
            <p>{next.question}</p>
            {next.choices.length > 0 ? (
              <p class="choices">
                {next.choices.map((choice) => (
                  <span key={choice}>{choice}</span>
                ))}
              </p>
            ) : (
              <span class="writes" />
            )}
          </div>
        )}
      </div>
    </div>
  );
};
