import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { Cache } from "../../../worker/cache.ts";
import { granted } from "../../../worker/db/budget.ts";
import type { Statement } from "../../../worker/db/database.ts";
import worker, { app } from "../../../worker/demo/index.ts";
import { jobs, mails } from "../../../worker/scheduled.ts";
import { largestRequests } from "../../largest.ts";
import type { Deployment, Largest } from "../../largest-input.ts";
import { largestWork } from "../../largest-work.ts";
import { recordedDatabase } from "../watched.ts";
import { newWorkspace, requestUnlimited } from "../workspace.ts";

const utf8 = new TextEncoder();

/** What the platform limits. */
function asked(batches: readonly (readonly Statement[])[]) {
  const values = batches.flat().map((statement) => statement.values);
  const bytes = values.flat().map((value) => utf8.encode(String(value)).byteLength);
  return {
    statements: values.length,
    values: Math.max(0, ...values.map(({ length }) => length)),
    bytes: Math.max(0, ...bytes),
  };
}

function expectGranted(name: string, batches: readonly (readonly Statement[])[]): void {
  const { statements, values, bytes } = asked(batches);
  expect(statements, name).toBeLessThanOrEqual(granted.statements);
  expect(values, name).toBeLessThanOrEqual(granted.values);
  expect(bytes, name).toBeLessThanOrEqual(granted.bytes);
}

/** Tables with a few rows, or read only from their end. */
const small = ["count_checks", "d1_migrations", "due_jobs", "mailer", "sqlite_master"];

/**
 * Expects that each statement seeks its rows in an index, or walks an index of due rows only: then it costs the same
 * with 2,000 rows and with millions. Plans do not depend on the stored data, since nothing here runs ANALYZE.
 */
async function expectSought(batches: readonly (readonly Statement[])[]): Promise<void> {
  const schema = await env.DB.prepare("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").all<
    Record<"type" | "name" | "sql", string>
  >();
  expect(schema.results.some(({ name }) => name.startsWith("sqlite_stat"))).toBe(false);
  const named = (type: string) => schema.results.filter((row) => row.type === type);
  const partial = named("index")
    .filter(({ sql }) => / WHERE /.test(sql))
    .map(({ name }) => name);
  const growing = named("table")
    .map(({ name }) => name)
    .filter((name) => !small.includes(name));
  const found = new Set<string>();
  for (const { sql, values } of new Map(
    batches.flat().map((statement) => [statement.sql, statement]),
  ).values()) {
    const tables = new Map(
      [...sql.matchAll(/(\w+)\s+AS\s+(\w+)/g)].map(([, table, alias]) => [alias, table]),
    );
    const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...values)
      .all<{ detail: string }>();
    for (const { detail } of plan.results) {
      const [, name = "", index = ""] = /^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?/.exec(detail) ?? [];
      const table = tables.get(name) ?? name;
      if (growing.includes(table) && !partial.includes(index))
        found.add(`${detail}: ${sql.trim().slice(0, 200)}`);
    }
  }
  expect([...found]).toEqual([]);
}

const routes = [
  ...new Set(
    app.routes
      .filter(({ method }) => method !== "ALL" && method !== "OPTIONS")
      .map(({ method, path }) => `${method} ${path}`),
  ),
];

async function deployment(): Promise<Deployment> {
  const workspace = await newWorkspace();
  const { DB: d1, CANDOR_SECRET: secret, MAIL_EVENTS_SECRET: eventsSecret = "" } = env;
  const origin = "http://candor.test";
  return {
    ...workspace,
    d1,
    secret,
    eventsSecret,
    origin,
    send: (path, sent) => requestUnlimited(path, sent),
  };
}

test("every route stays within what an invocation is granted, with the largest input that it takes, and seeks its rows", async () => {
  const requests = await largestRequests(await deployment());
  expect([...new Set(requests.map(({ route }) => route))].sort()).toEqual(routes.sort());
  const all: (readonly Statement[])[] = [];
  const ask = async ({ route, path, status = 200, ...sent }: Largest) => {
    // Each request is like an isolate's first one, with empty caches.
    Cache.forget("keys", "offered");
    const { d1, batches } = recordedDatabase(env.DB);
    const [method = ""] = route.split(" ");
    const answer = await requestUnlimited(path, { method, ...sent }, d1);
    const isAnswered = answer.status === status;
    expect(answer.status, isAnswered ? route : `${route}: ${await answer.text()}`).toBe(status);
    if (answer.headers.get("content-type") === "text/event-stream") await answer.body?.cancel();
    expectGranted(route, batches);
    all.push(...batches);
  };
  for (const request of requests) await ask(request);
  await expectSought(all);
});

test("every job stays within what an invocation is granted, with all the work that can be due, and seeks its rows", async () => {
  await largestWork(await deployment());
  const all: (readonly Statement[])[] = [];
  for (const { name } of [...jobs, mails]) {
    await env.DB.exec("DELETE FROM due_jobs");
    const others = jobs.filter((job) => job.name !== name).map((job) => job.name);
    await env.DB.prepare("INSERT INTO due_jobs (name, due_at) SELECT value, ?2 FROM json_each(?1)")
      .bind(JSON.stringify(others), Number.MAX_SAFE_INTEGER)
      .run();
    const { d1, batches } = recordedDatabase(env.DB);
    const context = createExecutionContext();
    const bindings = { ...env, DB: d1, BUDGET: "throws", MAIL_URL: "", MAIL: sink };
    const controller = createScheduledController(name === mails.name ? { cron: "* * * * *" } : {});
    worker.scheduled(controller, bindings, context);
    await waitOnExecutionContext(context);
    expectGranted(name, batches);
    all.push(...batches);
    // The job was claimed and released, and did something in between.
    expect(batches.flat().length, name).toBeGreaterThan(4);
  }
  await expectSought(all);
});

/** Accepts every mail. */
const sink: SendEmail = { send: () => Promise.resolve({ messageId: "1" }) };
