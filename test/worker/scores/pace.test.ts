import fc from "fast-check";
import { expect, test } from "vitest";
import { paceOf } from "../../../worker/scores/pace.ts";

const secondMs = 1_000;
const dayMs = 86_400_000;

test.each([true, false])(
  "a screen reads at most a tenth of the free plan's five million rows a day, whatever its looks cost; opened: %s",
  (opened) => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 200 }), (looks) => {
        const waitAfter = paceOf(opened);
        let rows = 0;
        let time = 0;
        for (const look of looks) {
          rows += look;
          time += waitAfter(rows);
          expect(rows).toBeLessThanOrEqual((opened ? 5_000 : 0) + (480_000 * time) / dayMs + 1e-6);
        }
      }),
    );
  },
);

test("a screen that was just opened looks every five seconds while it shows five changes of a thousand rows", () => {
  const waitAfter = paceOf(true);
  expect([1_000, 2_000, 3_000, 4_000, 5_000].map(waitAfter)).toEqual(Array(5).fill(5 * secondMs));
  expect(waitAfter(7_000)).toBeGreaterThan(60 * secondMs);
});

test("looks that cost little come every five seconds, day and night", () => {
  const waitAfter = paceOf(false);
  for (let look = 1; look <= 17_280; look += 1) expect(waitAfter(look * 27)).toBe(5 * secondMs);
});
