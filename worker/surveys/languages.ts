import type { OwnTexts } from "../../shared/contract/surveys/surveys.ts";
import { en } from "../../shared/surveys/languages/en.ts";
import { closestTag } from "../../shared/surveys/locales.ts";
import { SCORE_TAGS, TAGS, type Tag } from "../../shared/surveys/tags.ts";
import type { Language, ScoreTexts, Texts } from "../../shared/surveys/texts.ts";
import { fromJson } from "../db/json.ts";
import type { SurveyRow } from "./db/surveys.ts";

/** English is built in. The others are files of the deployment, each read once in an isolate's life. */
const known = new Map<Tag, Language>([["en", en]]);

const { score: englishScore, ...english } = en;

/** A language by its tag; undefined where its file cannot be read, as if Candor did not have it. */
async function readLanguage(assets: Fetcher, tag: Tag): Promise<Language | undefined> {
  const already = known.get(tag);
  if (already) return already;
  try {
    const answer = await assets.fetch(`https://assets/languages/${tag}.json`);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const { score, ...texts } = await answer.json<Partial<Language>>();
    // English fills gaps in the file of an older build.
    const language = { ...english, ...texts, ...(score && { score: { ...englishScore, ...score } }) };
    known.set(tag, language);
    return language;
  } catch (error) {
    console.error(JSON.stringify({ error: "language-not-read", language: tag, detail: String(error) }));
    return undefined;
  }
}

/** Candor's texts for a reader of `locale`, any BCP 47 tag; undefined where there is no language for it. */
async function textsFor(assets: Fetcher, locale: string): Promise<Language | undefined> {
  const tag = closestTag(locale, TAGS);
  return tag && (await readLanguage(assets, tag));
}

/** Candor's texts in the first wanted language that it has, else in English. */
export async function textsIn(
  assets: Fetcher,
  locales: readonly string[],
): Promise<{ locale: string; texts: Texts }> {
  for (const locale of locales) {
    const texts = await textsFor(assets, locale);
    if (texts) return { locale, texts };
  }
  return { locale: "en", texts: en };
}

/** The same for a public score, whose words exist only in some languages. */
export async function scoreTextsIn(
  assets: Fetcher,
  locales: readonly string[],
): Promise<{ locale: string; texts: Texts & ScoreTexts }> {
  for (const wanted of locales) {
    const locale = closestTag(wanted, SCORE_TAGS);
    if (!locale) continue;
    const texts = await readLanguage(assets, locale);
    if (texts?.score) return { locale, texts: { ...texts, ...texts.score } };
  }
  return { locale: "en", texts: { ...en, ...englishScore } };
}

/** The language in which a survey is presented: its own wording, and Candor's texts for the rest. */
export interface SurveyLanguage {
  locale: string;
  own: NonNullable<OwnTexts[string]>;
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
