import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDistributions, mixedScoreOf } from "../../../shared/scores/mixed-score.ts";
import { scoreOf } from "../../../shared/scores/score.ts";
import { KINDS } from "../../../shared/surveys/kinds.ts";
import { anyScored, CASES, counted, counters, kindNamed } from "./cases.ts";

const seeded = { seed: 20260805, numRuns: 3_000 };
const csat = kindNamed("csat");
const outOfFive = { scale: { min: 1, max: 5 }, topFrom: null, distribution: counted([1, 3, 4, 5, 5]) };
const outOfTen = { scale: { min: 1, max: 10 }, topFrom: null, distribution: counted([2, 7, 10]) };

/** Surveys of one kind, each with its own scale and top bucket, and with random responses. */
const anySurveys = fc.constantFrom(...new Set(CASES.map(({ kind }) => kind))).chain((kind) => {
  const survey = fc
    .constantFrom(...CASES.filter((scored) => scored.kind === kind))
    .chain(({ scale, topFrom }) =>
      fc
        .array(fc.integer(scale), { maxLength: 30 })
        .map((answers) => ({ scale, topFrom, distribution: counted(answers) })),
    );
  return fc.record({ kind: fc.constant(kind), surveys: fc.array(survey, { minLength: 1, maxLength: 4 }) });
});

test("surveys that divide the same scale alike have the score of their sum, whatever the kind", () => {
  fc.assert(
    fc.property(anyScored, fc.integer({ min: 1, max: 4 }), ({ kind, distribution, ...survey }, parts) => {
      // Rounded so that the parts' counters add up to the whole.
      const surveys = Array.from({ length: parts }, (_, part) => ({
        ...survey,
        distribution: distribution.map((count) => Math.floor((count + part) / parts)),
      }));
      const whole = scoreOf(kind, survey.scale, survey.topFrom, distribution);
      expect(mixedScoreOf(kind, surveys)).toEqual(whole);
    }),
    seeded,
  );
});

test("any surveys of a kind have the buckets of each added up, or no score where a mean would be mixed", () => {
  const seen = { mixed: 0, alike: 0, none: 0 };
  fc.assert(
    fc.property(anySurveys, ({ kind, surveys }) => {
      const mixed = mixedScoreOf(kind, surveys);
      if (!mixed) {
        expect(kind.headline).toBe("mean");
        seen.none++;
        return;
      }
      seen[mixed.mixedScales ? "mixed" : "alike"]++;
      const each = surveys.map(({ scale, topFrom, distribution }) =>
        scoreOf(kind, scale, topFrom, distribution),
      );
      const added = (name: string) =>
        each
          .flatMap(({ buckets }) => buckets)
          .reduce((sum, bucket) => sum + (bucket.name === name ? bucket.count : 0), 0);
      expect(mixed.buckets.map(({ name, count }) => [name, count])).toEqual(
        mixed.buckets.map(({ name }) => [name, added(name)]),
      );
      expect(mixed.n).toBe(each.reduce((sum, { n }) => sum + n, 0));
      expect(mixed.unit).toBe(each[0]?.unit);
    }),
    seeded,
  );
  expect(Math.min(seen.mixed, seen.alike, seen.none)).toBeGreaterThan(100);
});

test("a mixed percentage has the figures of a survey with these buckets, but neither mean nor ratings", () => {
  // 3 of 5 and 1 of 3 are satisfied: the same as 4 of 8.
  const alike = scoreOf(csat, outOfFive.scale, null, counters({ 1: 2, 3: 2, 5: 4 }));
  expect(mixedScoreOf(csat, [outOfFive, outOfTen])).toEqual({
    ...alike,
    mixedScales: true,
    mean: null,
    distribution: [],
    buckets: alike.buckets.map((bucket) => ({ ...bucket, from: null, to: null })),
  });
});

test("another start of the top bucket is another scale, unless it is the kind's own", () => {
  const from = (topFrom: number) => mixedScoreOf(csat, [outOfFive, { ...outOfFive, topFrom }]);
  expect([3, 4, 5].map((topFrom) => from(topFrom)?.mixedScales)).toEqual([true, false, true]);
  expect([3, 4, 5].map((topFrom) => from(topFrom)?.score)).toEqual([70, 60, 50]);
});

test("surveys without responses have a mixed score of null", () => {
  const empty = [outOfFive, outOfTen].map((survey) => ({ ...survey, distribution: counters({}) }));
  const mixed = mixedScoreOf(csat, empty);
  expect(mixed).toMatchObject({ n: 0, score: null, interval: null, percentage: null, smallSample: true });
  expect(mixed?.buckets.map(({ share }) => share)).toEqual([null, null, null]);
});

test("no survey has no score", () => {
  expect(mixedScoreOf(csat, [])).toBeNull();
});

test("a survey whose counts cannot be right is refused among others too", () => {
  expect(() => mixedScoreOf(csat, [outOfTen, { ...outOfTen, scale: outOfFive.scale }])).toThrow(RangeError);
});

describe("distributions", () => {
  test("are added up rating by rating", () => {
    expect(addDistributions([counted([1, 1, 10]), counted([0, 1]), counters({})])).toEqual(
      counted([0, 1, 1, 1, 10]),
    );
  });

  test("of nothing have 11 counters of 0", () => {
    expect(addDistributions([])).toEqual(counters({}));
  });
});

test.each(Object.entries(KINDS))(
  "%s has the same buckets with the same weights on each of its scales",
  (_name, kind) => {
    const bucketsOf = (scale: (typeof kind.scales)[0]) =>
      kind.buckets(scale, null).map(({ name, weight }) => ({ name, weight }));
    for (const scale of kind.scales) expect(bucketsOf(scale)).toEqual(bucketsOf(kind.scales[0]));
  },
);
