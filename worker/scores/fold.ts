import { noValue, otherValues } from "../rollup/schema.ts";
import { countedOf, type Group } from "./group-counts.ts";
import { isOfRows } from "./question.ts";

const keyOf = (dimension: string, value: string) => `${dimension} ${value}`;

/**
 * Reduces the groups to at most `maxGroups`. Of locales and property values, those with the most responses stay; all
 * others become `(other)`, as in a breakdown. Too many values must not be an error: a few visitors could then block the
 * answer, since pages can claim any. More groups remain only where other dimensions make more.
 */
export function foldGroups(groups: readonly Group[], maxGroups: number): readonly Group[] {
  if (groups.length <= maxGroups) return groups;
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
  // Keeping more values makes more groups. A binary search finds how many can stay.
  let kept = 0;
  for (let bit = 2 ** 15; bit >= 1; bit /= 2) if (foldedTo(kept + bit).size <= maxGroups) kept += bit;
  return [...foldedTo(kept)].map(([names, parts]) => {
    const rows = parts.flatMap((part) => [...part.rows.values()].flat());
    // Impressions have no values of what is folded.
    return { names: JSON.parse(names), rows: Map.groupBy(rows, ({ bin }) => bin), seen: null };
  });
}
