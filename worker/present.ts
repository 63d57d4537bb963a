import type { Ask } from "../shared/contract/ask.ts";
import type { OwnTexts } from "../shared/contract/surveys.ts";
import { drawingOf } from "../shared/drawings.ts";
import { KINDS, ratingsOf } from "../shared/kinds.ts";
import { closestTag } from "../shared/locales.ts";
import { TEXTS, textsFor } from "../shared/texts.ts";
import type { SurveyRow } from "./db/surveys.ts";

export type Presented = Pick<Ask, "locale" | "direction" | "texts" | "options">;

/** Puts the values into a text's `{name}`s. */
export const fill = (template: string, values: Record<string, string>) =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

/** A survey's own wording for a reader of `locale`. */
export function ownTextsFor(locale: string, own: OwnTexts): OwnTexts[string] {
  const tag = closestTag(locale, Object.keys(own));
  return tag === undefined ? undefined : own[tag];
}

/**
 * The first of the wanted locale and the survey's own in which the survey has words or Candor those of its kind. What is
 * shown is in one language throughout, so that a German question does not stand above an English button.
 */
function chooseLocale(wanted: string, survey: SurveyRow, own: OwnTexts): string {
  const isWorded = (locale: string) => ownTextsFor(locale, own) ?? textsFor(locale)?.kinds[survey.kind];
  return [wanted, survey.locale].find(isWorded) ?? "en";
}

/** A survey as it is shown to a respondent: its texts in one language, and each rating's button. */
export function presentSurvey(survey: SurveyRow, wanted: string): Presented {
  const own: OwnTexts = JSON.parse(survey.texts);
  const locale = chooseLocale(wanted, survey, own);
  const mine = ownTextsFor(locale, own) ?? {};
  const fixed = textsFor(locale) ?? TEXTS.en;
  const kind = KINDS[survey.kind];
  if (!kind) throw new Error(`survey ${survey.id} is of a kind that is not in the table`);
  const scale = { min: survey.scaleMin, max: survey.scaleMax };
  const { question: asks, low, high } = { ...(fixed.kinds[survey.kind] ?? kind), ...mine };
  const question = fill(asks, { subject: survey.subject });
  const digits = new Intl.NumberFormat(locale);
  const look = survey.look ?? kind.look;
  const words: Record<string, string> = { [scale.min]: low, [scale.max]: high, ...mine.ratings };
  // Two ratings are their own words ("No", "Yes"); on longer scales a number is read with what it means.
  const namesItself = scale.max - scale.min === 1 || (look === "labels" && mine.ratings !== undefined);
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
      comment: mine.comment ?? fixed.comment,
      send: fixed.send,
      close: fixed.close,
      thanks: mine.thanks ?? fixed.thanks,
      unsent: fixed.unsent,
    },
    options,
  };
}
