/** The languages that Candor speaks, by BCP 47 tag. Each has a file of its own in `languages/`. */
export const TAGS = [
  "en",
  "ar",
  "bg",
  "ca",
  "cs",
  "da",
  "de",
  "el",
  "es",
  "et",
  "fa",
  "fi",
  "fr",
  "he",
  "hi",
  "hr",
  "hu",
  "id",
  "is",
  "it",
  "ja",
  "ko",
  "lt",
  "lv",
  "ms",
  "nb",
  "nl",
  "pl",
  "pt",
  "pt-BR",
  "ro",
  "ru",
  "sk",
  "sl",
  "sv",
  "th",
  "tr",
  "uk",
  "ur",
  "vi",
  "zh-Hans",
  "zh-Hant",
] as const;

export type Tag = (typeof TAGS)[number];

/** The languages in which a public score is shown. */
export const SCORE_TAGS = ["en", "ar", "de", "es", "fr"] as const satisfies readonly Tag[];

export type ScoreTag = (typeof SCORE_TAGS)[number];
