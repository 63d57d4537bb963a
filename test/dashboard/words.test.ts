import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import settingsAr from "../../dashboard/settings/words/ar.json" with { type: "json" };
import settingsDe from "../../dashboard/settings/words/de.json" with { type: "json" };
import settingsEn from "../../dashboard/settings/words/en.json" with { type: "json" };
import setupAr from "../../dashboard/setup/words/ar.json" with { type: "json" };
import setupDe from "../../dashboard/setup/words/de.json" with { type: "json" };
import setupEn from "../../dashboard/setup/words/en.json" with { type: "json" };
import signInAr from "../../dashboard/sign-in/words/ar.json" with { type: "json" };
import signInDe from "../../dashboard/sign-in/words/de.json" with { type: "json" };
import signInEn from "../../dashboard/sign-in/words/en.json" with { type: "json" };
import ar from "../../dashboard/words/ar.json" with { type: "json" };
import de from "../../dashboard/words/de.json" with { type: "json" };
import en from "../../dashboard/words/en.json" with { type: "json" };
import { type Language, speak, t } from "../../dashboard/words.tsx";
import { kindsIn } from "../../scripts/build/build-dashboard.ts";
import { acts } from "../../shared/contract/audit.ts";
import { KINDS } from "../../shared/surveys/kinds.ts";

type Sentence = string | Record<string, string>;
type Catalogue = Record<string, Sentence>;
/** By the folder of the page, or of the views, that speak it, and by language. */
const catalogues: Record<string, Record<string, Catalogue>> = {
  dashboard: { en, de, ar },
  "dashboard/settings": { en: settingsEn, de: settingsDe, ar: settingsAr },
  "dashboard/setup": { en: setupEn, de: setupDe, ar: setupAr },
  "dashboard/sign-in": { en: signInEn, de: signInDe, ar: signInAr },
};
/** The folders that bring the words of `dashboard/setup` along. */
const settingUp = /^(setup|gallery|install|snippet)\//;
const all = Object.entries(catalogues).flatMap(([folder, languages]) =>
  Object.entries(languages).map(([tag, catalogue]) => ({
    folder,
    tag,
    catalogue,
    english: languages.en ?? {},
  })),
);

const formsOf = (sentence: Sentence) => (typeof sentence === "string" ? [sentence] : Object.values(sentence));
const holesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").sort();
/** All that is filled into a sentence, whatever its form. */
const holesOf = (sentence: Sentence) => [...new Set(formsOf(sentence).flatMap(holesIn))].sort();

describe.each(all)("$folder in $tag", ({ tag, catalogue, english: inEnglish }) => {
  test("has every sentence of English, in its order, and no other", () => {
    expect(Object.keys(catalogue)).toEqual(Object.keys(inEnglish));
  });

  test("has in each sentence what is filled in, and a form for every number", () => {
    const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.toSorted();
    for (const [key, sentence] of Object.entries(catalogue)) {
      const english: Sentence = inEnglish[key] ?? "";
      expect([key, holesOf(sentence)]).toEqual([key, holesOf(english)]);
      expect([key, typeof sentence]).toEqual([key, typeof english]);
      if (typeof sentence === "string") continue;
      expect([key, Object.keys(sentence).sort()]).toEqual([key, categories]);
      // "one" may say the number in a word; nothing else may be left out.
      const needed = holesOf(sentence).filter((name) => name !== "n" && name !== "changed");
      for (const form of formsOf(sentence)) expect(holesIn(form)).toEqual(expect.arrayContaining(needed));
    }
  });
});

test("everything that is written down in the audit log has a sentence", () => {
  expect(Object.keys(settingsEn).filter((key) => key.startsWith("act."))).toEqual(
    acts.map((act) => `act.${act}`),
  );
});

test.each(Object.keys(catalogues.dashboard ?? {}))("every kind and every bucket has a name in %s", (tag) => {
  const kinds = kindsIn(tag);
  for (const [name, kind] of Object.entries(KINDS)) {
    const buckets = kind.buckets(kind.scales[0], null).map((bucket) => bucket.name);
    expect(Object.keys(kinds[name]?.bucketLabels ?? {})).toEqual(buckets);
  }
});

test("no sentence shouts, and each that is used is there, of the page that uses it alone", () => {
  const sources = readdirSync("dashboard", { recursive: true, encoding: "utf8" }).filter((path) =>
    /\.tsx?$/.test(path),
  );
  const used = sources.flatMap((path) =>
    [...readFileSync(`dashboard/${path}`, "utf8").matchAll(/\b(?:t|say)\(\s*"([^"]+)"/g)].map(
      ([, key = ""]): [path: string, key: string] => [path, key],
    ),
  );
  expect(used.length).toBeGreaterThan(80);
  const spokenIn = (path: string): Catalogue => {
    if (path.startsWith("sign-in")) return signInEn;
    if (path.startsWith("settings")) return { ...en, ...settingsEn };
    return settingUp.test(path) ? { ...en, ...setupEn } : en;
  };
  const missing = used.filter(([path, key]) => !(key in spokenIn(path)));
  expect(missing).toEqual([]);
  const keys = [en, settingsEn, setupEn, signInEn].flatMap((catalogue) => Object.keys(catalogue));
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  const shouted = all
    .flatMap(({ catalogue }) => Object.values(catalogue))
    .flatMap(formsOf)
    .filter((text) => text.includes("!"));
  expect(shouted).toEqual([]);
});

describe("a sentence", () => {
  beforeAll(() => speak({ sentences: ar, kinds: kindsIn("ar") } as Language, "ar"));

  test("takes the form of its number, in a language with six of them", () => {
    const days = [1, 2, 3, 11, 100].map((n) => t("period.days", { n }));
    expect(days).toEqual(["1 يوم", "2 يومان", "3 أيام", "11 يومًا", "100 يوم"]);
  });
});
