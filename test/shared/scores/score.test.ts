import { describe, expect, test } from "vitest";
import { scoreOf, shareOf } from "../../../shared/scores/score.ts";
import { CASES, counted, counters, kindNamed, MOOD } from "./cases.ts";

const nps = (counts: Record<number, number>) =>
  scoreOf(kindNamed("nps"), { min: 0, max: 10 }, null, counters(counts));
const csat = (counts: Record<number, number>, topFrom: number | null = null) =>
  scoreOf(kindNamed("csat"), { min: 1, max: 5 }, topFrom, counters(counts));
const ces = (...answers: number[]) => scoreOf(kindNamed("ces"), { min: 1, max: 7 }, null, counted(answers));
const fcr = (counts: Record<number, number>) =>
  scoreOf(kindNamed("fcr"), { min: 0, max: 1 }, null, counters(counts));

describe("the published examples", () => {
  test("40 promoters, 40 passives and 20 detractors are an NPS of 20 points", () => {
    const score = nps({ 10: 30, 9: 10, 8: 15, 7: 25, 6: 5, 3: 5, 0: 10 });
    expect(score).toMatchObject({ unit: "points", score: 20, n: 100, smallSample: false });
    expect(score.buckets).toEqual([
      { name: "detractor", from: 0, to: 6, count: 20, share: 20 },
      { name: "passive", from: 7, to: 8, count: 40, share: 40 },
      { name: "promoter", from: 9, to: 10, count: 40, share: 40 },
    ]);
    expect(score.percentage).toEqual({ value: score.score, interval: score.interval });
    expect(score.mean?.value).toBeCloseTo(7.3, 12);
  });

  test("one answer of 6 is an NPS of -100 in a wide interval, from a small sample", () => {
    const { score, interval, smallSample } = nps({ 6: 1 });
    expect(score).toBe(-100);
    expect((interval?.high ?? 0) - (interval?.low ?? 0)).toBeGreaterThan(60);
    expect(smallSample).toBe(true);
  });

  test("80 of 100 rated 4 or 5 are a CSAT of 80 %, between 71.1 and 86.7", () => {
    const { unit, score, interval } = csat({ 5: 50, 4: 30, 3: 10, 2: 4, 1: 6 });
    expect({ unit, score }).toEqual({ unit: "percent", score: 80 });
    expect(interval?.low).toBeCloseTo(71.1, 1);
    expect(interval?.high).toBeCloseTo(86.7, 1);
  });

  test("7, 7, 6, 5, 4 and 2 are a CES of 5.1667, with 66.67 % easy", () => {
    const score = ces(7, 7, 6, 5, 4, 2);
    expect(score.unit).toBe("rating");
    expect(score.score).toBeCloseTo(31 / 6, 14);
    expect(score.mean).toEqual({ value: score.score, interval: score.interval });
    expect(score.percentage?.value).toBeCloseTo(200 / 3, 12);
  });

  test("a CES above 4 of 7 is the low-effort side of the scale", () => {
    expect([5, 6, 7].map((answer) => ces(answer).percentage?.value)).toEqual([100, 100, 100]);
    expect([1, 2, 3, 4].map((answer) => ces(answer).percentage?.value)).toEqual([0, 0, 0, 0]);
    expect(ces(5, 6).buckets.find(({ count }) => count > 0)?.name).toBe("easy");
  });
});

describe.each(CASES)("$name without responses", ({ kind, scale, topFrom }) => {
  test("is null in every number that needs one, and counts 0", () => {
    const { unit, distribution, buckets, ...rest } = scoreOf(kind, scale, topFrom, counters({}));
    expect(rest).toEqual({
      score: null,
      n: 0,
      interval: null,
      smallSample: true,
      mean: null,
      percentage: null,
      liked: 0,
      disliked: 0,
      mixedScales: false,
    });
    expect(distribution.map(({ count }) => count)).toEqual(distribution.map(() => 0));
    expect(buckets.map(({ count, share }) => [count, share])).toEqual(buckets.map(() => [0, null]));
    expect(["points", "percent", "rating"]).toContain(unit);
  });
});

test("the distribution lists every legal rating once, lowest first, answered or not", () => {
  expect(csat({ 2: 3, 5: 1 }).distribution).toEqual([
    { rating: 1, count: 0 },
    { rating: 2, count: 3 },
    { rating: 3, count: 0 },
    { rating: 4, count: 0 },
    { rating: 5, count: 1 },
  ]);
});

