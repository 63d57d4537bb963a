import fc from "fast-check";
import { expect, test } from "vitest";
import type { Step } from "../../dashboard/figures/model/answers.ts";
import { axisOf, labelled, linesOf, sparkEnds } from "../../dashboard/figures/model/lines.ts";
import { scoreFrom, scoreOfSize, stepFrom } from "./scored.ts";

const percent = { min: 0, max: 100 };
const box = { width: 100, height: 100 };
const draw = (points: readonly Step[], more: { running?: boolean; past?: readonly Step[] } = {}) =>
  linesOf({ points, axis: percent, box, ...more });
const steps = (...sizes: number[]) => sizes.map((n, day) => stepFrom(scoreOfSize("csat", n), day));

test("of no answers there is no dot, and no line or band leads over the gap", () => {
  const { dots, line, open, band, whiskers } = draw(steps(40, 0, 40));
  expect(dots.map(({ hollow }) => hollow)).toEqual([false, false]);
  expect([line, open, band]).toEqual(["", "", ""]);
  // Both stand alone: their intervals are drawn as lines, since a band needs a neighbour.
  expect(whiskers.match(/M/g)).toHaveLength(2);
});

test("29 answers are a hollow dot, a dotted line and a whisker; 30 are a dot, a line and a band", () => {
  const few = draw(steps(29, 29));
  expect(few.dots.every(({ hollow }) => hollow)).toBe(true);
  expect([few.line, few.band]).toEqual(["", ""]);
  expect(few.open).toMatch(/^M25 [\d.]+L75 [\d.]+$/);
  expect(few.whiskers.match(/M/g)).toHaveLength(2);
  const enough = draw(steps(30, 30));
  expect(enough.dots.every(({ hollow }) => !hollow)).toBe(true);
  expect([enough.open, enough.whiskers]).toEqual(["", ""]);
  expect(enough.line).toMatch(/^M25 [\d.]+L75 [\d.]+$/);
  expect(enough.band).toMatch(/^M25 [\d.]+L75 [\d.]+L75 [\d.]+L25 [\d.]+Z$/);
});

test("one answer is a hollow dot; a mean of one has no interval, hence no whisker", () => {
  const alone = stepFrom(scoreFrom("ces", [0, 0, 0, 1]));
  const { dots, whiskers } = linesOf({ points: [alone], axis: { min: 1, max: 7 }, box });
  expect(dots).toEqual([{ at: "M50 50h0", hollow: true }]);
  expect(whiskers).toBe("");
});

test("a step that is not over is hollow and dotted, and keeps its band", () => {
  const { dots, line, open, band } = draw(steps(40, 40, 40), { running: true });
  expect(dots.map(({ hollow }) => hollow)).toEqual([false, false, true]);
  expect(line.match(/L/g)).toHaveLength(1);
  expect(open.match(/L/g)).toHaveLength(1);
  expect(band.match(/L/g)).toHaveLength(5);
});

test("the period before is a line of its own, with its own gaps and no more steps than this one has", () => {
  expect(draw(steps(40, 40), { past: steps(9, 9, 9) }).past.match(/L/g)).toHaveLength(1);
  expect(draw(steps(40, 40, 40), { past: steps(9, 0, 9) }).past).toBe("");
});

test("each score is one dot at its height, whatever the answers: nothing is invented and nothing left out", () => {
  const sizes = fc.array(fc.constantFrom(0, 1, 2, 29, 30, 31, 400), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(sizes, fc.boolean(), (some, running) => {
      const points = steps(...some);
      const drawn = draw(points, { running });
      const places = drawn.dots.map(({ at }) => at.slice(1, -2).split(" ").map(Number));
      const scored = points.flatMap(({ score }, index) => (score === null ? [] : { score, index }));
      expect(places.length).toBe(scored.length);
      for (const [index, { score, index: step }] of scored.entries()) {
        expect(places[index]?.[0]).toBeCloseTo(((step + 0.5) * 100) / points.length, 1);
        expect(places[index]?.[1]).toBeCloseTo(100 - score, 1);
      }
      // Every two neighbours with scores are joined once: solidly, or by the dotted line.
      const neighbours = points.filter(
        (point, index) => index > 0 && point.score !== null && points[index - 1]?.score !== null,
      );
      expect((drawn.line + drawn.open).split("L").length - 1).toBe(neighbours.length);
      expect(JSON.stringify(drawn)).not.toMatch(/NaN|Infinity|undefined/);
    }),
    { numRuns: 2_000 },
  );
});

test("the axis is made by the steps that can be judged, and the whole scale where none has an answer", () => {
  expect(axisOf(percent, steps(0, 0))).toMatchObject({ min: 0, max: 100 });
  const wide = axisOf(percent, [stepFrom(scoreFrom("csat", [3, 0, 0, 0, 0])), ...steps(400)]);
  // The three that were dissatisfied would show 0 %: they run out of the frame.
  expect(wide.min).toBeGreaterThan(0);
  expect(axisOf(percent, steps(5, 5)).max - axisOf(percent, steps(5, 5)).min).toBeGreaterThanOrEqual(30);
});

test("a small line's frame is at least a quarter of the scale, and within it", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 30 }), (sizes) => {
      const { min, max } = sparkEnds(percent, steps(...sizes));
      expect(max - min).toBeGreaterThanOrEqual(25 - 1e-9);
      expect(min).toBeGreaterThanOrEqual(-1e-9);
      expect(max).toBeLessThanOrEqual(100 + 1e-9);
    }),
  );
});

test("dates stand evenly apart, at most six, and the last step has one", () => {
  for (let count = 1; count <= 400; count += 1) {
    const indexes = labelled(count);
    expect(indexes.length).toBeGreaterThan(0);
    expect(indexes.length).toBeLessThanOrEqual(6);
    expect(indexes.at(-1)).toBe(count - 1);
  }
});
