import type { Group } from "./answers.ts";

/** Both ends of what a score can be. */
export interface Ends {
  min: number;
  max: number;
}

/** The whole scale of a score, in its unit; null: nothing was counted, or ratings of different scales. */
export function wholeScale({ unit, scale }: Pick<Group, "unit" | "scale">): Ends | null {
  if (unit === "points") return { min: -100, max: 100 };
  if (unit === "percent") return { min: 0, max: 100 };
  return unit && scale;
}

/** How far along the scale a value is, in percent of its length; what lies outside is put at its end. */
export const placeOn = ({ min, max }: Ends, value: number): number =>
  Math.min(100, Math.max(0, (100 * (value - min)) / (max - min)));

/** The axis of a chart: what its ends and its lines are, lowest first. */
export interface Axis extends Ends {
  ticks: number[];
}

const fewest = 4;
const most = 6;

/** 1, 2, 2.5, 5 × 10ᵏ, smallest first, from a thousandth of the scale to all of it. */
function stepsFor({ min, max }: Ends): number[] {
  const first = Math.floor(Math.log10((max - min) / 1000));
  return Array.from({ length: 5 }, (_, index) => 10 ** (first + index)).flatMap((power) =>
    [1, 2, 2.5, 5].map((factor) => factor * power),
  );
}

/** Without the noise of binary fractions: 0.30000000000000004 is 0.3. */
const tidy = (value: number) => Number(value.toPrecision(12));

/**
 * An axis that holds `low` to `high` and at least `least` of the scale, never more than the scale. Lines are counted from
 * the scale's lower end, so that a scale of 1 to 7 has 1, 3, 5 and 7; the upper end is one of them, be it off the grid.
 */
export function axisFor(scale: Ends, low: number, high: number, least = 0.3): Axis {
  const span = Math.min(scale.max - scale.min, Math.max(high - low, least * (scale.max - scale.min)));
  const middle = (low + high) / 2;
  const from = Math.min(Math.max(middle - span / 2, scale.min), scale.max - span);
  for (const step of stepsFor(scale)) {
    // The tolerance keeps 79.99999 from becoming a step of its own.
    const first = Math.floor((from - scale.min) / step + 1e-9);
    const last = Math.ceil((from + span - scale.min) / step - 1e-9);
    const ticks = fill(scale, step, first, last);
    if (ticks.length <= most) return { min: ticks[0] ?? scale.min, max: ticks.at(-1) ?? scale.max, ticks };
  }
  return { ...scale, ticks: [scale.min, scale.max] };
}

/** The lines from `first` to `last`; where they are too few, one more above or below, where the scale has it. */
function fill(scale: Ends, step: number, first: number, last: number): number[] {
  const end = Math.ceil((scale.max - scale.min) / step - 1e-9);
  let [lower, upper] = [first, Math.min(last, end)];
  while (upper - lower + 1 < fewest && (upper < end || lower > 0)) {
    if (upper < end) upper += 1;
    else lower -= 1;
  }
  return Array.from({ length: upper - lower + 1 }, (_, index) =>
    tidy(Math.min(scale.max, scale.min + (lower + index) * step)),
  );
}
