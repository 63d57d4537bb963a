import type { Survey } from "../../shared/contract/surveys/surveys.ts";

/** Ends of a scale that are answered by a word. Zendesk: https://developer.zendesk.com (satisfaction ratings, score). */
const ends: Record<string, "min" | "max"> = { good: "max", bad: "min" };

/** The kinds whose scale runs from bad to good. */
const judging: ReadonlySet<string> = new Set(["thumbs", "csat"]);

/** The rating that a word stands for in this survey; null: none. */
export function ratingOfWord(word: string, { kind, scale }: Survey): number | null {
  const end = ends[word.toLowerCase()];
  return end && judging.has(kind) ? scale[end] : null;
}

/** What stands where a rating would, and says that somebody was asked or not, and did not answer. Zendesk's too. */
const unanswered: ReadonlySet<string> = new Set(["offered", "unoffered", "not offered", "not_offered"]);
export const isUnanswered = (text: string): boolean => unanswered.has(text.toLowerCase());

/** `10 - Extremely likely`, `10 (extremely likely)`, `Extremely likely: 10`; null: no one number with words beside it. */
export function ratingBesideWords(text: string): number | null {
  const [, before, after] =
    /^(\d{1,2})\s*[-–—:(=\s]\s*\p{L}[^\d]*$/u.exec(text) ??
    /^()\p{L}[^\d]*[-–—:(=\s]\s*(\d{1,2})\)?$/u.exec(text) ??
    [];
  const number = before || after;
  return number ? Number(number) : null;
}
