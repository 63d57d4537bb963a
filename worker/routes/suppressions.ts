import type { Hono } from "hono";
import type * as z from "zod";
import { canonicalPerson } from "../../shared/addresses.ts";
import { pageOf } from "../../shared/contract/fields.ts";
import { Suppression, SuppressionsInput, SuppressionsQuery } from "../../shared/contract/mail.ts";
import type { App } from "../app.ts";
import { allowAgain, listSuppressions, type SuppressionRow, suppress } from "../db/suppressions.ts";
import { endpoint } from "../endpoint.ts";
import { json } from "../json.ts";
import { pageBody } from "./page.ts";

const suppressionJson = ({ address, reason, createdAt }: SuppressionRow): z.input<typeof Suppression> => ({
  ...{ email: address, reason, created_at: new Date(createdAt).toISOString() },
});

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
    async ({ c, caller, query: { limit, cursor, email } }) => {
      const only = email === undefined ? null : canonicalPerson(email);
      const rows = await listSuppressions(c.var.db, caller.workspace, only, cursor ?? "", limit + 1);
      return json(
        c,
        pageBody(rows, limit, suppressionJson, ({ address }) => address),
      );
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
      await suppress(c.var.db, caller.workspace, emails.map(canonicalPerson), "manual", c.var.now);
      return c.body(null, 204);
    },
  );

  endpoint(
    app,
    {
      method: "delete",
      path: "/v1/suppressions/:address",
      access: "write",
      summary: "Take an address off the list: only when its owner wants that",
      answers: { 204: { description: "It is not on the list" } },
    },
    async ({ c, caller, param }) => {
      await allowAgain(c.var.db, caller.workspace, canonicalPerson(param("address")));
      return c.body(null, 204);
    },
  );
}
