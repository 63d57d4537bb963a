import fc from "fast-check";
import { expect, test } from "vitest";
import { axisFor, placeOn, wholeScale } from "../../dashboard/figures/model/scale.ts";

const scales = [
  { min: 0, max: 100 },
  { min: -100, max: 100 },
  { min: 1, max: 5 },
  { min: 1, max: 7 },
  { min: 1, max: 10 },
  { min: 0, max: 10 },
];
const anyBand = fc
  .constantFrom(...scales)
  .chain((scale) =>
    fc
      .tuple(
        fc.double({ min: scale.min, max: scale.max, noNaN: true }),
        fc.double({ min: scale.min, max: scale.max, noNaN: true }),
      )
      .map(([one, other]) => ({ scale, low: Math.min(one, other), high: Math.max(one, other) })),
  );

test("an axis holds its band and three tenths of the scale, ends on the scale, and has four to six lines", () => {
  fc.assert(
    fc.property(anyBand, ({ scale, low, high }) => {
      const { min, max, ticks } = axisFor(scale, low, high);
      expect(ticks.length).toBeGreaterThanOrEqual(4);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect([ticks[0], ticks.at(-1)]).toEqual([min, max]);
      expect(ticks).toEqual(ticks.toSorted((one, other) => one - other));
      expect(new Set(ticks).size).toBe(ticks.length);
      const slack = (scale.max - scale.min) * 1e-9;
      expect(min).toBeGreaterThanOrEqual(scale.min);
      expect(max).toBeLessThanOrEqual(scale.max);
      expect(min - slack).toBeLessThanOrEqual(low);
      expect(max + slack).toBeGreaterThanOrEqual(high);
      expect(max - min + slack).toBeGreaterThanOrEqual(0.3 * (scale.max - scale.min));
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  [{ min: 0, max: 100 }, 52.5, 96.3, [50, 60, 70, 80, 90, 100]],
  [{ min: 0, max: 100 }, 78, 90, [60, 70, 80, 90, 100]],
  [{ min: 1, max: 7 }, 1, 7, [1, 3, 5, 7]],
  [{ min: 1, max: 5 }, 1, 5, [1, 2, 3, 4, 5]],
  [{ min: -100, max: 100 }, -100, 100, [-100, -50, 0, 50, 100]],
])("on a scale of %j from %d to %d the lines are round", (scale, low, high, expected) => {
  expect(axisFor(scale, low, high).ticks).toEqual(expected);
});

test("places are percents of the scale, and nothing leaves it", () => {
  expect(placeOn({ min: -100, max: 100 }, 0)).toBe(50);
  expect(placeOn({ min: 1, max: 7 }, 5.5)).toBe(75);
  expect([placeOn({ min: 0, max: 100 }, -3), placeOn({ min: 0, max: 100 }, 130)]).toEqual([0, 100]);
});

test("the whole scale is the unit's, or the ratings', and none where nothing was counted or scales are mixed", () => {
  expect(wholeScale({ unit: "points", scale: { min: 0, max: 10 } })).toEqual({ min: -100, max: 100 });
  expect(wholeScale({ unit: "percent", scale: null })).toEqual({ min: 0, max: 100 });
  expect(wholeScale({ unit: "rating", scale: { min: 1, max: 7 } })).toEqual({ min: 1, max: 7 });
  expect(wholeScale({ unit: "rating", scale: null })).toBe(null);
  expect(wholeScale({ unit: null, scale: null })).toBe(null);
});
