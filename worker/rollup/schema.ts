import { HIGHEST_RATING } from "../../shared/surveys/kinds.ts";
import { dayMs, hourMs, quarterMs } from "../../shared/time/durations.ts";

/** How the roll-up divides time, and the SQL for the one cell in which a response is counted. */

/** UTC days in one row of block_counts. */
export const blockDays = 8;

/** Whether a touchpoint's days of a block were added up. If so, changing one of them must change the block too. */
export const isSettled = (block: string, touchpointRef: string): string =>
  `${block} < (SELECT settled_to FROM touchpoints WHERE touchpoints.ref = ${touchpointRef})`;

export type Counter = `r${number}`;
/** The roll-up's counters, one for each rating: r0 to r10. */
export const counters = Array.from({ length: HIGHEST_RATING + 1 }, (_, rating): Counter => `r${rating}`);
export const eachCounter = (write: (counter: Counter, rating: number) => string): string =>
  counters.map(write).join(", ");

/** Values for what is not counted by itself, and for what has none. No property can be empty or longer. */
export const otherValues = "(other)";
export const noValue = "(none)";

/**
 * What an erased value becomes. Its place stays taken: it would go to a value whose older responses are counted as `(other)`. No
 * property begins with a space.
 */
export const erasedValue = "' erased ' || ref";
export const isErasedValue = "value GLOB ' *'";

/** The path of a response's counter within `quarters`: hour, quarter-hour, rating. */
export const quarterPath = (row: string): string =>
  `'$."' || (${row}.answered_at % ${dayMs} / ${hourMs}) || '"."' || (${row}.answered_at % ${hourMs} / ${quarterMs}) || '"."' || ${row}.rating || '"'`;

/** A response's value of a dimension as text: `locale`, or the property after `property:`. */
export function dimensionValue(row: string, dimension: string): string {
  const path = `'$."' || substr(${dimension}, 10) || '"'`;
  // `->>` would turn true and false into 1 and 0.
  const property = `CASE json_type(${row}.properties, ${path}) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'
    ELSE CAST(${row}.properties ->> (${path}) AS TEXT) END`;
  return `COALESCE(IIF(${dimension} = 'locale', ${row}.locale, ${property}), '${noValue}')`;
}

/** The ref of a value of the `breakdowns` row. */
export const valueRef = (value: string): string =>
  `(SELECT ref FROM breakdown_values WHERE breakdown_ref = breakdowns.ref AND value = ${value})`;

/** The ref of the value under which the `breakdowns` row counts a response. */
export const countedValueRef = (row: string): string =>
  `COALESCE(${valueRef(dimensionValue(row, "dimension"))}, ${valueRef(`'${otherValues}'`)})`;
