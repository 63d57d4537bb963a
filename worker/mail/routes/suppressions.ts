import type { Context, Hono } from "hono";
import type * as z from "zod";
import { pageOf } from "../../../shared/contract/fields.ts";
import {
  Suppression,
  SuppressionSearch,
  Suppressions,
  SuppressionsInput,
  SuppressionsQuery,
} from "../../../shared/contract/mail/mail.ts";
import { canonicalSpelling } from "../../../shared/mail/addresses.ts";
import { claimedSpelling } from "../../../shared/mail/mentions.ts";
import { actOf } from "../../audit/act.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { pageBody, refuseCursor } from "../../http/paging.ts";
import { Problem } from "../../http/problem.ts";
import { hashesOf, suppressionKey } from "../../people/person.ts";
import { seal, secretsOf, unseal } from "../../secrets/secrets.ts";
import {
  allowAgain,
  findSuppressions,
  listSuppressions,
  type SuppressionRow,
  suppress,
} from "../db/suppressions.ts";

const prefix = "sup_";
const purpose = "suppression";

/** Request addresses end up in logs, so mail addresses must not stand in them. The id is the sealed address. */
const idOf = async ({ env }: Context<App>, key: string) =>
  prefix + (await seal(env.CANDOR_SECRET, purpose, key));

/** null: not an id of ours. */
async function keyOf({ env }: Context<App>, id: string): Promise<string | null> {
  const opened = id.startsWith(prefix)
    ? await unseal(secretsOf(env), purpose, id.slice(prefix.length))
    : null;
  return typeof opened?.value === "string" ? opened.value : null;
}

async function suppressionJson(
  c: Context<App>,
  { address, reason, createdAt }: SuppressionRow,
): Promise<z.input<typeof Suppression>> {
  const isHash = address.startsWith(suppressionKey(""));
  return {
    id: await idOf(c, address),
    email: isHash ? null : address,
    hash: isHash ? address.slice(suppressionKey("").length) : null,
    reason,
    created_at: new Date(createdAt).toISOString(),
  };
}

export function suppressionRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/suppressions",
      access: "read",
      summary: "List the addresses to which nothing is sent any more, and why",
      query: SuppressionsQuery,
      answers: { 200: { description: "A page of addresses", schema: pageOf(Suppression) } },
    },
    async ({ c, caller, query: { limit, cursor } }) => {
      const after = cursor === undefined ? "" : await keyOf(c, cursor);
      const rows = await listSuppressions(c.var.db, caller.workspace, after ?? refuseCursor(), limit + 1);
      const { data, next_cursor: last } = pageBody(
        rows,
        limit,
        (row) => row,
        ({ address }) => address,
      );
      const next_cursor = last === null ? null : await idOf(c, last);
      return json(c, { data: await Promise.all(data.map((row) => suppressionJson(c, row))), next_cursor });
    },
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/suppressions/search",
      access: "read",
      summary: "Find an address on the list, also where its owner was erased and only a hash of it is left",
      body: SuppressionSearch,
      answers: { 200: { description: "What stands for it, or nothing", schema: Suppressions } },
    },
    async ({ c, caller, body: { email } }) => {
      const address = claimedSpelling(email);
      const hashes = await hashesOf(c.env, caller.workspaceId, address);
      const keys = [address, ...hashes.map(suppressionKey)];
      const rows = await findSuppressions(c.var.db, caller.workspace, keys);
      const data = await Promise.all(rows.map((row) => suppressionJson(c, row)));
      return json(c, { data } satisfies z.input<typeof Suppressions>);
    },
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/suppressions",
      access: "write",
      summary: "Send nothing more to these addresses, such as those that unsubscribed elsewhere",
      body: SuppressionsInput,
      answers: { 204: { description: "They are on the list" } },
    },
    async ({ c, caller, body: { emails } }) => {
      const { db, now } = c.var;
      const act = actOf(c, caller, "suppressions.added", caller.workspaceId);
      await suppress(db, caller.workspace, emails.map(canonicalSpelling), "manual", now, act);
      return c.body(null, 204);
    },
  );

  endpoint(
    app,
    {
      method: "delete",
      path: "/v1/suppressions/:id",
      access: "write",
      summary:
        "Take an address off the list, by the id that the list or a search told: only when its owner wants that",
      answers: { 204: { description: "It is not on the list any more" } },
    },
    async ({ c, caller, param }) => {
      const key = await keyOf(c, param("id"));
      // The id is the sealed address: it is not written down.
      const act = actOf(c, caller, "suppressions.removed", caller.workspaceId);
      if (key === null || !(await allowAgain(c.var.db, caller.workspace, key, act)))
        throw new Problem("not-found");
      return c.body(null, 204);
    },
  );
}
