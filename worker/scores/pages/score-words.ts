import { KINDS } from "../../../shared/surveys/kinds.ts";
import type { ScoreTexts, Texts } from "../../../shared/surveys/texts.ts";
import { languageOf, scoreTextsIn } from "../../surveys/languages.ts";
import { fill, type Presented, presentSurvey } from "../../surveys/wording.ts";
import type { GroupJson } from "../group.ts";
import type { PublicScore, ShownScore } from "../public-score.ts";

/** A public score as people read it: in one language, and rounded for display. */
export interface ScoreWords {
  locale: string;
  texts: Texts & ScoreTexts;
  /** null: not enough responses. */
  said: SaidScore | null;
}

export interface SaidScore {
  question: string;
  /** The kind's name. */
  title: string;
  /** "+42", "80 %", "5.17 of 7". */
  value: string;
  /** What a percentage is the share of: "satisfied". Otherwise empty. */
  meaning: string;
  n: string;
  /** 95 %; null where there are too few responses to have one. */
  interval: string | null;
  period: string;
  isSmallSample: boolean;
  /** Highest first; `share` in percent, unrounded. */
  buckets: { label: string; ratings: string; share: number; percent: string }[];
}

/** In the wanted language if Candor has texts in it, else in the survey's, else in English. */
export async function scoreWords(
  assets: Fetcher,
  score: PublicScore,
  wanted: string | undefined,
): Promise<ScoreWords> {
  const { locale, texts } = await scoreTextsIn(assets, [...(wanted ? [wanted] : []), score.locale]);
  if (!score.shown) return { locale, texts, said: null };
  // Latin digits, as the ratings that people chose have in every language.
  const language = `${locale}-u-nu-latn`;
  const dates = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: score.timeZone });
  const period = dates.formatRange(score.period.from, score.period.to - 1);
  const { survey } = score.shown;
  const presented = presentSurvey(survey, await languageOf(assets, survey, [locale]));
  return { locale, texts, said: { ...sayScore(score.shown, presented, { language, texts }), period } };
}

interface Tongue {
  /** The tag for Intl. */
  language: string;
  texts: Texts & ScoreTexts;
}

function sayScore(
  { score, survey }: ShownScore,
  { texts: words, options }: Presented,
  { language, texts }: Tongue,
): Omit<SaidScore, "period"> {
  const { unit, interval, n, small_sample: isSmallSample } = score;
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0, signDisplay: "negative" });
  const percent = (share: number) => `${whole.format(share)}\u00a0%`;
  const figure = unit === "percent" ? percent : figureOf(unit, language);
  const value = figure(score.score ?? 0);
  const labels = texts.labels[survey.kind] ?? KINDS[survey.kind];
  const labelOf = (bucket = "") => labels?.bucketLabels[bucket] ?? bucket;
  const textOf = (rating: number) => options.find((option) => option.rating === rating)?.text ?? "";
  return {
    question: words.question,
    title: labels?.title ?? survey.kind,
    value: unit === "rating" ? fill(texts.option, { rating: value, max: String(survey.scaleMax) }) : value,
    meaning: unit === "percent" ? labelOf(score.buckets.at(-1)?.name) : "",
    n: whole.format(n),
    interval: interval && fill(texts.range, { low: figure(interval.low), high: figure(interval.high) }),
    isSmallSample,
    buckets: score.buckets
      .filter(isNotEmpty)
      .map(({ name, from, to, share }) => ({
        label: labelOf(name),
        ratings: from === null || to === null ? "" : [...new Set([textOf(from), textOf(to)])].join("–"),
        share: share ?? 0,
        percent: percent(share ?? 0),
      }))
      .reverse(),
  };
}

/** Points are whole numbers, always with their sign; means have two decimals. */
function figureOf(unit: GroupJson["unit"], language: string): (value: number) => string {
  const digits = unit === "rating" ? 2 : 0;
  const fractions = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const signDisplay = unit === "points" ? "exceptZero" : "negative";
  const format = new Intl.NumberFormat(language, { ...fractions, signDisplay });
  return (value) => format.format(value);
}

/** Where the top bucket was moved below the middle, no rating is left between it and the lowest bucket. */
const isNotEmpty = ({ from, to }: GroupJson["buckets"][number]) => from === null || to === null || to >= from;
