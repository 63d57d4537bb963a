import type { Hono } from "hono";
import * as z from "zod";
import { instantOut } from "../../../shared/contract/fields.ts";
import { minuteMs } from "../../../shared/time/durations.ts";
import { Cache } from "../../cache.ts";
import type { App } from "../../environment.ts";
import { openEndpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { limitAddress } from "../../http/limits.ts";
import { type CountCheck, lastCheck } from "../../rollup/checks.ts";
import { readSchema, type Schema } from "../../rollup/guards.ts";
import { installTriggers } from "../../rollup/triggers.ts";

const Health = z.object({
  status: z.enum(["ok", "failing"]),
  database: z.boolean().describe("The database answers"),
  schema: z.string().nullable().describe("The last migration that was applied"),
  counts_guarded: z
    .boolean()
    .describe("The triggers that keep the roll-up are there, and the checks that stop a wrong count"),
  counts_checked: z
    .object({
      at: instantOut,
      shards: z.int().describe("Parts of the roll-up that were compared: a workspace and some days each"),
      differing: z.int().describe("Counters that were not what the responses say"),
      repaired: z.int().describe("Of these, those that are now; where some are not, the status is failing"),
    })
    .nullable()
    .describe("The last daily comparison of the roll-up with the responses; null: none yet"),
});

/** Reading the schema reads all of it, so it is cached. */
const schemas = new Cache<Schema>("schema", minuteMs);

const checkedJson = ({ begunAt, ...check }: CountCheck) => ({
  at: new Date(begunAt).toISOString(),
  ...check,
});

export function healthRoutes(app: Hono<App>): void {
  openEndpoint(
    app,
    {
      method: "get",
      path: "/health",
      summary: "Whether this deployment can take and count responses",
      answers: {
        200: { description: "It can", schema: Health },
        503: { description: "It cannot", schema: Health },
      },
    },
    async (c) => {
      await limitAddress(c);
      // A new deployment has not written yet: the first health check installs the triggers that count.
      await c.var.db.ensure(installTriggers).catch(() => undefined);
      const checked = await lastCheck(c.var.db).catch(() => {
        // A fault may be repaired at any moment, so it is not cached.
        schemas.clear();
        return null;
      });
      const schema = await schemas.get("", c.var.now, () => readSchema(c.var.db)).catch(() => null);
      const countsGuarded = schema?.countsGuarded ?? false;
      if (!schema?.migration || !countsGuarded) schemas.clear();
      const repaired = !checked || checked.differing === checked.repaired;
      const health: z.input<typeof Health> = {
        status: schema?.migration && countsGuarded && repaired ? "ok" : "failing",
        database: schema !== null,
        schema: schema?.migration ?? null,
        counts_guarded: countsGuarded,
        counts_checked: checked && checkedJson(checked),
      };
      return json(c, health, health.status === "ok" ? 200 : 503, { "cache-control": "no-store" });
    },
  );
}
