import { page } from "../page.ts";
import { question, type Shown, type Usual } from "../shown/address.ts";

export const usual: Usual = { period: "30d", interval: "day" };

/** The days that a small line looks back over: those of the period, where it is one of days. */
const rolling = ({ period }: Shown) => (period === "7d" || period === "90d" ? period : "30d");

/** Of more touchpoints than the page carries, those that are answered most. */
const mostCells = 24;

/** Which scores home shows. `apart`: each survey by itself, where some have no common score. */
export const scoresOf = (
  shown: Shown,
  apart: boolean,
  path = "/v1/scores",
  own: Readonly<Record<string, string>> = {},
): string =>
  question(path, shown, {
    group_by: apart ? "touchpoint,survey" : "touchpoint",
    ...(page.touchpoints === null && { limit: String(mostCells) }),
    ...own,
  });

/** The same with their lines, as a stream. */
export const streamOf = (shown: Shown, apart: boolean): string =>
  scoresOf(shown, apart, "/v1/scores/stream", {
    interval: "day",
    rolling: rolling(shown),
    series: "headline",
  });
