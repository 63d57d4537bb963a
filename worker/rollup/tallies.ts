import { dayMs, hourMs, quarterMs } from "../../shared/time/durations.ts";
import { counters, eachCounter } from "./schema.ts";

/**
 * SQL to count many responses at once. A tally is one counter of `quarters` as a row: a cell's key, hour, quarter and
 * rating as text, and `n`. Responses are grouped into tallies, cells are split into them, and they add up to cells.
 */

/** The columns that name a cell: the key of `rating_counts`. */
export const cellKey = "workspace_ref, touchpoint_ref, value_ref, day, survey_ref, channel, exclusion";

/** A response in the form that `talliesOf` takes, under a value. */
export const counted = (row: string, valueRef: string): string =>
  `${row}.workspace_ref, touchpoint_ref, ${valueRef} AS value_ref, answered_at, survey_ref, channel, exclusion, rating`;

/** The tallies of `counted` responses. */
export const talliesOf = (responses: string): string => `
  SELECT ${cellKey}, CAST(hour AS TEXT) AS hour, CAST(quarter AS TEXT) AS quarter, CAST(rating AS TEXT) AS rating, n FROM (
    SELECT workspace_ref, touchpoint_ref, value_ref, answered_at / ${dayMs} AS day, survey_ref, channel, exclusion,
      answered_at % ${dayMs} / ${hourMs} AS hour, answered_at % ${hourMs} / ${quarterMs} AS quarter, rating, COUNT(*) AS n
    FROM (${responses}) GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)`;

/** The tallies in cells. A `quarters` that is not JSONB has none. */
export const talliesIn = (cells: string): string => `
  SELECT ${cellKey}, hours.key AS hour, quarter_hours.key AS quarter, ratings.key AS rating, ratings.value AS n
  FROM ${cells} CROSS JOIN json_each(IIF(json_valid(quarters, 8), quarters, '{}')) AS hours
    CROSS JOIN json_each(hours.value) AS quarter_hours CROSS JOIN json_each(quarter_hours.value) AS ratings`;

const sums = eachCounter((name) => `SUM(${name}) AS ${name}`);

/** Sets each cell that the tallies name to their sum, whatever it was before. */
export const setCells = (tallies: string): string => `
  INSERT INTO rating_counts (${cellKey}, ${counters.join(", ")}, quarters)
  SELECT ${cellKey}, ${sums}, jsonb_group_object(hour, jsonb(quarters)) FROM (
    SELECT ${cellKey}, hour, ${sums}, json_group_object(quarter, json(ratings)) AS quarters FROM (
      SELECT ${cellKey}, hour, quarter, ${eachCounter((name, rating) => `SUM(n * (rating = '${rating}')) AS ${name}`)},
        json_group_object(rating, n) AS ratings
      FROM (SELECT ${cellKey}, hour, quarter, rating, SUM(n) AS n FROM (${tallies}) GROUP BY ${cellKey}, hour, quarter, rating)
      GROUP BY ${cellKey}, hour, quarter
    ) GROUP BY ${cellKey}, hour
  ) GROUP BY ${cellKey}
  ON CONFLICT DO UPDATE SET ${eachCounter((name) => `${name} = excluded.${name}`)}, quarters = excluded.quarters`;
