import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { Cache } from "../../../worker/cache.ts";
import { recordedDatabase, WatchedDatabase } from "../watched.ts";
import { request, requestUnlimited } from "../workspace.ts";

const lastMigration = env.TEST_MIGRATIONS.at(-1)?.name;

test("a deployment that can count says so, with its last migration", async () => {
  const answer = await request("/health");
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({
    status: "ok",
    database: true,
    counts_guarded: true,
    schema: lastMigration,
    counts_checked: null,
  });
  expect(answer.headers.get("cache-control")).toBe("no-store");
});

test("without a database it fails, and its answer is still an answer", async () => {
  const down = new WatchedDatabase(env.DB, () => Promise.reject(new Error("D1_ERROR: canary text")));
  const answer = await requestUnlimited("/health", {}, down);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({
    status: "failing",
    database: false,
    counts_guarded: false,
    schema: null,
    counts_checked: null,
  });
});

test("before the first migration it fails", async () => {
  const tables = [
    "count_checks",
    "impression_counts",
    "breakdown_values",
    "breakdowns",
    "rating_counts",
    "responses",
    "touchpoints",
    "surveys",
    "keys",
  ];
  for (const table of [...tables, "workspaces", "d1_migrations"]) await env.DB.exec(`DROP TABLE ${table}`);
  const answer = await request("/health");
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ status: "failing", database: true, schema: null });
});

test("a roll-up without one of its triggers, or with another one in its place, is reported", async () => {
  expect((await request("/health")).status).toBe(200);
  const trigger = env.DB.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' LIMIT 1");
  const { name = "", sql = "" } = (await trigger.first<{ name: string; sql: string }>()) ?? {};
  const failing = { status: "failing", database: true, counts_guarded: false };
  // A good result is cached for a minute, a bad one not at all.
  Cache.forget("schema");
  await env.DB.exec(`DROP TRIGGER ${name}`);
  expect(await (await request("/health")).json()).toMatchObject(failing);
  await env.DB.prepare(sql.replace("+ 1", "+ 2")).run();
  expect(await (await request("/health")).json()).toMatchObject(failing);
});

test("a roll-up without the checks that guard its counters is reported", async () => {
  const ddl = await env.DB.prepare(
    "SELECT sql FROM sqlite_master WHERE name = 'rating_counts'",
  ).first<string>("sql");
  await env.DB.exec("DROP TABLE rating_counts");
  await env.DB.prepare((ddl ?? "").replace("CHECK (r7 >= 0)", "")).run();
  const answer = await request("/health");
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ status: "failing", database: true, counts_guarded: false });
});

test("asked again within a minute, it reads nothing of the schema and at most one row", async () => {
  const { d1, batches } = recordedDatabase(env.DB);
  expect((await requestUnlimited("/health", {}, d1)).status).toBe(200);
  batches.length = 0;
  expect((await requestUnlimited("/health", {}, d1)).status).toBe(200);
  const sent = batches.flat().map(({ sql }) => sql);
  expect(sent).toEqual([expect.stringMatching(/FROM count_checks ORDER BY ref DESC LIMIT 1$/)]);
});
