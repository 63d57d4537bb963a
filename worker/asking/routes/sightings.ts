import type { Hono } from "hono";
import type * as z from "zod";
import { isNamed } from "../../../shared/asking/origins.ts";
import { Sightings } from "../../../shared/contract/sightings.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { orNotFound } from "../../http/problem.ts";
import { findTouchpoint } from "../../surveys/db/touchpoints.ts";
import { registeredOrigins } from "../../workspaces/db/keys.ts";
import { findSightings } from "../db/sightings.ts";

export function sightingRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/touchpoints/:touchpoint/seen",
      access: "read",
      summary: "On which origins pages asked for a touchpoint: whether the snippet arrived",
      answers: {
        200: {
          description: "At most 50 origins; registered ones first, then those that were seen last",
          schema: Sightings,
        },
      },
    },
    async ({ c, caller, param }) => {
      const { db } = c.var;
      const touchpoint = orNotFound(await findTouchpoint(db, caller.workspace, param("touchpoint")));
      const origins = await registeredOrigins(db, caller.workspace);
      const sightings = await findSightings(db, touchpoint.ref);
      const data = sightings.map(({ origin, firstSeenAt, lastSeenAt }) => ({
        origin,
        first_seen_at: new Date(firstSeenAt).toISOString(),
        last_seen_at: new Date(lastSeenAt).toISOString(),
        registered: isNamed(origin, origins),
      }));
      data.sort((one, two) => Number(two.registered) - Number(one.registered));
      const answer: z.input<typeof Sightings> = { data };
      return json(c, answer);
    },
  );
}
