import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as z from "zod";
import { dayMs } from "../../../shared/time/durations.ts";
import { noteAsking } from "../../../worker/asking/db/askings.ts";
import { Database } from "../../../worker/db/database.ts";
import worker from "../../../worker/demo/index.ts";
import { openDatabase } from "../../../worker/environment.ts";
import type { NewResponse } from "../../../worker/responses/db/response.ts";
import { saveResponses } from "../../../worker/responses/db/save.ts";
import { declareBreakdown, removeBreakdown } from "../../../worker/rollup/breakdowns.ts";
import { checkCounts, lastCheck } from "../../../worker/rollup/checks.ts";
import { jobs } from "../../../worker/scheduled.ts";
import { drift } from "../../recount.ts";
import { WatchedDatabase } from "../watched.ts";
import { newWorkspace, request, type TestWorkspace } from "../workspace.ts";

const noon = Date.parse("2026-10-01T12:00:00Z");
let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
  vi.useFakeTimers({ toFake: ["Date"], now: noon });
});
afterEach(() => {
  vi.useRealTimers();
});

async function runOnce(d1: D1Database = env.DB): Promise<void> {
  const context = createExecutionContext();
  worker.scheduled(createScheduledController(), { ...env, DB: d1, BUDGET: "throws" }, context);
  await waitOnExecutionContext(context);
}

const overdue = async () =>
  (await env.DB.prepare("SELECT COUNT(*) AS n FROM due_jobs WHERE due_at <= ?")
    .bind(Date.now())
    .first("n")) !== 0;

/** Runs the schedule until no job is due. */
async function runSchedule(d1: D1Database = env.DB): Promise<void> {
  do await runOnce(d1);
  while (await overdue());
}

const save = (count: number) =>
  saveResponses(
    workspace.db,
    workspace.ref,
    Array.from(
      { length: count },
      (_, n): NewResponse => ({
        id: `id ${n}`,
        touchpointRef: 1,
        surveyRef: 1,
        rating: n % 11,
        comment: null,
        channel: "api",
        locale: "en",
        respondent: null,
        properties: null,
        revision: 0,
        answeredAt: noon + n,
      }),
    ),
    noon,
  );

const Health = z.object({
  status: z.string(),
  counts_checked: z
    .object({ at: z.string(), shards: z.int(), differing: z.int(), repaired: z.int() })
    .nullable(),
});
async function health() {
  const answer = await request("/health");
  return { http: answer.status, ...Health.parse(await answer.json()) };
}
const corrupt = () => env.DB.exec("UPDATE rating_counts SET r5 = r5 + 1, r6 = r6 + 1");

test("the schedule counts and removes what requests have left unfinished", async () => {
  await save(20);
  await declareBreakdown(workspace.db, workspace.ref, "locale", noon);
  await declareBreakdown(workspace.db, workspace.ref, "property:plan", noon);
  await removeBreakdown(workspace.db, workspace.ref, "property:plan", noon);
  await runSchedule();
  const rows = await env.DB.prepare("SELECT dimension, counted_to, counted FROM breakdowns").all();
  expect(rows.results).toEqual([{ dimension: "locale", counted_to: null, counted: 20 }]);
  expect(await drift(env.DB)).toEqual([]);
});

test("an asking is kept for 400 days", async () => {
  const seen = { touchpointRef: 1, surveyRef: 1, channel: "widget" };
  for (const days of [401, 400, 399, 0])
    await workspace.db.batch([noteAsking(workspace.ref, { ...seen, now: noon - days * dayMs }, "alice")]);
  await runSchedule();
  const { results } = await env.DB.prepare("SELECT asked_at FROM askings ORDER BY 1").all();
  expect(results).toEqual([{ asked_at: noon - 399 * dayMs }, { asked_at: noon }]);
});

test("once a day the roll-up is compared with the responses, repaired, and the finding reported", async () => {
  await save(20);
  expect(await health()).toMatchObject({ status: "ok", counts_checked: null });
  await corrupt();
  await runSchedule();
  const at = new Date(noon).toISOString();
  const checked = { at, shards: 1, differing: 2, repaired: 2 };
  expect(await health()).toMatchObject({ http: 200, status: "ok", counts_checked: checked });
  expect(await drift(env.DB)).toEqual([]);

  await corrupt();
  vi.setSystemTime(noon + dayMs - 1);
  await runSchedule();
  expect((await health()).counts_checked).toEqual(checked);
  vi.setSystemTime(noon + dayMs);
  await runSchedule();
  expect((await health()).counts_checked).toEqual({ ...checked, at: new Date(noon + dayMs).toISOString() });
});

