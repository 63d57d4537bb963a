import type { Scores } from "../../../shared/contract/scores.ts";

/** What the API answers, under the names that figures use. Nothing here is computed a second time. */

/** One group of `/v1/scores`. */
export type Group = Scores["data"][number];
/** A step of a series. */
export type Step = NonNullable<Group["series"]>[number];
export type Interval = NonNullable<Group["interval"]>;
export type Unit = NonNullable<Group["unit"]>;
export type Change = NonNullable<Group["compare"]>["change"];
export type Bucket = Group["buckets"][number];
export type Ledger = Group["ledger"];

/** Fewer counted answers than this say little: the API's own threshold (`small_sample`). */
export const enough = 30;
