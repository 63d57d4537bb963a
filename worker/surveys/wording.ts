import type { Ask } from "../../shared/contract/ask.ts";
import { drawingOf } from "../../shared/looks/drawings.ts";
import { KINDS, ratingsOf } from "../../shared/surveys/kinds.ts";
import type { SurveyRow } from "./db/surveys.ts";
import type { SurveyLanguage } from "./languages.ts";

export type Presented = Pick<Ask, "locale" | "direction" | "texts" | "options">;

/** Replaces each `{name}` in a text by its value. */
export const fill = (template: string, values: Record<string, string>) =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  );

/** A survey as a respondent sees it: its texts in one language, and a button for each rating. */
export function presentSurvey(survey: SurveyRow, { locale, own, fixed }: SurveyLanguage): Presented {
  const kind = KINDS[survey.kind];
  if (!kind) throw new Error(`survey ${survey.id} is of a kind that is not in the table`);
  const scale = { min: survey.scaleMin, max: survey.scaleMax };
  const { question: asks, low, high } = { ...(fixed.kinds[survey.kind] ?? kind), ...own };
  const question = fill(asks, { subject: survey.subject });
  const digits = new Intl.NumberFormat(locale);
  const look = survey.look ?? kind.look;
  const words: Record<string, string> = { [scale.min]: low, [scale.max]: high, ...own.ratings };
  // Two ratings are their own words ("No", "Yes"). On longer scales, a number is read together with its meaning.
  const namesItself = scale.max - scale.min === 1 || (look === "labels" && own.ratings !== undefined);
  const options = ratingsOf(scale).map((rating) => {
    const word = words[rating];
    const drawing = drawingOf(look, scale, rating);
    const text = digits.format(rating);
    const position = fill(fixed.option, { rating: text, max: digits.format(scale.max) });
    return {
      rating,
      text: namesItself && word ? word : text,
      label: namesItself && word ? word : word ? `${position}, ${word}` : position,
      ...(drawing && { drawing }),
    };
  });
  return {
    locale,
    direction: fixed.direction,
    texts: {
      question,
      low: namesItself ? "" : low,
      high: namesItself ? "" : high,
      comment: own.comment ?? fixed.comment,
      send: fixed.send,
      close: fixed.close,
      thanks: own.thanks ?? fixed.thanks,
      unsent: fixed.unsent,
    },
    options,
  };
}