test("a sample is small up to 29 responses", () => {
  expect([29, 30].map((n) => fcr({ 1: n }).smallSample)).toEqual([true, false]);
});

test("a survey's own start of the top bucket changes the percentage and leaves the mean", () => {
  const counts = { 3: 1, 4: 1, 5: 2 };
  expect([null, 5, 4, 3].map((topFrom) => csat(counts, topFrom).score)).toEqual([75, 50, 75, 100]);
  expect([null, 5, 4, 3].map((topFrom) => csat(counts, topFrom).mean?.value)).toEqual([
    4.25, 4.25, 4.25, 4.25,
  ]);
});

test("a kind without a second figure has only its headline", () => {
  const score = fcr({ 0: 25, 1: 75 });
  expect(score).toMatchObject({ unit: "percent", score: 75, mean: null });
  expect(score.percentage?.value).toBe(75);
});

test("one response has a mean without an interval", () => {
  expect(ces(5)).toMatchObject({ score: 5, interval: null, mean: { value: 5, interval: null } });
});

test("responses that all agree have a mean with an interval of no width", () => {
  expect(ces(6, 6, 6).interval).toEqual({ low: 6, high: 6 });
});

test("a new kind is scored from its table entry alone", () => {
  const score = scoreOf(MOOD, { min: 2, max: 9 }, null, counted([2, 3, 3, 4, 6, 9, 9, 9, 9, 9]));
  expect(score).toMatchObject({ unit: "rating", score: 6.3, n: 10 });
  expect(score.percentage?.value).toBe(30);
  expect(score.buckets.map(({ name, share }) => [name, share])).toEqual([
    ["gloomy", 30],
    ["grey", 10],
    ["bright", 10],
    ["cheerful", 50],
  ]);
});

describe("a share", () => {
  test("of 100 that 80 are is 80 %, with the interval of a percentage", () => {
    expect(shareOf(80, 100)).toEqual(fcr({ 0: 20, 1: 80 }).percentage);
  });

  test("of nothing is null, and so is more than all of it", () => {
    expect([shareOf(0, 0), shareOf(3, 0), shareOf(3, 2)]).toEqual([null, null, null]);
    expect([shareOf(0, 2)?.value, shareOf(2, 2)?.value]).toEqual([0, 100]);
  });
});

describe("what cannot be right is refused", () => {
  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("a count of %d", (count) => {
    expect(() => csat({ 3: count })).toThrow(RangeError);
  });

  test.each([0, 6, 10])("a response with the rating %d on a scale of 1 to 5", (rating) => {
    expect(() => csat({ 3: 5, [rating]: 1 })).toThrow(RangeError);
  });

  test.each([0, 5, 10, 12])("a distribution of %d counters", (length) => {
    const distribution = new Array<number>(length).fill(0);
    expect(() => scoreOf(kindNamed("csat"), { min: 1, max: 5 }, null, distribution)).toThrow(RangeError);
  });

  test.each([
    { min: -1, max: 5 },
    { min: 1, max: 11 },
  ])("a scale of $min to $max, which has no counters", (scale) => {
    expect(() => scoreOf(kindNamed("csat"), scale, null, counters({ 3: 1 }))).toThrow(RangeError);
  });

  test.each([-1, 0, 2.5, 6, Number.NaN])("a top bucket from %d on a scale of 1 to 5", (topFrom) => {
    expect(() => csat({ 3: 1 }, topFrom)).toThrow(RangeError);
  });

  test("a kind whose buckets are not written lowest first", () => {
    const [gloomy, grey, bright, cheerful] = MOOD.buckets({ min: 2, max: 9 }, null);
    if (!grey || !bright || !cheerful) throw new Error("the made-up kind has four buckets");
    const muddled = { ...MOOD, buckets: () => [gloomy, bright, grey, cheerful] as const };
    expect(() => scoreOf(muddled, { min: 2, max: 9 }, null, counters({ 3: 1 }))).toThrow(RangeError);
  });

  test("a kind whose buckets do not begin where its scale does", () => {
    expect(() => scoreOf(MOOD, { min: 1, max: 9 }, null, counters({ 3: 1 }))).toThrow(RangeError);
  });
});
