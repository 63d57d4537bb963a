import { settleBlocks } from "../worker/db/blocks.ts";
import { counters, eachCounter } from "../worker/db/cells.ts";
import { countingTriggers, installTriggers } from "../worker/db/counting.ts";
import { Database } from "../worker/db/database.ts";
import type { Candor } from "./servers.ts";

const dayMs = 86_400_000;
const plans = ["free", "pro", "business"];

/** Years of responses as millions of them would have come: made by the database itself, and then counted by it. */
export async function fillYears(
  { d1, ref }: Candor,
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
      ...[100 + n, ref, survey?.ref ?? 1, `place-${n}`],
    );
  await run(
    "INSERT INTO breakdowns (ref, workspace_ref, dimension, created_at) VALUES (1, ?1, 'property:plan', 0)",
    ref,
  );
  for (const [n, value] of ["(none)", "(other)", ...plans].entries())
    await run("INSERT INTO breakdown_values (ref, breakdown_ref, value) VALUES (?1, 1, ?2)", n + 1, value);
  for (const name of Object.keys(countingTriggers)) await d1.exec(`DROP TRIGGER IF EXISTS ${name}`);
  const chunks = Math.max(1, Math.ceil(count / 250_000));
  const from = until - days * dayMs;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const start = from + Math.floor((chunk * days * dayMs) / chunks);
    const end = from + Math.floor(((chunk + 1) * days * dayMs) / chunks);
    const rows = Math.floor(((chunk + 1) * count) / chunks) - Math.floor((chunk * count) / chunks);
    await run(insertSql, ref, survey?.ref ?? 1, start, (end - start) / rows, rows, touchpoints);
    for (const value of ["0", planRef]) await run(countSql(value), ref, start, end);
  }
  const db = new Database(d1);
  await installTriggers(db);
  while ((await settleBlocks(db, until, 50)) > 0);
}

// Ids are UUIDs of version 7 in form: 48 bits of time, then random ones.
const insertSql = `
WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?5),
rows AS (SELECT CAST(?3 + (n + abs(random() % 1000) / 1000.0) * ?4 AS INTEGER) AS at, abs(random()) AS dice, lower(hex(randomblob(10))) AS noise FROM numbers)
INSERT INTO responses (workspace_ref, id, touchpoint_ref, survey_ref, rating, comment, channel, locale, properties, exclusion, revision, answered_at, received_at)
SELECT ?1, printf('%08x-%04x-7%s-8%s-%s', at >> 16, at & 65535, substr(noise, 1, 3), substr(noise, 4, 3), substr(noise, 7, 12)),
  101 + dice % ?6, ?2, (dice / 1000) % 11, IIF((dice / 50000) % 10 < 3, 'Delivery was quick, but the courier left the parcel next door.', NULL),
  CASE (dice / 7000) % 3 WHEN 0 THEN 'widget' WHEN 1 THEN 'link' ELSE 'email' END, 'en',
  '{"plan":"' || CASE (dice / 900000) % 3 WHEN 0 THEN 'free' WHEN 1 THEN 'pro' ELSE 'business' END || '"}',
  '', 0, at, at
FROM rows`;

const planRef =
  "(SELECT ref FROM breakdown_values WHERE breakdown_ref = 1 AND value = properties ->> '$.plan')";

const cell = "workspace_ref, touchpoint_ref, value_ref, day, survey_ref, channel, exclusion";
const countSql = (value: string) => `
INSERT INTO rating_counts (${cell}, ${counters.join(", ")}, quarters)
SELECT ${cell}, ${eachCounter((name) => `SUM(${name})`)}, jsonb_group_object(hour, jsonb(quarters))
FROM (
  SELECT ${cell}, hour, ${eachCounter((name) => `SUM(${name}) AS ${name}`)}, json_group_object(quarter, json(ratings)) AS quarters
  FROM (
    SELECT ${cell}, hour, quarter, ${eachCounter((name, rating) => `SUM(n * (rating = ${rating})) AS ${name}`)},
      json_group_object(CAST(rating AS TEXT), n) AS ratings
    FROM (
      SELECT workspace_ref, touchpoint_ref, ${value} AS value_ref, answered_at / 86400000 AS day, survey_ref, channel, exclusion,
        CAST(answered_at % 86400000 / 3600000 AS TEXT) AS hour, CAST(answered_at % 3600000 / 900000 AS TEXT) AS quarter, rating, COUNT(*) AS n
      FROM responses WHERE workspace_ref = ?1 AND answered_at >= ?2 AND answered_at < ?3 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    ) GROUP BY ${cell}, hour, quarter
  ) GROUP BY ${cell}, hour
) GROUP BY ${cell}
ON CONFLICT DO UPDATE SET ${eachCounter((name) => `${name} = ${name} + excluded.${name}`)}, quarters = jsonb_patch(quarters, excluded.quarters)`;
