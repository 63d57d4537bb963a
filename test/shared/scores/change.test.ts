import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changeOf } from "../../../shared/scores/change.ts";
import { type Score, scoreOf } from "../../../shared/scores/score.ts";
import { normalTails, studentTails } from "../../../shared/scores/tails.ts";
import { ratingsOf } from "../../../shared/surveys/kinds.ts";
import { CASES, counted, counters, kindNamed } from "./cases.ts";

const nps = (...answers: number[]) => scoreOf(kindNamed("nps"), { min: 0, max: 10 }, null, counted(answers));
const ces = (...answers: number[]) => scoreOf(kindNamed("ces"), { min: 1, max: 7 }, null, counted(answers));
const fcr = (no: number, yes: number) =>
  scoreOf(kindNamed("fcr"), { min: 0, max: 1 }, null, counters({ 0: no, 1: yes }));

/** Two scores of the same case: empty, a handful, or thousands. */
const anyPair = fc
  .tuple(fc.constantFrom(...CASES), fc.constantFrom(1, 3, 20, 1000), fc.constantFrom(1, 3, 20, 1000))
  .chain(([{ kind, scale, topFrom }, ...most]) => {
    const [current, before] = most.map((most) => {
      const counts = fc.array(fc.integer({ min: 0, max: most }), { minLength: 11, maxLength: 11 });
      return counts.map((counts) =>
        scoreOf(
          kind,
          scale,
          topFrom,
          counters(Object.fromEntries(ratingsOf(scale).map((rating) => [rating, counts[rating] ?? 0]))),
        ),
      );
    });
    if (!current || !before) throw new Error("two scores make a pair");
    return fc.record({ current, before });
  });
const greatest = ({ unit, distribution }: Score) =>
  unit === "points" ? 200 : unit === "percent" ? 100 : distribution.length - 1;
const seeded = { seed: 20260804, numRuns: 5_000 };

test("a change is significant exactly when its interval leaves out 0, and no interval leaves what is possible", () => {
  const seen = { significant: 0, not: 0, none: 0 };
  fc.assert(
    fc.property(anyPair, ({ current, before }) => {
      const change = changeOf(current, before);
      if (!change) {
        seen.none++;
        return;
      }
      const { difference, interval, p, significant, smallSample } = change;
      seen[significant ? "significant" : "not"]++;
      expect(difference).toBe((current.score ?? Number.NaN) - (before.score ?? Number.NaN));
      expect(interval.low).toBeGreaterThanOrEqual(-greatest(current));
      expect(interval.high).toBeLessThanOrEqual(greatest(current));
      expect(significant).toBe(interval.low > 0 || interval.high < 0);
      expect(significant).toBe(p < 0.05);
      expect(p).toBeGreaterThanOrEqual(0);
      expect(p).toBeLessThanOrEqual(1);
      expect(smallSample).toBe(Math.min(current.n, before.n) < 30);
    }),
    seeded,
  );
  expect(Math.min(seen.significant, seen.not, seen.none)).toBeGreaterThan(50);
});

test("the change back is the same change with its sign reversed", () => {
  fc.assert(
    fc.property(anyPair, ({ current, before }) => {
      const there = changeOf(current, before);
      const back = changeOf(before, current);
      if (!there) {
        expect(back).toBeNull();
        return;
      }
      expect(back).toEqual({
        ...there,
        difference: 0 - there.difference,
        interval: { low: -there.interval.high, high: -there.interval.low },
      });
    }),
    seeded,
  );
});

test("points and percentages change wherever both periods have a response, and means where ratings differ", () => {
  fc.assert(
    fc.property(anyPair, ({ current, before }) => {
      const spread = [current, before].some(
        ({ distribution }) => distribution.filter(({ count }) => count > 0).length > 1,
      );
      const judged =
        current.unit === "rating"
          ? Math.min(current.n, before.n) >= 2 && spread
          : Math.min(current.n, before.n) >= 1;
      expect(changeOf(current, before) !== null).toBe(judged);
    }),
    seeded,
  );
});

