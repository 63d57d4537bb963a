import type { Context, Hono } from "hono";
import type * as z from "zod";
import { Erasure, ErasureInput, erasedTables } from "../../../shared/contract/erasures.ts";
import { storedSpellings } from "../../../shared/mail/mentions.ts";
import { actOf } from "../../audit/act.ts";
import { fromJson } from "../../db/json.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { instantOrNull } from "../../http/paging.ts";
import { orNotFound, Problem } from "../../http/problem.ts";
import { beginErasure, type ErasureRow, findErasure } from "../../people/db/erasures.ts";
import { respondentHash } from "../../people/person.ts";
import { newId } from "../../secrets/ids.ts";
import { continueErasure } from "../erasure.ts";

function erasureJson({ id, step, removed, createdAt, finishedAt }: ErasureRow): z.input<typeof Erasure> {
  const counts = fromJson(removed);
  return {
    id,
    state: finishedAt === null ? "running" : "done",
    waits_for: step === "files" ? "recipients" : null,
    removed: Object.fromEntries(erasedTables.map((table) => [table, counts[table] ?? 0])) as z.input<
      typeof Erasure
    >["removed"],
    created_at: new Date(createdAt).toISOString(),
    finished_at: instantOrNull(finishedAt),
  };
}

const answers = {
  200: { description: "Done: what was removed, also where there was nothing", schema: Erasure },
  202: {
    description:
      "More than one request can do: the clock goes on with it, and GET /v1/erasures/{id} says how far it is",
    schema: Erasure,
  },
};

/** Erases what one request can. */
async function answer(c: Context<App>, row: ErasureRow): Promise<Response> {
  const { db, now } = c.var;
  await continueErasure(c.env, db, row, now);
  const reached = orNotFound(await findErasure(db, row.workspaceRef, row.id));
  return json(c, erasureJson(reached), reached.finishedAt === null ? 202 : 200);
}

export function erasureRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "post",
      path: "/v1/erasures",
      access: "manage",
      summary:
        "Forget a person everywhere: answers, invitations, mails, clocks, claims. Safe to repeat: one that is under way searches everything once more",
      body: ErasureInput,
      answers,
    },
    async ({ c, caller, body }) => {
      const { env } = c;
      const { db, now } = c.var;
      const spellings = storedSpellings(body.respondent);
      const [canonical = body.respondent] = spellings;
      const person = await respondentHash(env.CANDOR_SECRET, caller.workspaceId, canonical);
      const wanted = { id: newId("ers"), person, spellings };
      const act = actOf(c, caller, "erasure.begun", wanted.id);
      const begun = await beginErasure(db, caller.workspace, wanted, now, act);
      if (!begun) throw new Problem("internal-error");
      return answer(c, begun);
    },
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/erasures/:erasure",
      access: "manage",
      summary: "Go on with an erasure at once, instead of by the clock",
      answers,
    },
    async ({ c, caller, param }) =>
      answer(c, orNotFound(await findErasure(c.var.db, caller.workspace, param("erasure")))),
  );

  endpoint(
    app,
    {
      method: "get",
      path: "/v1/erasures/:erasure",
      access: "read",
      summary: "How far an erasure is, and what it has removed; it does not say of whom",
      answers: { 200: { description: "The erasure", schema: Erasure } },
    },
    async ({ c, caller, param }) => {
      const row = orNotFound(await findErasure(c.var.db, caller.workspace, param("erasure")));
      return json(c, erasureJson(row));
    },
  );
}
