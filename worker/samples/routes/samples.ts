import type { Context, Hono } from "hono";
import type * as z from "zod";
import { Samples } from "../../../shared/contract/surveys/samples.ts";
import { actOf } from "../../audit/act.ts";
import type { App, Caller } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { Problem } from "../../http/problem.ts";
import { findTouchpoint } from "../../surveys/db/touchpoints.ts";
import { insertSample, listSamples, removeSample, type SampleRow } from "../db/samples.ts";
import { idsAt, invent, type Part, parts } from "../sample.ts";

const samplesJson = (rows: readonly SampleRow[]): z.input<typeof Samples> => ({
  loaded: rows.length,
  total: parts.length,
  data: rows.map(({ touchpoint, survey, kind }) => ({ touchpoint, survey, kind })),
});

const answers = { 200: { description: "How much of the sample is there", schema: Samples } };

/** Throws a 409 where the name is a touchpoint's that is none of a sample. */
async function load(c: Context<App>, caller: Caller, part: Part): Promise<void> {
  const { db, now } = c.var;
  const act = actOf(c, caller, "sample.loaded", part.touchpoint);
  await insertSample(db, caller.workspace, await invent(part, now), act);
  const stored = await findTouchpoint(db, caller.workspace, part.touchpoint);
  if (stored?.sample === 0)
    throw new Problem("conflict", { detail: `There is a touchpoint ${part.touchpoint} of your own` });
}

/** Each request is a part of the whole, in one transaction: whoever goes on after a broken one loses and doubles nothing. */
export function sampleRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/samples",
      access: "manage",
      summary: "How much of the sample is loaded: invented answers, by which one sees the product alive",
      answers,
    },
    async ({ c, caller }) => json(c, samplesJson(await listSamples(c.var.db, caller.workspace))),
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/samples",
      access: "manage",
      summary:
        "Load the next part of the sample, until loaded is total: a touchpoint with six weeks of invented answers, which is never asked, and added up with nothing else",
      answers,
    },
    async ({ c, caller }) => {
      const there = await listSamples(c.var.db, caller.workspace);
      const next = parts.find(({ touchpoint }) => there.every((row) => row.touchpoint !== touchpoint));
      if (next) await load(c, caller, next);
      return json(c, samplesJson(next ? await listSamples(c.var.db, caller.workspace) : there));
    },
  );

  endpoint(
    app,
    {
      method: "delete",
      path: "/v1/samples",
      access: "manage",
      summary: "Remove the next part of the sample, until loaded is 0: with its answers, counts and survey",
      answers,
    },
    async ({ c, caller }) => {
      const [next, ...others] = await listSamples(c.var.db, caller.workspace);
      if (!next) return json(c, samplesJson([]));
      const act = actOf(c, caller, "sample.removed", next.touchpoint);
      await removeSample(c.var.db, caller.workspace, next, await idsAt(next.id), act);
      return json(c, samplesJson(others));
    },
  );
}
