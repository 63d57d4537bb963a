import { expect, test } from "vitest";
import { scoreOf } from "../../../../shared/scores/score.ts";
import { studentT975 } from "../../../../shared/scores/tails.ts";
import { counters, expectSameInterval, kindNamed } from "../cases.ts";
// Made by score-scipy.py beside it.
import scipy from "./score-scipy.json" with { type: "json" };

test.each(scipy.shares)("Wilson's interval of $hits in $n is scipy's to 1e-9", ({ hits, n, interval }) => {
  const score = scoreOf(kindNamed("thumbs"), { min: 0, max: 1 }, null, counters({ 0: n - hits, 1: hits }));
  expectSameInterval(score.interval, interval);
});

test.each(scipy.means)("the mean's interval of $distribution is scipy's to 1e-9", (sample) => {
  const score = scoreOf(kindNamed("ces"), { min: 1, max: 7 }, null, sample.distribution);
  const { low, high } = sample.interval;
  expectSameInterval(score.interval, { low: Math.max(1, low), high: Math.min(7, high) });
});

test.each(scipy.quantiles)("the t quantile for $df degrees of freedom is mpmath's", ({ df, t975 }) => {
  expect(Math.abs(studentT975(df) / t975 - 1)).toBeLessThanOrEqual(2e-12);
});
