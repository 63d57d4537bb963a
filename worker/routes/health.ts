import type { Hono } from "hono";
import * as z from "zod";
import type { App } from "../app.ts";
import { installTriggers } from "../db/counting.ts";
import { readSchema } from "../db/schema.ts";
import { openEndpoint } from "../endpoint.ts";

const Health = z.object({
  status: z.enum(["ok", "failing"]),
  database: z.boolean().describe("The database answers"),
  schema: z.string().nullable().describe("The last migration that was applied"),
  counts_guarded: z
    .boolean()
    .describe("The triggers that keep the roll-up are there, and the checks that stop a wrong count"),
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
      // A new deployment has not written yet: the first to ask installs what counts.
      await c.var.db.ensure(installTriggers).catch(() => undefined);
      const schema = await readSchema(c.var.db).catch(() => null);
      const countsGuarded = schema?.countsGuarded ?? false;
      const health: z.input<typeof Health> = {
        status: schema?.migration && countsGuarded ? "ok" : "failing",
        database: schema !== null,
        schema: schema?.migration ?? null,
        counts_guarded: countsGuarded,
      };
      return c.json(health, health.status === "ok" ? 200 : 503, { "cache-control": "no-store" });
    },
  );
}
