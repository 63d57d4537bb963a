import type { Hono } from "hono";
import type * as z from "zod";
import { PageQuery, pageOf } from "../../../shared/contract/fields.ts";
import { ArchivedKey, Key, KeyInput, KeyPatch, NewKey } from "../../../shared/contract/keys.ts";
import { actOf } from "../../audit/act.ts";
import { Cache } from "../../cache.ts";
import { fromJson, toJson } from "../../db/json.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { instantOrNull, list } from "../../http/paging.ts";
import { orNotFound, Problem } from "../../http/problem.ts";
import { newId } from "../../secrets/ids.ts";
import { hashKey, newKey, publishableKey } from "../../secrets/secrets.ts";
import { archiveKey, findKey, insertKey, type KeyRow, keysMadeBy, listKeys, updateKey } from "../db/keys.ts";

const keyJson = (row: KeyRow): z.input<typeof Key> => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  last_four: row.lastFour,
  scopes: fromJson(row.scopes),
  origins: fromJson(row.origins),
  created_at: new Date(row.createdAt).toISOString(),
  archived_at: instantOrNull(row.archivedAt),
  made_by: row.madeBy,
});

export function keyRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/keys",
      access: "manage",
      summary: "List the keys, oldest first; the keys themselves are stored nowhere",
      query: PageQuery,
      answers: { 200: { description: "A page of keys", schema: pageOf(Key) } },
    },
    async ({ c, caller, query }) =>
      json(c, await list(c, caller, query, { prefix: "key", read: listKeys, toJson: keyJson })),
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/keys",
      access: "manage",
      summary:
        "Create a key; it is shown this once. Members make a secret one within 15 minutes of signing in",
      body: KeyInput,
      answers: { 201: { description: "The new key", schema: NewKey } },
    },
    async ({ c, caller, body }) => {
      const publishable = body.kind === "publishable";
      if (publishable && body.scopes) throw Problem.field("/scopes", "a publishable key has none");
      if (!publishable && body.origins.length > 0)
        throw Problem.field("/origins", "only publishable keys have origins");
      const scopes: string[] = publishable ? ["respond"] : (body.scopes ?? ["read"]);
      const lacking = (["read", "write"] as const).find(
        (scope) => scopes.includes(scope) && !caller.may.includes(scope),
      );
      if (lacking)
        throw new Problem("forbidden", { detail: `It cannot give the scope ${lacking}, which it lacks` });
      // A publishable one is in the source of pages.
      if (!publishable && caller.is === "member") caller.requireFresh();
      const id = newId("key");
      const key = publishable ? await publishableKey(c.env.CANDOR_SECRET, id) : newKey("secret");
      const row: KeyRow = {
        id,
        name: body.name,
        kind: body.kind,
        lastFour: key.slice(-4),
        scopes: toJson(scopes),
        origins: toJson(body.origins),
        createdAt: c.var.now,
        archivedAt: null,
        madeBy: caller.id,
      };
      const act = actOf(c, caller, "key.created", row.id);
      await insertKey(c.var.db, caller.workspace, row, await hashKey(key), act);
      return json(c, { ...keyJson(row), key }, 201);
    },
  );

  endpoint(
    app,
    {
      method: "get",
      path: "/v1/keys/:id",
      access: "manage",
      summary: "Read what a key may do",
      answers: { 200: { description: "The key", schema: Key } },
    },
    async ({ c, caller, param }) => {
      const row = orNotFound(await findKey(c.var.db, caller.workspace, param("id")));
      return json(c, keyJson(row));
    },
  );

  endpoint(
    app,
    {
      method: "patch",
      path: "/v1/keys/:id",
      access: "manage",
      summary: "Change a key's name or its origins",
      body: KeyPatch,
      answers: { 200: { description: "The changed key", schema: Key } },
    },
    async ({ c, caller, param, body }) => {
      const row = orNotFound(await findKey(c.var.db, caller.workspace, param("id")));
      if (row.kind === "secret" && body.origins)
        throw Problem.field("/origins", "only publishable keys have origins");
      const changed = orNotFound(
        await updateKey(
          c.var.db,
          caller.workspace,
          row.id,
          { name: body.name, origins: body.origins && toJson(body.origins) },
          actOf(c, caller, "key.changed", row.id),
        ),
      );
      Cache.forget("keys");
      return json(c, keyJson(changed));
    },
  );

  endpoint(
    app,
    {
      method: "delete",
      path: "/v1/keys/:id",
      access: "manage",
      summary: "Archive a key for good: a secret one is refused at once, a publishable one within a minute",
      answers: {
        200: { description: "The archived key, and which keys that it made still work", schema: ArchivedKey },
      },
    },
    async ({ c, caller, param }) => {
      const act = actOf(c, caller, "key.archived", param("id"));
      const archived = orNotFound(await archiveKey(c.var.db, caller.workspace, param("id"), c.var.now, act));
      Cache.forget("keys");
      const [keys = []] = await c.var.db.batch<z.input<typeof ArchivedKey>["keys"][number]>([
        keysMadeBy(caller.workspace, archived.id),
      ]);
      return json(c, { ...keyJson(archived), keys } satisfies z.input<typeof ArchivedKey>);
    },
  );
}
