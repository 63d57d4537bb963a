import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach } from "vitest";
import { Cache } from "../../worker/cache.ts";
import { Database } from "../../worker/db/database.ts";
import { installTriggers } from "../../worker/rollup/triggers.ts";

/** The schema that migrations and worker produce, as one text. Applying the migrations one by one takes four times as long. */
let schema: string | null = null;

async function readSchema(): Promise<string> {
  const { results } = await env.DB.prepare(
    `SELECT sql || ';' AS sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'
     ORDER BY type = 'trigger', type = 'index', rowid`,
  ).all<{ sql: string }>();
  const applied = env.TEST_MIGRATIONS.map(
    ({ name }) => `INSERT INTO d1_migrations (name) VALUES ('${name}');`,
  );
  return [...results.map(({ sql }) => sql), ...applied].join("\n");
}

beforeEach(async () => {
  if (schema !== null) return void (await env.DB.prepare(schema).run());
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
  // The worker installs the triggers once in its life, but each test starts with an empty database.
  await installTriggers(new Database(env.DB));
  schema = await readSchema();
});
afterEach(async () => {
  await reset();
  Cache.forget("keys", "offered", "schema");
});
