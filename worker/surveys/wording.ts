import type { Ask } from "../../shared/contract/ask.ts";
import type { OwnTexts } from "../../shared/contract/surveys/surveys.ts";
import { drawingOf } from "../../shared/looks/drawings.ts";
import { KINDS, ratingsOf } from "../../shared/surveys/kinds.ts";
import { en } from "../../shared/surveys/languages/en.ts";
import { closestTag } from "../../shared/surveys/locales.ts";
import type { Language } from "../../shared/surveys/texts.ts";
import { fromJson } from "../db/json.ts";
import type { SurveyRow } from "./db/surveys.ts";
import { textsFor } from "./languages.ts";

export type Presented = Pick<Ask, "locale" | "direction" | "texts" | "options">;

/** Replaces each `{name}` in a text by its value. */
export const fill = (template: string, values: Record<string, string>) =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  );

type Words = NonNullable<OwnTexts[string]>;

/** The language in which a survey is presented: its own wording, and Candor's texts for the rest. */
export interface SurveyLanguage {
  locale: string;
  own: Words;
  fixed: Language;
}

/**
 * The first of the wanted locales and the survey's own for which the survey has words or Candor words its kind; else
 * English. All that is shown is in one language, so that no German question stands above an English button.
 */
export async function languageOf(
  assets: Fetcher,
  survey: SurveyRow,
  wanted: readonly string[],
): Promise<SurveyLanguage> {
  const texts = fromJson(survey.texts);
  const ownIn = (locale: string) => texts[closestTag(locale, Object.keys(texts)) ?? ""];
  for (const locale of [...wanted, survey.locale]) {
    const own = ownIn(locale);
    const fixed = await textsFor(assets, locale);
    if (own || fixed?.kinds[survey.kind]) return { locale, own: own ?? {}, fixed: fixed ?? en };
  }
  return { locale: "en", own: ownIn("en") ?? {}, fixed: en };
}

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
