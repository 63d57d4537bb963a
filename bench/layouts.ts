import { dayMs, hourMs } from "../shared/time/durations.ts";
import { fill } from "./tools/fill.ts";
import { type Figure, report, thousands } from "./tools/report.ts";
import { type BenchServer, startCandor } from "./tools/servers.ts";

/** Compares other layouts of the roll-up, built beside it from the same responses. */

const ratings = Array.from({ length: 11 }, (_, rating) => rating);
const counters = ratings.map((rating) => `r${rating}`).join(", ");
const key = "workspace_ref, touchpoint_ref, at, survey_ref, channel, exclusion";
const keyColumns =
  "workspace_ref INTEGER, touchpoint_ref INTEGER, at INTEGER, survey_ref INTEGER, channel TEXT, exclusion TEXT";
const counterColumns = ratings.map((rating) => `r${rating} INTEGER NOT NULL`).join(", ");
const eachRating = ratings.map((rating) => `SUM(rating = ${rating})`).join(", ");
const cellOf = (unitMs: number) =>
  `workspace_ref, touchpoint_ref, CAST(answered_at / ${unitMs} AS INTEGER), survey_ref, channel, exclusion`;

interface Layout {
  name: string;
  create: string;
  /** SQL that rolls up rows of `responses`; the condition is appended. */
  rollUp: (where: string) => string;
  select: string;
  unitMs: number;
}

const wide = (name: string, table: string, unitMs: number): Layout => ({
  name,
  create: `CREATE TABLE ${table} (${keyColumns}, ${counterColumns}, PRIMARY KEY (${key})) STRICT, WITHOUT ROWID`,
  rollUp: (
    where,
  ) => `INSERT INTO ${table} (${key}, ${counters}) SELECT ${cellOf(unitMs)}, ${eachRating} FROM responses
    WHERE ${where} GROUP BY 1, 2, 3, 4, 5, 6
    ON CONFLICT DO UPDATE SET ${ratings.map((rating) => `r${rating} = r${rating} + excluded.r${rating}`).join(", ")}`,
  select: `SELECT channel, ${ratings.map((rating) => `SUM(r${rating})`).join(", ")} FROM ${table}
    WHERE workspace_ref = ?1 AND touchpoint_ref = ?2 AND at >= ?3 AND at < ?4 GROUP BY 1`,
  unitMs,
});

const layouts: Layout[] = [
  wide("a row for each day, without quarter-hours", "by_day", dayMs),
  wide("a row for each hour", "by_hour", hourMs),
  {
    name: "a row for each day and rating",
    create: `CREATE TABLE by_rating (${keyColumns}, rating INTEGER, count INTEGER NOT NULL, PRIMARY KEY (${key}, rating)) STRICT, WITHOUT ROWID`,
    rollUp: (
      where,
    ) => `INSERT INTO by_rating (${key}, rating, count) SELECT ${cellOf(dayMs)}, rating, COUNT(*) FROM responses
      WHERE ${where} GROUP BY 1, 2, 3, 4, 5, 6, 7 ON CONFLICT DO UPDATE SET count = count + excluded.count`,
    select: `SELECT channel, rating, SUM(count) FROM by_rating
      WHERE workspace_ref = ?1 AND touchpoint_ref = ?2 AND at >= ?3 AND at < ?4 GROUP BY 1, 2`,
    unitMs: dayMs,
  },
];

/** For each layout: rows read for 30 whole days of one touchpoint, bytes, and rows written with responses. */
async function layoutFigures({ d1 }: BenchServer, until: number): Promise<Figure[]> {
  const run = async (sql: string, ...values: (number | string)[]) =>
    (
      await d1
        .prepare(sql)
        .bind(...values)
        .all()
    ).meta;
  const copyBytes = async (create: string, copy: string) => {
    const before = await run(create);
    return (await run(copy)).size_after - before.size_after;
  };
  const day = Math.floor(until / dayMs);
  const figure = (name: string, read: number, bytes: number, written: number[]): Figure => ({
    what: `layout: ${name}`,
    figure: `${thousands(read)} rows read for 30 days, ${thousands(bytes / 1024)} KiB, ${written.join(" and ")} rows written by 1 and by 100 responses`,
    target: "",
  });

  const builtRead = await run(
    `SELECT channel, ${ratings.map((rating) => `SUM(r${rating})`).join(", ")} FROM rating_counts
     WHERE workspace_ref = 1 AND touchpoint_ref = 1 AND value_ref = 0 AND day >= ?1 AND day < ?2 GROUP BY 1`,
    day - 30,
    day,
  );
  const builtBytes = await copyBytes(
    `CREATE TABLE built_copy (${keyColumns}, ${counterColumns}, quarters BLOB NOT NULL, PRIMARY KEY (${key})) STRICT, WITHOUT ROWID`,
    `INSERT INTO built_copy SELECT workspace_ref, touchpoint_ref, day, survey_ref, channel, exclusion, ${counters}, quarters FROM rating_counts`,
  );
  // In every layout a response and its index entry are two rows, and a hundred responses are two hundred.
  const figures = [
    figure("as built, a row for each day with its quarter-hours", builtRead.rows_read, builtBytes, [3, 300]),
  ];
  for (const { name, create, rollUp, select, unitMs } of layouts) {
    const bytes = await copyBytes(create, rollUp("true"));
    const from = (day - 30) * (dayMs / unitMs);
    const { rows_read: read } = await run(select, 1, 1, from, from + (30 * dayMs) / unitMs);
    const written = async (count: number) => {
      const chosen = `id IN (SELECT id FROM responses WHERE workspace_ref = 1 AND answered_at < ${day * dayMs}
        AND touchpoint_ref = 1 AND channel = 'widget' ORDER BY answered_at DESC LIMIT ${count})`;
      return 2 * count + (await run(rollUp(chosen))).rows_written;
    };
    figures.push(figure(name, read, bytes, [await written(1), await written(100)]));
  }
  return figures;
}

const responses = Number(process.env.RESPONSES ?? 1_000_000);
const until = Math.floor(Date.now() / dayMs) * dayMs + 17.29 * hourMs;
const server = await startCandor();
try {
  const rate = await fill(server, responses, until, 90);
  const ingest: Figure = {
    what: "responses a second through the SQL of ingest, lists of 5,000",
    figure: thousands(rate),
    target: "",
  };
  report([ingest, ...(await layoutFigures(server, until))], "npm run bench -- layouts");
} finally {
  await server.stop();
}
