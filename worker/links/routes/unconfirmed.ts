import type { Context, Hono } from "hono";
import type * as z from "zod";
import { Unconfirmed, UnconfirmedQuery } from "../../../shared/contract/links.ts";
import { actOf } from "../../audit/act.ts";
import type { App, Caller } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { orNotFound } from "../../http/problem.ts";
import { findTouchpoint, type TouchpointRow } from "../../surveys/db/touchpoints.ts";
import { countUnconfirmed, removeUnconfirmed } from "../db/clicks.ts";

const path = "/v1/touchpoints/:touchpoint/unconfirmed";

export function unconfirmedRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path,
      access: "read",
      summary:
        "How many ratings were clicked in mails and confirmed by nobody: mail scanners, mostly. No score has them",
      query: UnconfirmedQuery,
      answers: { 200: { description: "Their number, and what they show of machines", schema: Unconfirmed } },
    },
    async ({ c, caller, param, query }) => {
      const { ref, name } = await found(c, caller, param("touchpoint"));
      const { from = 0, to = c.var.now + 1 } = query;
      const counted = await countUnconfirmed(c.var.db, caller.workspace, ref, from, to);
      return json(c, { touchpoint: name, ...counted } satisfies z.input<typeof Unconfirmed>);
    },
  );

  endpoint(
    app,
    {
      method: "delete",
      path,
      access: "manage",
      summary: "Forget the ratings that were clicked and confirmed by nobody",
      query: UnconfirmedQuery,
      answers: { 204: { description: "Forgotten" } },
    },
    async ({ c, caller, param, query }) => {
      const { ref, name } = await found(c, caller, param("touchpoint"));
      const { from = 0, to = c.var.now + 1 } = query;
      const act = actOf(c, caller, "unconfirmed.forgotten", name);
      await removeUnconfirmed(c.var.db, caller.workspace, ref, from, to, act);
      return c.body(null, 204);
    },
  );
}

async function found(c: Context<App>, caller: Caller, name: string): Promise<TouchpointRow> {
  const touchpoint = orNotFound(await findTouchpoint(c.var.db, caller.workspace, name));
  return touchpoint;
}