describe("few answers", () => {
  test.each([1, 2])("%d of each never make a significant change, whatever they are", (n) => {
    const lists =
      n === 1 ? [[0], [7], [10]] : [0, 7, 10].flatMap((one) => [0, 7, 10].map((other) => [one, other]));
    const changes = lists.flatMap((now) => lists.map((then) => changeOf(nps(...now), nps(...then))));
    expect(changes.filter((change) => !change || change.significant || !change.smallSample)).toEqual([]);
    expect(changeOf(fcr(0, n), fcr(n, 0))).toMatchObject({ difference: 100, significant: false });
  });

  test("the sign of a significant change is that of the difference, except after one answer", () => {
    // One promoter after a thousand: the three responses that the interval adds outweigh the one.
    const wrong = ([now, then]: Score[]) => {
      const change = now && then && changeOf(now, then);
      return (
        change?.significant &&
        Math.sign(change.interval.low + change.interval.high) !== Math.sign(change.difference)
      );
    };
    const unanimous = [1, 2, 3, 10, 1000].map((n) => nps(...new Array<number>(n).fill(10)));
    const pairs = unanimous.flatMap((now) => unanimous.map((then) => [now, then]));
    expect(pairs.filter(wrong).map((pair) => pair.map(({ n }) => n))).toEqual([
      [1, 1000],
      [1000, 1],
    ]);
  });
});

test("the same score twice is no change, and p is 1", () => {
  expect(changeOf(fcr(3, 7), fcr(3, 7))).toMatchObject({ difference: 0, p: 1, significant: false });
});

test("80 % of 1,000 after 70 % of 1,000 is a significant change of 10 percent", () => {
  const change = changeOf(fcr(200, 800), fcr(300, 700));
  expect(change).toMatchObject({ difference: 10, significant: true, smallSample: false });
});

describe("there is no change", () => {
  test("from or to a period without responses", () => {
    expect([changeOf(nps(), nps(9)), changeOf(nps(9), nps()), changeOf(nps(), nps())]).toEqual([
      null,
      null,
      null,
    ]);
  });

  test("between units", () => {
    expect(changeOf(nps(9, 9, 8), fcr(1, 2))).toBeNull();
  });

  test("between means on different scales", () => {
    const five = scoreOf(kindNamed("ces"), { min: 1, max: 5 }, null, counted([3, 4, 5]));
    expect(changeOf(ces(3, 4, 5), five)).toBeNull();
    expect(changeOf(five, five)?.difference).toBe(0);
  });

  test("of a mean of one response", () => {
    expect([changeOf(ces(6), ces(4, 5)), changeOf(ces(4, 5), ces(6))]).toEqual([null, null]);
  });

  test("between means of responses that all agree, which show no spread to judge it by", () => {
    expect([changeOf(ces(6, 6), ces(5, 5)), changeOf(ces(6, 6), ces(6, 6))]).toEqual([null, null]);
    expect(changeOf(ces(6, 6), ces(5, 6))?.difference).toBe(0.5);
  });
});

test("the normal distribution's tails fall steadily from 1 to 0, also where the method changes", () => {
  const tails = Array.from({ length: 3701 }, (_, index) => normalTails(index / 100));
  expect(tails[0]).toBe(1);
  expect(tails.every((tail, index) => index === 0 || tail < (tails[index - 1] ?? 0))).toBe(true);
  expect(normalTails(Number.POSITIVE_INFINITY)).toBe(0);
  expect(normalTails(1.959963984540054)).toBeCloseTo(0.05, 15);
});

test.each([1, 1.5, 2, 30, 199.5, 99_999, 100_001])(
  "Student's tails of %d degrees of freedom fall steadily from 1, also where the method changes, to above the normal one's",
  (df) => {
    const tails = Array.from({ length: 2001 }, (_, index) => studentTails(index / 100, df));
    expect(tails[0]).toBe(1);
    expect(tails.every((tail, index) => index === 0 || tail < (tails[index - 1] ?? 0))).toBe(true);
    expect(tails.slice(1).every((tail, index) => tail > normalTails((index + 1) / 100))).toBe(true);
    expect(studentTails(-2, df)).toBe(studentTails(2, df));
  },
);

test("with infinitely many degrees of freedom Student's tails are the normal distribution's", () => {
  for (const t of [0, 0.5, 2, 9]) expect(studentTails(t, Number.POSITIVE_INFINITY)).toBe(normalTails(t));
});
