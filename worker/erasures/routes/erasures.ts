import type { Hono } from "hono";
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

export function erasureRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "post",
      path: "/v1/erasures",
      access: "manage",
      summary: "Forget a person everywhere: answers, invitations, mails, clocks, claims. Safe to repeat",
      body: ErasureInput,
      answers: {
        200: { description: "Done: what was removed, also where there was nothing", schema: Erasure },
        202: {
          description: "More than one request can do: ask GET /v1/erasures/{id} how far it is",
          schema: Erasure,
        },
      },
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
      const done = await continueErasure(env, db, begun, now);
      const row = await findErasure(db, caller.workspace, begun.id);
      if (!row) throw new Problem("internal-error");
      return json(c, erasureJson(row), done ? 200 : 202);
    },
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
