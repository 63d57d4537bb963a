import type { Hono } from "hono";
import { pageOf } from "../../../shared/contract/fields.ts";
import { ResponseSearch, Response as ResponseShape } from "../../../shared/contract/responses.ts";
import { storedSpellings } from "../../../shared/mail/mentions.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { pageBody, readCursor } from "../../http/paging.ts";
import { responsesOfPerson } from "../db/person-responses.ts";
import { responseJson } from "./responses.ts";

/** Comes after every id. */
const highest = "g";

export function personResponseRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "post",
      path: "/v1/responses/search",
      access: "read",
      summary: "List the responses that are from somebody, and those that only claim to be",
      body: ResponseSearch,
      answers: { 200: { description: "A page of responses", schema: pageOf(ResponseShape) } },
    },
    async ({ c, caller, body: { respondent, limit, cursor } }) => {
      const spellings = storedSpellings(respondent);
      const [before = highest] = readCursor(cursor, /^([0-9a-f-]{36})$/, "/cursor");
      const rows = await responsesOfPerson(c.var.db, caller.workspace, spellings, before, limit + 1);
      return json(
        c,
        pageBody(rows, limit, responseJson, ({ id }) => id),
      );
    },
  );
}
