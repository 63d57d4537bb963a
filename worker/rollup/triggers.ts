import { maxValues } from "../../shared/contract/breakdowns.ts";
import { dayMs } from "../../shared/time/durations.ts";
import type { Database } from "../db/database.ts";
import { campaignTriggers, recountCampaigns } from "./campaign-counts.ts";
import {
  blockDays,
  countedValueRef,
  counters,
  dimensionValue,
  eachCounter,
  isSettled,
  quarterPath,
  valueRef,
} from "./schema.ts";

/**
 * The triggers that keep `rating_counts` equal to `responses`, in the transaction of whatever writes: ingest,
 * correction, exclusion, erasure, or an operator's own SQL. A response counts in one cell for all responses, in one for
 * each breakdown of its workspace that has reached its id, and in the settled blocks of these cells.
 */

/** Increased with every change of a trigger. An older worker that still runs leaves newer triggers alone. */
const version = 4;

/** The breakdowns that count this response. */
export const breakdownsOf = (row: string) =>
  `breakdowns WHERE breakdowns.workspace_ref = ${row}.workspace_ref AND removed_at IS NULL
    AND (counted_to IS NULL OR ${row}.id <= counted_to)`;

const valueRefs = (row: string) => `SELECT 0 AS value_ref UNION ALL
    SELECT ${countedValueRef(row)} FROM ${breakdownsOf(row)}`;

/** Adds a row for a new value, while there is room and the values are not listed. 2: `(other)` and `(none)`. */
const learn = (row: string) => `
  INSERT INTO breakdown_values (breakdown_ref, value)
  SELECT breakdowns.ref, ${dimensionValue(row, "dimension")} FROM ${breakdownsOf(row)} AND listed = 0
    AND CASE WHEN ${valueRef(dimensionValue(row, "dimension"))} IS NOT NULL THEN 0
      ELSE (SELECT COUNT(*) FROM breakdown_values WHERE breakdown_ref = breakdowns.ref) < ${maxValues + 2} END;`;

const blockOf = (row: string) => `${row}.answered_at / ${dayMs * blockDays}`;

const add = (row: string) => `
  INSERT INTO rating_counts (workspace_ref, touchpoint_ref, value_ref, day, survey_ref, channel, exclusion, ${counters.join(", ")}, quarters)
  SELECT ${row}.workspace_ref, ${row}.touchpoint_ref, value_ref, ${row}.answered_at / ${dayMs}, ${row}.survey_ref, ${row}.channel, ${row}.exclusion,
    ${eachCounter((_, rating) => `${row}.rating = ${rating}`)}, jsonb_set('{}', ${quarterPath(row)}, 1)
  FROM (${valueRefs(row)}) WHERE true
  ON CONFLICT DO UPDATE SET ${eachCounter((name) => `${name} = ${name} + excluded.${name}`)},
    quarters = jsonb_set(quarters, ${quarterPath(row)}, COALESCE(quarters ->> (${quarterPath(row)}), 0) + 1);
  INSERT INTO block_counts (workspace_ref, touchpoint_ref, value_ref, block, survey_ref, channel, exclusion, ${counters.join(", ")})
  SELECT ${row}.workspace_ref, ${row}.touchpoint_ref, value_ref, ${blockOf(row)}, ${row}.survey_ref, ${row}.channel, ${row}.exclusion,
    ${eachCounter((_, rating) => `${row}.rating = ${rating}`)}
  FROM (${valueRefs(row)}) WHERE ${isSettled(blockOf(row), `${row}.touchpoint_ref`)}
  ON CONFLICT DO UPDATE SET ${eachCounter((name) => `${name} = ${name} + excluded.${name}`)};`;

const cell = (row: string, valueRefIs: string, time: string) =>
  `workspace_ref = ${row}.workspace_ref AND touchpoint_ref = ${row}.touchpoint_ref AND value_ref ${valueRefIs} AND ${time}
    AND survey_ref = ${row}.survey_ref AND channel = ${row}.channel AND exclusion = ${row}.exclusion`;
const onItsDay = (row: string) => `day = ${row}.answered_at / ${dayMs}`;

const take = (row: string) => `
  SELECT RAISE(ABORT, 'this response was never counted') WHERE NOT EXISTS (SELECT 1 FROM rating_counts WHERE ${cell(row, "= 0", onItsDay(row))});
  UPDATE rating_counts SET ${eachCounter((name, rating) => `${name} = ${name} - (${row}.rating = ${rating})`)},
    quarters = jsonb_set(quarters, ${quarterPath(row)}, (quarters ->> (${quarterPath(row)})) - 1)
  WHERE ${cell(row, `IN (${valueRefs(row)})`, onItsDay(row))};
  UPDATE block_counts SET ${eachCounter((name, rating) => `${name} = ${name} - (${row}.rating = ${rating})`)}
  WHERE ${cell(row, `IN (${valueRefs(row)})`, `block = ${blockOf(row)}`)};`;

const counted = "touchpoint_ref, survey_ref, rating, channel, locale, properties, exclusion, answered_at";
const of = (row: string) =>
  counted
    .split(", ")
    .map((column) => `${row}.${column}`)
    .join(", ");

/** The text of each trigger by its name, exactly as the database keeps it. */
export const countingTriggers: Record<string, string> = Object.fromEntries(
  [
    ["inserted", "INSERT ON responses", learn("NEW") + add("NEW")],
    [
      "updated",
      `UPDATE ON responses WHEN (${of("OLD")}) IS NOT (${of("NEW")})`,
      take("OLD") + learn("NEW") + add("NEW"),
    ],
    ["deleted", "DELETE ON responses", take("OLD")],
    ...campaignTriggers,
  ].map(([event, when, body]) => {
    const name = `count_${event}_${version}`;
    return [name, `CREATE TRIGGER ${name} AFTER ${when} BEGIN${body}\nEND`];
  }),
);

/** The triggers in the database, as SQLite describes them. */
export const storedTriggers = (db: Database): Promise<{ name: string; sql: string }[]> =>
  db.all("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'count\\_%' ESCAPE '\\'");

const versionOf = (name: string) => Number(name.split("_").at(-1));

/** Replaces older triggers by those of this version. Safe to repeat, and beside other workers. */
export async function installTriggers(db: Database): Promise<void> {
  const stored = await storedTriggers(db);
  const names = stored.map(({ name }) => name);
  if (names.some((name) => versionOf(name) > version)) return;
  if (Object.keys(countingTriggers).every((name) => names.includes(name))) return;
  const old = names.filter((name) => versionOf(name) < version);
  await db.batch([
    ...old.map((name) => ({ sql: `DROP TRIGGER IF EXISTS ${name}`, values: [] })),
    ...Object.values(countingTriggers).map((sql) => ({
      sql: sql.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS"),
      values: [],
    })),
    ...recountCampaigns,
  ]);
}
