import { readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../../shared/surveys/kinds.ts";
import { TEXTS } from "../../../shared/surveys/languages.ts";
import { closestTag } from "../../../shared/surveys/locales.ts";
import type { Language } from "../../../shared/surveys/texts.ts";

/** The kinds that every language words. A kind that somebody adds may be worded only in English. */
const WORDED = ["nps", "csat", "ces", "fcr", "thumbs"];

/** Every text of a language by name: `send`, `nps.low`. */
function textsOf({ direction, kinds, score, ...fixed }: Language): Record<string, string> {
  const wordings = WORDED.flatMap((name) => {
    const { question, low, high } = kinds[name] ?? { question: "", low: "", high: "" };
    return Object.entries({ question, low, high }).map(([part, text]) => [`${name}.${part}`, text]);
  });
  return { ...fixed, ...Object.fromEntries(wordings) };
}

const english = textsOf(TEXTS.en);
const englishOf = (name: string) => english[name] ?? "";
const placeholders = (text: string) => text.match(/\{\w*\}/g)?.sort() ?? [];

test("there are at least 30 languages, each in the file that has its name and in the list of the docs", async () => {
  const tags = Object.keys(TEXTS);
  expect(tags.length).toBeGreaterThanOrEqual(30);
  const files = await readdir("shared/surveys/languages");
  expect([...tags].sort()).toEqual(files.map((name) => name.replace(/\.ts$/, "")).sort());
  const listed = (await readFile("docs/languages.md", "utf8")).matchAll(/^\| `(.*?)`/gm);
  expect([...listed].map(([, tag]) => tag).sort()).toEqual([...tags].sort());
});

describe.each(Object.entries(TEXTS))("%s", (tag, language) => {
  const texts = Object.entries(textsOf(language));

  test("has every text, trimmed, and none of a kind that is not in the table", () => {
    expect(texts.map(([name]) => name).sort()).toEqual(Object.keys(english).sort());
    for (const [name, text] of texts) expect(text, name).toMatch(/^\S(.*\S)?$/);
    expect(Object.keys(language.kinds).filter((name) => !Object.hasOwn(KINDS, name))).toEqual([]);
  });

  test("loses and invents no placeholder and no digit", () => {
    for (const [name, text] of texts) expect(placeholders(text), name).toEqual(placeholders(englishOf(name)));
    expect(language.tooLong).toMatch(/4000|۴۰۰۰/);
  });

  test("is about as short as English", () => {
    for (const [name, text] of texts)
      expect(text.length, `${name}: ${text}`).toBeLessThanOrEqual(1.6 * englishOf(name).length + 20);
  });

  test("runs as its script does, under a tag that Intl knows", () => {
    const locale = new Intl.Locale(tag);
    expect(locale.toString()).toBe(tag);
    expect(Intl.NumberFormat.supportedLocalesOf(tag)).toEqual([tag]);
    const script = locale.maximize().script ?? "";
    expect(language.direction).toBe(["Arab", "Hebr"].includes(script) ? "rtl" : "ltr");
  });

  test("says no and yes apart, and says different things of the two ends of each scale", () => {
    for (const name of WORDED) expect(language.kinds[name]?.low).not.toBe(language.kinds[name]?.high);
  });
});

test.each(Object.entries(TEXTS).filter(([, { score }]) => score))(
  "%s words a public score as completely as English",
  (_tag, { score = TEXTS.en.score }) => {
    const { labels: englishLabels, ...englishFixed } = TEXTS.en.score;
    const { labels, ...fixed } = score;
    expect(Object.keys(fixed).sort()).toEqual(Object.keys(englishFixed).sort());
    expect(placeholders(score.range)).toEqual(["{high}", "{low}"]);
    for (const name of WORDED) {
      const { title, bucketLabels = {} } = labels[name] ?? {};
      expect(title, name).toMatch(/\S/);
      expect(Object.keys(bucketLabels).sort()).toEqual(
        Object.keys(englishLabels[name]?.bucketLabels ?? {}).sort(),
      );
    }
  },
);

test("no language is a copy of another", () => {
  const whole = Object.values(TEXTS).map((language) => JSON.stringify(textsOf(language)));
  expect(new Set(whole).size).toBe(whole.length);
});

test.each([
  ["de", "de"],
  ["DE-at", "de"],
  ["de-1996", "de"],
  ["pt", "pt"],
  ["pt-PT", "pt"],
  ["pt-AO", "pt"],
  ["pt-br", "pt-BR"],
  ["pt-Latn-BR", "pt-BR"],
  ["no", "nb"],
  ["no-NO", "nb"],
  ["nn-NO", "nb"],
  ["iw", "he"],
  ["iw-IL", "he"],
  ["in", "id"],
  ["zh", "zh-Hans"],
  ["zh-CN", "zh-Hans"],
  ["zh-SG", "zh-Hans"],
  ["zh-Hans-HK", "zh-Hans"],
  ["cmn", "zh-Hans"],
  ["zh-TW", "zh-Hant"],
  ["zh-HK", "zh-Hant"],
  ["zh-hant-mo", "zh-Hant"],
  ["es-419", "es"],
  ["ca-valencia", "ca"],
  ["tlh", undefined],
  ["", undefined],
  ["*", undefined],
  ["toString", undefined],
  ["de-12-34", undefined],
])("a reader of %j is served in %j", (locale, tag) => {
  expect(closestTag(locale, Object.keys(TEXTS))).toBe(tag);
});

test("a survey's own languages are found the same way, the exact one first, in whatever letters", () => {
  const own = ["zh-cn", "no", "en-US", "de", "de-AT", "nn"];
  const found = ["zh", "zh-TW", "nb-NO", "nn", "en", "en-GB", "de-at", "de-CH"].map((locale) =>
    closestTag(locale, own),
  );
  expect(found).toEqual(["zh-cn", undefined, "no", "nn", "en-US", undefined, "de-AT", "de"]);
});
