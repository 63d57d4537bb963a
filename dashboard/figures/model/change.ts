import { type Change, enough } from "./answers.ts";

/**
 * What a change comes to: `up` and `down` are more than chance, `chance` may be nothing, `few` are too few answers to judge,
 * `few-before` were too few in what it is compared with, and `none` has nothing to be compared with.
 */
export type Verdict =
  | { is: "up" | "down" | "chance" | "few-before"; by: number; low: number; high: number }
  | { is: "few"; missing: number }
  | { is: "none" };

/** Judged by the API's `significant` and `small_sample`; `n` says only on which side answers are missing. */
export function verdictOf(change: Change, n: number): Verdict {
  if (n < enough) return { is: "few", missing: enough - n };
  if (!change) return { is: "none" };
  const { difference: by, interval, significant, small_sample } = change;
  const found = { by, low: interval.low, high: interval.high };
  if (small_sample) return { is: "few-before", ...found };
  if (!significant) return { is: "chance", ...found };
  return { is: by > 0 ? "up" : "down", ...found };
}
