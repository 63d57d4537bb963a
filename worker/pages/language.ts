import { closestTag } from "../../shared/locales.ts";
import { type ScoreTexts, TEXTS, type Texts, textsFor } from "../../shared/texts.ts";

/** BCP 47; also keeps names such as `constructor` from being looked up as a language. */
const localePattern = /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$/i;

/** The languages that a browser asks for (RFC 9110, 12.5.4), most wanted first; at most ten. */
export function wantedLocales(acceptLanguage: string | undefined): string[] {
  const wanted = (acceptLanguage ?? "")
    .slice(0, 500)
    .split(",")
    .map((range) => {
      const [locale = "", weight] = range.split(";").map((part) => part.trim());
      return { locale, weight: weight?.startsWith("q=") ? Number(weight.slice(2)) : 1 };
    });
  return wanted
    .filter(({ locale, weight }) => localePattern.test(locale) && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, 10)
    .map(({ locale }) => locale);
}

/** Candor's own texts in the first wanted language that it has, else in English. */
export function textsIn(locales: readonly string[]): { locale: string; texts: Texts } {
  for (const locale of locales) {
    const texts = textsFor(locale);
    if (texts) return { locale, texts };
  }
  return { locale: "en", texts: TEXTS.en };
}

const scoreTags = Object.keys(TEXTS).filter((tag) => TEXTS[tag]?.score);

/** The same for a public score, whose words only some languages have. */
export function scoreTextsIn(locales: readonly string[]): { locale: string; texts: Texts & ScoreTexts } {
  for (const wanted of locales) {
    const locale = closestTag(wanted, scoreTags) ?? "";
    const texts = TEXTS[locale];
    if (texts?.score) return { locale, texts: { ...texts, ...texts.score } };
  }
  return { locale: "en", texts: { ...TEXTS.en, ...TEXTS.en.score } };
}
