import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach } from "vitest";
import { forgetKeys } from "../../worker/auth.ts";
import { installTriggers } from "../../worker/db/counting.ts";
import { Database } from "../../worker/db/database.ts";
import { forgetAsked } from "../../worker/routes/asked.ts";
import { forgetSchema } from "../../worker/routes/health.ts";

beforeEach(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
  // The worker installs them once in its life, and each test starts from an empty database.
  await installTriggers(new Database(env.DB));
});
afterEach(async () => {
  await reset();
  forgetKeys();
  forgetAsked();
  forgetSchema();
});
