import { enough, type Group, type Interval } from "./answers.ts";
import { type Axis, axisFor, type Ends, placeOn } from "./scale.ts";

/** A group's interval and score on the axis of all groups, in percent of its length. */
export interface ForestRow {
  group: Group;
  /** null: of too few answers there is no interval. */
  low: number | null;
  high: number | null;
  /** null: nothing was counted. */
  score: number | null;
  weak: boolean;
}

interface Forest {
  axis: Axis;
  /** Where the whole lies. */
  whole: number | null;
  rows: ForestRow[];
}

/** All groups on one axis, wide enough for those that can be judged; intervals of the others are cut where it ends. */
export function forestOf(
  groups: readonly Group[],
  whole: { score: number | null; interval: Interval | null },
  scale: Ends,
): Forest {
  const judged = groups.filter(({ n }) => n >= enough);
  const values = [...judged, whole].flatMap(({ score, interval }) =>
    score === null ? [] : [score, ...(interval ? [interval.low, interval.high] : [])],
  );
  const axis =
    values.length > 0
      ? axisFor(scale, Math.min(...values), Math.max(...values))
      : axisFor(scale, scale.min, scale.max);
  const place = (value: number | null | undefined) => (value == null ? null : placeOn(axis, value));
  return {
    axis,
    whole: place(whole.score),
    rows: groups.map((group) => ({
      group,
      low: place(group.interval?.low),
      high: place(group.interval?.high),
      score: place(group.score),
      weak: group.small_sample,
    })),
  };
}
