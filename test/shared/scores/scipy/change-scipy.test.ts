import { describe, expect, test } from "vitest";
import { changeOf } from "../../../../shared/scores/change.ts";
import { scoreOf } from "../../../../shared/scores/score.ts";
import { normalTails, studentT975, studentTails } from "../../../../shared/scores/tails.ts";
import type { Scale } from "../../../../shared/surveys/kinds.ts";
import { counters, expectSameInterval, kindNamed } from "../cases.ts";
// Made by change-scipy.py beside it.
import scipy from "./change-scipy.json" with { type: "json" };

/** `ratings` are those that the counts of the JSON belong to. */
const scoreFrom = (kind: string, scale: Scale, ratings: number[]) => (counts: number[]) => {
  const distribution = counters(
    Object.fromEntries(counts.map((count, index) => [ratings[index] ?? 0, count])),
  );
  return scoreOf(kindNamed(kind), scale, null, distribution);
};

const cases = [
  { unit: "points", most: 200, of: scoreFrom("nps", { min: 0, max: 10 }, [6, 7, 9]) },
  { unit: "percent", most: 100, of: scoreFrom("fcr", { min: 0, max: 1 }, [0, 1]) },
  { unit: "rating", most: 6, of: scoreFrom("ces", { min: 1, max: 7 }, [0, 1, 2, 3, 4, 5, 6, 7]) },
] as const;

describe.each(cases)("a change in $unit is scipy's", ({ unit, most, of }) => {
  test.each(scipy[unit])("from $before to $current", ({ current, before, difference, interval, p }) => {
    const change = changeOf(of(current), of(before));
    expect(change?.difference).toBeCloseTo(difference, 10);
    const { low, high } = interval;
    expectSameInterval(change?.interval, { low: Math.max(-most, low), high: Math.min(most, high) });
    expect(Math.abs((change?.p ?? Number.NaN) / p - 1)).toBeLessThanOrEqual(1e-10);
  });
});

test.each(scipy.tails)("beyond $z standard errors lies what mpmath says, to 1e-12 of it", ({ z, p }) => {
  expect(Math.abs(normalTails(z) / p - 1)).toBeLessThanOrEqual(1e-12);
  expect(normalTails(-z)).toBe(normalTails(z));
});

test.each(scipy.student)(
  "Student's tails beyond $t with $df degrees of freedom are mpmath's, to 1e-11 of them",
  ({ t, df, p }) => {
    expect(Math.abs(studentTails(t, df) / p - 1)).toBeLessThanOrEqual(1e-11);
  },
);

test.each(scipy.quantiles)("the t quantile for $df degrees of freedom is mpmath's", ({ df, t975 }) => {
  expect(Math.abs(studentT975(df) / t975 - 1)).toBeLessThanOrEqual(2e-12);
});