test("a difference that could not be repaired makes the health fail until it is", async () => {
  await save(20);
  await corrupt();
  const ddl = "BEFORE UPDATE ON rating_counts BEGIN SELECT RAISE(ABORT, 'no repair'); END";
  await env.DB.prepare(`CREATE TRIGGER no_repair ${ddl}`).run();
  await expect(runSchedule()).rejects.toThrow(/no repair/);
  // A failed job does not block the others.
  await runSchedule();
  expect(await health()).toMatchObject({
    http: 503,
    status: "failing",
    counts_checked: { shards: 1, differing: 2, repaired: 0 },
  });
  await env.DB.exec("DROP TRIGGER no_repair");
  vi.setSystemTime(noon + dayMs);
  await runSchedule();
  expect(await health()).toMatchObject({
    http: 200,
    status: "ok",
    counts_checked: { differing: 2, repaired: 2 },
  });
});

test("a day compares what its statements are enough for, the next day the next ones, and after the last it begins anew", async () => {
  for (let n = 0; n < 19; n++) await newWorkspace();
  const compared: unknown[] = [];
  const watching = new WatchedDatabase(env.DB, (run, statements) => {
    for (const { sql, values } of statements) if (sql.includes("AS total")) compared.push(values[0]);
    return run();
  });
  const days = [];
  for (let day = 0; day < 3; day++) {
    vi.setSystemTime(noon + day * dayMs);
    await runSchedule(watching);
    days.push(compared.splice(0));
  }
  const [first = [], ...others] = days;
  const all = Array.from({ length: 20 }, (_, n) => n + 1);
  expect(first.length).toBeGreaterThan(10);
  expect([first, ...others]).toEqual([all.slice(0, first.length), all.slice(first.length), first]);
});

test("a day's comparison ends by the rows that it has read, and a busy day is a part by itself", async () => {
  // 5,000 responses on each of three days.
  const answers = Array.from({ length: 15_000 }, (_, n) => ({
    workspace: workspace.ref,
    id: `id ${n}`,
    at: noon - 10 * dayMs + (n % 3) * dayMs + n,
  }));
  await env.DB.prepare(
    `INSERT INTO responses (workspace_ref, id, touchpoint_ref, survey_ref, rating, channel, exclusion, revision, answered_at, received_at)
     SELECT value->>'workspace', value->>'id', 1, 1, 9, 'api', '', 0, value->>'at', value->>'at' FROM json_each(?1)`,
  )
    .bind(JSON.stringify(answers))
    .run();
  await corrupt();
  const check = async (day: number, rows: number) => {
    const db = new Database(env.DB, { statements: 50, throws: true });
    await checkCounts(db, noon + day * dayMs, rows);
    return { ...(await lastCheck(workspace.db)), rows: db.rowsRead };
  };
  // The shard before the first day, and that day: its cost is known before the next shard begins.
  const first = await check(0, 30_000);
  expect(first).toMatchObject({ shards: 2, differing: 2, repaired: 2 });
  expect(first.rows).toBeLessThan(60_000);
  expect(await check(1, 1_000_000)).toMatchObject({ shards: 3, differing: 4, repaired: 4 });
  expect(await drift(env.DB)).toEqual([]);
});

test("where nothing is due a run reads a few rows, however many touchpoints and responses there are", async () => {
  await save(200);
  await env.DB.prepare(
    `INSERT INTO touchpoints (id, workspace_ref, name, survey_ref, created_at)
     SELECT 'tp_' || value, 1, 't' || value, 1, 0 FROM json_each(?1)`,
  )
    .bind(JSON.stringify(Array.from({ length: 2000 }, (_, n) => n)))
    .run();
  const settled = Math.floor(noon / dayMs / 8);
  await env.DB.prepare("UPDATE touchpoints SET settled_to = ?").bind(settled).run();
  await runSchedule();
  await env.DB.exec("UPDATE due_jobs SET due_at = 0");
  for (const { name, run } of jobs) {
    const db = openDatabase(env);
    expect([name, await run(env, db, noon)]).toEqual([name, false]);
    expect([name, db.rowsRead <= 10]).toEqual([name, true]);
  }
});

test("each run stays within the queries that an invocation of the free plan has", async () => {
  await save(20);
  for (let n = 0; n < 5; n++) await newWorkspace();
  for (const name of ["a", "b", "c", "d", "e", "f", "g", "h"])
    await declareBreakdown(workspace.db, workspace.ref, `property:${name}`, noon);
  await corrupt();
  let queries = 0;
  const counting = new WatchedDatabase(env.DB, (run, statements) => {
    queries += statements.length;
    return run();
  });
  const runs: number[] = [];
  do {
    queries = 0;
    await runOnce(counting);
    runs.push(queries);
  } while (await overdue());
  expect(runs.length).toBeGreaterThan(5);
  expect(Math.max(...runs)).toBeLessThanOrEqual(50);
  expect(Math.max(...runs)).toBeGreaterThan(30);
});
