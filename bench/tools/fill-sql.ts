import { dayMs } from "../../shared/time/durations.ts";
import { Database } from "../../worker/db/database.ts";
import { settleBlocks } from "../../worker/rollup/blocks.ts";
import { counted, setCells, talliesOf } from "../../worker/rollup/tallies.ts";
import { countingTriggers, installTriggers } from "../../worker/rollup/triggers.ts";
import type { Candor } from "./servers.ts";

const plans = ["free", "pro", "business"];

/** Fills the database with years of responses, as if they had arrived over time. D1 makes and counts them itself. */
export async function fillYears(
  { d1, ref }: Pick<Candor, "d1" | "ref">,
  { count, touchpoints, until, days }: { count: number; touchpoints: number; until: number; days: number },
): Promise<void> {
  const run = (sql: string, ...values: (string | number)[]) =>
    d1
      .prepare(sql)
      .bind(...values)
      .run();
  const survey = await d1
    .prepare("SELECT survey_ref AS ref FROM touchpoints WHERE ref = 1")
    .first<{ ref: number }>();
  for (let n = 1; n <= touchpoints; n++)
    await run(
      `INSERT INTO touchpoints (ref, id, workspace_ref, name, survey_ref, created_at) VALUES (?1, 'tp_' || ?4, ?2, ?4, ?3, 0)`,
      100 + n,
      ref,
      survey?.ref ?? 1,
      `place-${n}`,
    );
  await run(
    "INSERT INTO breakdowns (ref, workspace_ref, dimension, created_at) VALUES (1, ?1, 'property:plan', 0)",
    ref,
  );
  for (const [n, value] of ["(none)", "(other)", ...plans].entries())
    await run("INSERT INTO breakdown_values (ref, breakdown_ref, value) VALUES (?1, 1, ?2)", n + 1, value);
  for (const name of Object.keys(countingTriggers)) await d1.exec(`DROP TRIGGER IF EXISTS ${name}`);
  // Whole days at a time, since a cell is set once and not added to.
  const daysAtOnce = Math.max(1, Math.floor((days * 250_000) / count));
  for (let day = 0; day < days; day += daysAtOnce) {
    const end = Math.min(day + daysAtOnce, days);
    const at = (offset: number) => until - (days - offset) * dayMs;
    const rows = Math.floor((end * count) / days) - Math.floor((day * count) / days);
    await run(insertSql, ref, survey?.ref ?? 1, at(day), ((end - day) * dayMs) / rows, rows, touchpoints);
    for (const value of ["0", planRef]) await run(countSql(value), ref, at(day), at(end));
  }
  await installTriggers(new Database(d1));
  // Each call as an invocation of its own: one that has read much ends, and would settle nothing for ever.
  while ((await settleBlocks(new Database(d1), until, 50)) > 0);
}

// Ids have the form of UUID version 7: 48 bits of time, then random bits.
const insertSql = `
WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?5),
rows AS (SELECT CAST(?3 + (n + abs(random() % 1000) / 1001.0) * ?4 AS INTEGER) AS at, abs(random()) AS dice, lower(hex(randomblob(10))) AS noise FROM numbers)
INSERT INTO responses (workspace_ref, id, touchpoint_ref, survey_ref, rating, comment, channel, locale, properties, exclusion, revision, answered_at, received_at)
SELECT ?1, printf('%08x-%04x-7%s-8%s-%s', at >> 16, at & 65535, substr(noise, 1, 3), substr(noise, 4, 3), substr(noise, 7, 12)),
  101 + dice % ?6, ?2, (dice / 1000) % 11, IIF((dice / 50000) % 10 < 3, 'Delivery was quick, but the courier left the parcel next door.', NULL),
  CASE (dice / 7000) % 3 WHEN 0 THEN 'widget' WHEN 1 THEN 'link' ELSE 'email' END, 'en',
  '{"plan":"' || CASE (dice / 900000) % 3 WHEN 0 THEN 'free' WHEN 1 THEN 'pro' ELSE 'business' END || '"}',
  '', 0, at, at
FROM rows`;

const planRef =
  "(SELECT ref FROM breakdown_values WHERE breakdown_ref = 1 AND value = properties ->> '$.plan')";

const countSql = (valueRef: string) =>
  setCells(
    talliesOf(
      `SELECT ${counted("responses", valueRef)} FROM responses WHERE workspace_ref = ?1 AND answered_at >= ?2 AND answered_at < ?3`,
    ),
  );
