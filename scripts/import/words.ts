import type { Survey } from "../../shared/contract/surveys/surveys.ts";

/** Words for the ends of a scale. Zendesk: https://developer.zendesk.com (satisfaction ratings, score). */
const ends: Record<string, "min" | "max"> = { good: "max", bad: "min" };

/** The kinds whose scale runs from bad to good. */
const judging: ReadonlySet<string> = new Set(["thumbs", "csat"]);

/** The rating that a word means in this survey; null: none. */
export function ratingOfWord(word: string, { kind, scale }: Survey): number | null {
  const end = ends[word.toLowerCase()];
  return end && judging.has(kind) ? scale[end] : null;
}

/** Values in place of a rating that say whether somebody was asked, but not answered. Zendesk writes them too. */
const unanswered: ReadonlySet<string> = new Set(["offered", "unoffered", "not offered", "not_offered"]);
export const isUnanswered = (text: string): boolean => unanswered.has(text.toLowerCase());

/** `10 - Extremely likely`, `10 (extremely likely)`, `Extremely likely: 10`; null: not exactly one number beside words. */
export function ratingBesideWords(text: string): number | null {
  const [, before, after] =
    /^(\d{1,2})\s*[-–—:(=\s]\s*\p{L}[^\d]*$/u.exec(text) ??
    /^()\p{L}[^\d]*[-–—:(=\s]\s*(\d{1,2})\)?$/u.exec(text) ??
    [];
  const number = before || after;
  return number ? Number(number) : null;
}
