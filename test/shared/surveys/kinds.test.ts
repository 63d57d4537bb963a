import { describe, expect, test } from "vitest";
import { bucketEnd, HIGHEST_RATING, KINDS, ratingsOf } from "../../../shared/surveys/kinds.ts";
import { CASES, kindNamed } from "../scores/cases.ts";

describe.each(CASES)("$name", ({ kind, scale, topFrom }) => {
  const buckets = kind.buckets(scale, topFrom);

  test("puts every legal rating into exactly one bucket and no other rating into any", () => {
    const homes = Array.from({ length: HIGHEST_RATING + 20 }, (_, index) => index - 5).map((rating) => ({
      rating,
      buckets: buckets.filter(
        ({ from }, index) => from <= rating && rating <= bucketEnd(buckets, index, scale),
      ).length,
    }));
    expect(homes.filter((home) => home.buckets === 1).map(({ rating }) => rating)).toEqual(ratingsOf(scale));
    expect(homes.filter((home) => home.buckets > 1)).toEqual([]);
  });

  test("names each bucket once and has one that counts for it", () => {
    expect(new Set(buckets.map(({ name }) => name)).size).toBe(buckets.length);
    expect(buckets.at(-1)?.weight).toBe(1);
  });

  test("has a scale that the roll-up has counters for", () => {
    expect(scale.min).toBeGreaterThanOrEqual(0);
    expect(scale.max).toBeLessThanOrEqual(HIGHEST_RATING);
    expect(scale.min).toBeLessThan(scale.max);
  });
});

describe.each(Object.entries(KINDS))("%s", (_name, kind) => {
  test("does not give the same figure twice", () => {
    expect(kind.second).not.toBe(kind.headline);
  });

  test("moves its top bucket exactly where it says that it can", () => {
    const [scale] = kind.scales;
    const moved = ratingsOf(scale).map((from) => kind.buckets(scale, from));
    const own = kind.buckets(scale, null);
    if (kind.topMovable) expect(moved.map((buckets) => buckets.at(-1)?.from)).toEqual(ratingsOf(scale));
    else expect(moved.every((buckets) => JSON.stringify(buckets) === JSON.stringify(own))).toBe(true);
  });

  test("has a label for each of its buckets and no other", () => {
    const names = kind.scales.flatMap((scale) => kind.buckets(scale, null).map(({ name }) => name));
    expect(Object.keys(kind.bucketLabels).sort()).toEqual([...new Set(names)].sort());
  });
});

// Copied from docs/scores.md, not computed: the only place where the table itself is checked.
test.each([
  ["nps", 0, 10, null, "detractor 0-6 (-1), passive 7-8 (0), promoter 9-10 (1)"],
  ["csat", 1, 5, null, "dissatisfied 1-2 (0), neutral 3-3 (0), satisfied 4-5 (1)"],
  ["csat", 1, 7, null, "dissatisfied 1-3 (0), neutral 4-5 (0), satisfied 6-7 (1)"],
  ["csat", 1, 10, null, "dissatisfied 1-5 (0), neutral 6-8 (0), satisfied 9-10 (1)"],
  ["csat", 1, 5, 5, "dissatisfied 1-2 (0), neutral 3-4 (0), satisfied 5-5 (1)"],
  ["csat", 1, 5, 3, "dissatisfied 1-2 (0), neutral 3-2 (0), satisfied 3-5 (1)"],
  ["csat", 1, 5, 2, "dissatisfied 1-1 (0), neutral 2-1 (0), satisfied 2-5 (1)"],
  ["ces", 1, 7, null, "difficult 1-3 (0), neutral 4-4 (0), easy 5-7 (1)"],
  ["ces", 1, 5, null, "difficult 1-2 (0), neutral 3-3 (0), easy 4-5 (1)"],
  ["fcr", 0, 1, null, "unresolved 0-0 (0), resolved 1-1 (1)"],
  ["thumbs", 0, 1, null, "negative 0-0 (0), positive 1-1 (1)"],
])("%s on %i-%i with its top from %s has the published buckets", (name, min, max, topFrom, published) => {
  const scale = { min, max };
  const buckets = kindNamed(name).buckets(scale, topFrom);
  const written = buckets.map(
    ({ name, from, weight }, index) => `${name} ${from}-${bucketEnd(buckets, index, scale)} (${weight})`,
  );
  expect(written.join(", ")).toBe(published);
});

test.each([
  ["nps", ["0-10"], "percentage", "mean"],
  ["csat", ["1-5", "1-7", "1-10"], "percentage", "mean"],
  ["ces", ["1-7", "1-5"], "mean", "percentage"],
  ["fcr", ["0-1"], "percentage", null],
  ["thumbs", ["0-1"], "percentage", null],
])(
  "%s offers the published scales, the default first, and the published figures",
  (name, scales, headline, second) => {
    const kind = kindNamed(name);
    expect(kind.scales.map(({ min, max }) => `${min}-${max}`)).toEqual(scales);
    expect([kind.headline, kind.second]).toEqual([headline, second]);
  },
);
