import type { Context, Hono } from "hono";
import type * as z from "zod";
import { Breakdown, BreakdownInput, Breakdowns } from "../../../shared/contract/breakdowns.ts";
import { actOf } from "../../audit/act.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { orNotFound, Problem } from "../../http/problem.ts";
import {
  type BreakdownRow,
  continueBreakdowns,
  declareBreakdown,
  findBreakdown,
  listBreakdowns,
  maxBreakdowns,
  removeBreakdown,
} from "../breakdowns.ts";

const breakdownJson = (row: BreakdownRow): z.input<typeof Breakdown> => ({
  dimension: row.dimension,
  ready: row.ready === 1,
  progress: { counted: row.counted, total: row.total },
  values: row.values,
  listed: row.listed === 1,
  created_at: new Date(row.createdAt).toISOString(),
});

/** A request on the free plan has 50 queries. This takes 40 of them and leaves the rest to the handler. */
const chunksAfterRequest = 8;

/** Continues after the answer. The schedule does what is left. */
const workOn = (c: Context<App>) =>
  c.executionCtx.waitUntil(continueBreakdowns(c.var.db, chunksAfterRequest));

const refusal = (detail: string, pointer = "/dimension") =>
  new Problem("conflict", { errors: [{ pointer, detail }] });

export function breakdownRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/breakdowns",
      access: "read",
      summary: "List the breakdowns, oldest first",
      answers: { 200: { description: "All breakdowns", schema: Breakdowns } },
    },
    async ({ c, caller }) => {
      const rows = await listBreakdowns(c.var.db, caller.workspace);
      return json(c, { data: rows.map(breakdownJson) } satisfies z.input<typeof Breakdowns>);
    },
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/breakdowns",
      access: "write",
      summary: "Count the responses by a property or by locale, those that are there too; up to 10 of these",
      body: BreakdownInput,
      answers: {
        200: { description: "It was there already", schema: Breakdown },
        201: { description: "The new breakdown", schema: Breakdown },
      },
    },
    async ({ c, caller, body }) => {
      const { dimension, values = null } = body;
      const act = actOf(c, caller, "breakdown.created", dimension);
      const declared = await declareBreakdown(c.var.db, caller.workspace, dimension, c.var.now, values, act);
      if (!declared) throw refusal(`a workspace has at most ${maxBreakdowns} breakdowns`);
      const { created, breakdown, agrees } = declared;
      if (breakdown.removedAt !== null) throw refusal("is still being removed: try again later");
      if (!agrees) throw refusal("counts other values by themselves: remove it first", "/values");
      workOn(c);
      return json(c, breakdownJson(breakdown), created ? 201 : 200);
    },
  );

  endpoint(
    app,
    {
      method: "get",
      path: "/v1/breakdowns/:dimension",
      access: "read",
      summary: "Read a breakdown, and how far it has come",
      answers: { 200: { description: "The breakdown", schema: Breakdown } },
    },
    async ({ c, caller, param }) => {
      const row = orNotFound(await findBreakdown(c.var.db, caller.workspace, param("dimension")));
      return json(c, breakdownJson(row));
    },
  );

  endpoint(
    app,
    {
      method: "delete",
      path: "/v1/breakdowns/:dimension",
      access: "write",
      summary: "Remove a breakdown and its counts; the responses and all other scores stay",
      answers: { 204: { description: "Removed" } },
    },
    async ({ c, caller, param }) => {
      const { db, now } = c.var;
      const { dimension } = orNotFound(await findBreakdown(db, caller.workspace, param("dimension")));
      const act = actOf(c, caller, "breakdown.removed", dimension);
      await removeBreakdown(db, caller.workspace, dimension, now, act);
      workOn(c);
      return c.body(null, 204);
    },
  );
}
