import { noValue, otherValues } from "../rollup/schema.ts";
import { isOfRows } from "./question.ts";
import { countedOf, type Group } from "./tally.ts";

const keyOf = (dimension: string, value: string) => `${dimension} ${value}`;

/**
 * At most so many groups, if need be: then of the values of locale and properties those with the most responses stay, and
 * all others are one, `(other)`, as in a breakdown. A page's visitors can claim whatever they like: were too many values an
 * error, a few visitors could take the answer away. More, where the other dimensions alone make more.
 */
export function foldGroups(groups: readonly Group[], most: number): readonly Group[] {
  if (groups.length <= most) return groups;
  const responses = new Map<string, number>();
  for (const group of groups)
    for (const [dimension, value] of Object.entries(group.names)) {
      const key = keyOf(dimension, value);
      if (isOfRows(dimension) && value !== noValue)
        responses.set(key, (responses.get(key) ?? 0) + countedOf(group));
    }
  const ranked = [...responses].sort(([, one], [, other]) => other - one);
  const ranks = new Map(ranked.map(([key], rank) => [key, rank]));
  const foldedTo = (kept: number) =>
    Map.groupBy(groups, ({ names }) => {
      const folded = Object.entries(names).map(([dimension, value]) => [
        dimension,
        (ranks.get(keyOf(dimension, value)) ?? -1) < kept ? value : otherValues,
      ]);
      return JSON.stringify(Object.fromEntries(folded));
    });
  // The more values stay, the more groups there are: the most that fit are found bit by bit.
  let kept = 0;
  for (let bit = 2 ** 15; bit >= 1; bit /= 2) if (foldedTo(kept + bit).size <= most) kept += bit;
  return [...foldedTo(kept)].map(([names, parts]) => {
    const rows = parts.flatMap((part) => [...part.rows.values()].flat());
    // Of what was seen nothing is known by what is folded.
    return { names: JSON.parse(names), rows: Map.groupBy(rows, ({ bin }) => bin), seen: null };
  });
}
