import type { Unit } from "./answers.ts";

/** Numbers as a language writes them. Latin digits throughout: the figures of a chart are read beside code and files. */
export interface Numbers {
  /** A score in its unit: whole points and percents, means with two decimals. Exact: one decimal more. */
  score: (value: number, unit: Unit, exact?: boolean) => string;
  /** A difference of scores, with its sign. */
  difference: (value: number, unit: Unit) => string;
  /** How far a score moved, without a sign: the sentence around it says whereto. */
  distance: (value: number, unit: Unit) => string;
  count: (value: number) => string;
  /** A share in percent, with one decimal. */
  share: (value: number) => string;
}

/** A true minus, and no marks of direction: `<bdi>` sees to that. */
const tidy = (text: string) => text.replace(/[\u200e\u200f\u061c]/g, "").replaceAll("-", "−");

export function numbersIn(locale: string): Numbers {
  const formats = new Map<string, Intl.NumberFormat>();
  const write = (value: number, digits: number, signed: boolean) => {
    const key = `${digits}${signed}`;
    const known = formats.get(key);
    const format =
      known ??
      new Intl.NumberFormat(locale, {
        numberingSystem: "latn",
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        // Neither "+0" nor "-0": what rounds to nothing has no direction.
        signDisplay: signed ? "exceptZero" : "negative",
      });
    formats.set(key, format);
    return tidy(format.format(value));
  };
  const digitsOf = (unit: Unit) => (unit === "rating" ? 2 : 0);
  return {
    score: (value, unit, exact = false) =>
      write(value, unit === "rating" ? 2 : exact ? 1 : 0, unit === "points"),
    difference: (value, unit) => write(value, digitsOf(unit), true),
    distance: (value, unit) => write(Math.abs(value), digitsOf(unit), false),
    count: (value) => write(value, 0, false),
    share: (value) => write(value, 1, false),
  };
}
