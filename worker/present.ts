import type { Ask } from "../shared/contract/ask.ts";
import { drawingOf } from "../shared/drawings.ts";
import { inLanguage, KINDS, ratingsOf } from "../shared/kinds.ts";
import { TEXTS } from "../shared/texts.ts";
import type { SurveyRow } from "./db/surveys.ts";

export type Presented = Pick<Ask, "locale" | "direction" | "texts" | "options">;

/** Puts the values into a text's `{name}`s. */
export const fill = (template: string, values: Record<string, string>) =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

const languageOf = (locale: string) => locale.split("-")[0]?.toLowerCase() ?? "en";

/**
 * The first of the wanted locale and the survey's own that the survey or Candor has words for. What is shown is in one
 * language throughout, so that a German question does not stand above an English button.
 */
function chooseLocale(wanted: string, survey: SurveyRow, own: Record<string, unknown>): string {
  const known = (locale: string) => locale in own || languageOf(locale) in own || languageOf(locale) in TEXTS;
  return [wanted, survey.locale].find(known) ?? "en";
}

/** A survey as it is shown to a respondent: its texts in one language, and each rating's button. */
export function presentSurvey(survey: SurveyRow, wanted: string): Presented {
  const own: Record<string, Partial<Record<string, string>>> = JSON.parse(survey.texts);
  const locale = chooseLocale(wanted, survey, own);
  const mine = own[locale] ?? own[languageOf(locale)] ?? {};
  const fixed = TEXTS[languageOf(locale)] ?? TEXTS.en;
  const kind = KINDS[survey.kind];
  if (!kind) throw new Error(`survey ${survey.id} is of a kind that is not in the table`);
  const scale = { min: survey.scaleMin, max: survey.scaleMax };
  const low = mine.low ?? inLanguage(kind.low, locale);
  const high = mine.high ?? inLanguage(kind.high, locale);
  const question = fill(mine.question ?? inLanguage(kind.question, locale), { subject: survey.subject });
  const ends: Record<number, string> = { [scale.min]: low, [scale.max]: high };
  // Two ratings are their own words ("No", "Yes"); on longer scales a number is read with what its end means.
  const namesItself = scale.max - scale.min === 1;
  const options = ratingsOf(scale).map((rating) => {
    const end = ends[rating];
    const position = fill(fixed.option, { rating: String(rating), max: String(scale.max) });
    return {
      rating,
      text: namesItself && end ? end : String(rating),
      label: namesItself && end ? end : end ? `${position}, ${end}` : position,
      drawing: drawingOf(kind.look, scale, rating),
    };
  });
  return {
    locale,
    direction: fixed.direction,
    texts: {
      question,
      low: namesItself ? "" : low,
      high: namesItself ? "" : high,
      comment: mine.comment ?? fixed.comment,
      send: fixed.send,
      close: fixed.close,
      thanks: mine.thanks ?? fixed.thanks,
      unsent: fixed.unsent,
    },
    options,
  };
}
