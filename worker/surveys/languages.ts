import { en } from "../../shared/surveys/languages/en.ts";
import { closestTag } from "../../shared/surveys/locales.ts";
import { SCORE_TAGS, TAGS, type Tag } from "../../shared/surveys/tags.ts";
import type { Language, ScoreTexts, Texts } from "../../shared/surveys/texts.ts";

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
export async function textsFor(assets: Fetcher, locale: string): Promise<Language | undefined> {
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
