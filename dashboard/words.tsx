import type { ComponentChildren, VNode } from "preact";
import type { Labels, Look } from "../shared/surveys/kinds.ts";
import { type Numbers, numbersIn } from "./figures/model/numbers.ts";
import type settings from "./settings/words/en.json";
import type setup from "./setup/words/en.json";
import type signIn from "./sign-in/words/en.json";
import type en from "./words/en.json";

/** A sentence: plain, or in the forms that `Intl.PluralRules` tells apart by `{n}`. */
type Sentence = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;
/**
 * Of the dashboard, of views that bring theirs along (setting up, the settings), or of the page on which one signs in, which
 * speaks its own. No key is in two of them.
 */
export type Key = keyof typeof en | keyof typeof settings | keyof typeof setup | keyof typeof signIn;
type Catalogue = Readonly<Partial<Record<Key, Sentence>>>;

/** What a build makes of a language: its sentences, and what each kind of survey and its buckets are called in it. */
export interface Language {
  sentences: Catalogue;
  kinds: Readonly<Record<string, Labels & { look: Look }>>;
}

/** A text of ours in its place. A string is a name, which has a direction of its own; a number is a count. */
type Value = string | number | VNode;
type Values = Readonly<Record<string, Value>>;

interface Spoken extends Language {
  locale: string;
  plural: Intl.PluralRules;
  numbers: Numbers;
}

let spoken: Spoken;

/** Sets the language of everything that is drawn from now on. `locale` is a reader's own variety of it, such as en-GB. */
export function speak(language: Language, locale: string): void {
  spoken = { ...language, locale, plural: new Intl.PluralRules(locale), numbers: numbersIn(locale) };
}

/** By language. */
type Languages = Readonly<Record<string, () => Promise<{ default: unknown }>>>;

/** The page's language, of those that its build has. Only that one travels. */
async function oneOf(languages: Languages): Promise<Language> {
  const language = await (languages[document.documentElement.lang] ?? languages.en)?.();
  // The build makes a `Language` of each file (scripts/build/build-dashboard.ts).
  return language?.default as Language;
}

/** Speaks the page's language. */
export async function speakOneOf(languages: Languages): Promise<void> {
  const { lang } = document.documentElement;
  const language = await oneOf(languages);
  // The reader's own variety of the language, such as en-GB: it decides how dates are written. Chromium under the C locale
  // says en-US@posix, which Intl throws at.
  const own = navigator.languages.find((tag) => new RegExp(`^${lang}(-[a-z0-9]+)*$`, "i").test(tag));
  speak(language, own ?? lang);
}

/** Adds the sentences of a view, which come with it. */
export async function speakAlso(languages: Languages): Promise<void> {
  const { sentences } = await oneOf(languages);
  spoken = { ...spoken, sentences: { ...spoken.sentences, ...sentences } };
}

export const locale = (): string => spoken.locale;
export const numbers = (): Numbers => spoken.numbers;

function formOf(key: Key, values: Values): string {
  const sentence = spoken.sentences[key] ?? key;
  if (typeof sentence === "string") return sentence;
  const { n } = values;
  const form = typeof n === "number" ? spoken.plural.select(n) : "other";
  return sentence[form] ?? sentence.other ?? key;
}

/** A sentence in pieces: text, and what stands in the place of each `{name}`. */
const piecesOf = (key: Key, values: Values): { text?: string; value?: Value }[] =>
  formOf(key, values)
    .split(/\{(\w+)\}/)
    .map((piece, index) => (index % 2 === 0 ? { text: piece } : { value: values[piece] ?? "" }));

/** Keeps a part of a line from turning what stands around it, where there are no elements: a label, a title. */
const isolated = (text: string, figure: boolean) => `${figure ? "\u2066" : "\u2068"}${text}\u2069`;

/** A sentence as plain text, for labels and titles. Elements have no place in it. */
export function t(key: Key, values: Values = {}): string {
  const turns = typeof document !== "undefined" && document.documentElement.dir === "rtl";
  return piecesOf(key, values)
    .map(({ text, value }) => {
      if (text !== undefined) return text;
      const written = typeof value === "number" ? spoken.numbers.count(value) : String(value);
      return turns ? isolated(written, typeof value === "number") : written;
    })
    .join("");
}

/** A figure, which is read from left to right whatever stands around it. */
export const Figure = ({ children }: { children: ComponentChildren }) => <bdi dir="ltr">{children}</bdi>;

/** How many answers something is of, as formulas write it. */
export const Count = ({ n }: { n: number }) => <Figure>n = {spoken.numbers.count(n)}</Figure>;

/** A sentence as elements: counts are figures, names keep their own direction. */
export function say(key: Key, values: Values = {}): ComponentChildren {
  return piecesOf(key, values).map(({ text, value }) => {
    if (text !== undefined) return text;
    if (typeof value === "number") return <Figure>{spoken.numbers.count(value)}</Figure>;
    return typeof value === "string" ? <bdi>{value}</bdi> : value;
  });
}

/** Whether there is a sentence of this name: reasons and channels may come that have none. */
const isKey = (key: string): key is Key => Object.hasOwn(spoken.sentences, key);

/** What the API calls something, in words, where there are some: `word("reason", "test")`. */
export const word = (
  group: "reason" | "channel" | "interval" | "dimension" | "role",
  name: string,
): string => {
  const key = `${group}.${name}`;
  return isKey(key) ? t(key) : name;
};

/** What there are sentences for in a group: `wordsIn("act")` has `survey.created`. */
export const wordsIn = (group: string): string[] =>
  Object.keys(spoken.sentences).flatMap((key) =>
    key.startsWith(`${group}.`) ? [key.slice(group.length + 1)] : [],
  );

/** A kind by the abbreviation that people know: NPS, CSAT; a longer name as a word. */
export const kindTag = (kind: string): string =>
  kind.length <= 4 ? kind.toUpperCase() : kind.charAt(0).toUpperCase() + kind.slice(1);

/** How respondents see the ratings of a kind. */
export const lookOf = (kind: string | null): Look | undefined => spoken.kinds[kind ?? ""]?.look;

/** What is said of the answers in a bucket: "satisfied". */
export const bucketLabel = (kind: string | null, bucket: string): string =>
  spoken.kinds[kind ?? ""]?.bucketLabels[bucket] ?? bucket;

/** Several names or sentences as one: "a, b and c", with what is between them from Intl. */
export const listed = (items: readonly ComponentChildren[]): ComponentChildren =>
  new Intl.ListFormat(spoken.locale, { type: "conjunction" })
    .formatToParts(items.map((_, index) => String(index)))
    .map(({ type, value }) => (type === "element" ? items[Number(value)] : value));
