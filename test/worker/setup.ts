import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach } from "vitest";
import { forgetKeys } from "../../worker/auth.ts";
import { forgetAsked } from "../../worker/routes/asked.ts";

beforeEach(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
});
afterEach(async () => {
  await reset();
  forgetKeys();
  forgetAsked();
});
