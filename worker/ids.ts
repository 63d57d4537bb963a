import { monotonicFactory } from "ulid";

const nextUlid = monotonicFactory();

/** A new public id such as `srv_01k…`; ids of one prefix sort by time of creation. */
export const newId = (prefix: "wsp" | "srv" | "tp" | "key" | "tpl" | "cmp"): string =>
  `${prefix}_${nextUlid().toLowerCase()}`;
