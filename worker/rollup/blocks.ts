import { dayMs } from "../../shared/time/durations.ts";
import type { Database } from "../db/database.ts";
import { blockDays, counters, eachCounter } from "./schema.ts";
import { installTriggers } from "./triggers.ts";

/** The most blocks of one touchpoint that one transaction settles. */
const maxBlocks = 16;
/** After this many rows read, an invocation leaves the rest to the next one. */
const maxRows = 50_000;

const cell = "workspace_ref, touchpoint_ref, value_ref";
const rest = "survey_ref, channel, exclusion";

/**
 * Adds up the days of finished blocks, for at most `maxTouchpoints`. Answers how many were due. It is exact beside
 * concurrent writers and workers: from the same transaction on, triggers keep what was settled.
 */
export async function settleBlocks(db: Database, now: number, maxTouchpoints: number): Promise<number> {
  // Without the triggers, nothing would keep what is settled here.
  await db.ensure(installTriggers);
  const end = Math.floor(now / dayMs / blockDays);
  const due = await db.all<{ ref: number; settledTo: number; first: number | null }>(
    `SELECT ref, settled_to AS settledTo, (SELECT MIN(day) / ${blockDays} FROM rating_counts AS counts
        WHERE counts.workspace_ref = touchpoints.workspace_ref AND counts.touchpoint_ref = touchpoints.ref AND value_ref = 0) AS first
     FROM touchpoints WHERE settled_to < ?1 ORDER BY settled_to, ref LIMIT ?2`,
    end,
    maxTouchpoints,
  );
  for (const { ref, settledTo, first } of due) {
    if (db.rowsRead > maxRows) break;
    // A touchpoint has nothing to add up before its first response.
    const to = Math.min(end, Math.max(settledTo, first ?? end) + maxBlocks);
    const isUnchanged = "EXISTS (SELECT 1 FROM touchpoints WHERE ref = ?1 AND settled_to = ?2)";
    await db.batch([
      {
        sql: `INSERT INTO block_counts (${cell}, block, ${rest}, ${counters.join(", ")})
          SELECT counts.workspace_ref, counts.touchpoint_ref, counts.value_ref, day / ${blockDays}, counts.survey_ref, channel, exclusion, ${eachCounter((name) => `SUM(${name})`)}
          FROM touchpoints AS place CROSS JOIN (
            SELECT 0 AS slice UNION ALL
            SELECT breakdown_values.ref FROM breakdowns CROSS JOIN breakdown_values ON breakdown_ref = breakdowns.ref
            WHERE breakdowns.workspace_ref = (SELECT workspace_ref FROM touchpoints WHERE ref = ?1)
          ) CROSS JOIN rating_counts AS counts
            ON counts.workspace_ref = place.workspace_ref AND counts.touchpoint_ref = place.ref AND counts.value_ref = slice
            AND day >= ?2 * ${blockDays} AND day < ?3 * ${blockDays}
          WHERE place.ref = ?1 AND ${isUnchanged}
          GROUP BY 1, 2, 3, 4, 5, 6, 7`,
        values: [ref, settledTo, to],
      },
      {
        sql: `UPDATE touchpoints SET settled_to = ?3 WHERE ref = ?1 AND settled_to = ?2`,
        values: [ref, settledTo, to],
      },
    ]);
  }
  return due.length;
}
