/** Bokmål, Norwegian and Nynorsk: a reader of one reads the others. */
const NORWEGIAN = ["nb", "no", "nn"];

function parse(locale: string): Intl.Locale | null {
  try {
    return new Intl.Locale(locale);
  } catch {
    return null;
  }
}

/**
 * The tag of `tags` that serves a reader of `locale` best; undefined: none, or `locale` is not BCP 47. RFC 4647's
 * lookup drops subtags from the end; CLDR knows that zh-TW is written in Hant and that iw is now he.
 */
export function closestTag<Tag extends string>(locale: string, tags: readonly Tag[]): Tag | undefined {
  const wanted = parse(locale);
  if (!wanted) return undefined;
  const { language, script, region } = wanted.maximize();
  const readable = NORWEGIAN.includes(language) ? [language, ...NORWEGIAN] : [language];
  const ranges = readable.flatMap((name) => [
    `${name}-${script}-${region}`,
    `${name}-${region}`,
    `${name}-${script}`,
    name,
  ]);
  for (const range of [locale, wanted.baseName, ...ranges]) {
    const tag = tags.find((candidate) => candidate.toLowerCase() === range.toLowerCase());
    if (tag) return tag;
  }
  return undefined;
}
