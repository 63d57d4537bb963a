import type { Context, Hono } from "hono";
import type * as z from "zod";
import { PageQuery, pageOf } from "../../../shared/contract/fields.ts";
import {
  Preview,
  PreviewQuery,
  Template,
  TemplateInput,
  TemplatePatch,
  TemplateQuery,
} from "../../../shared/contract/mail/templates.ts";
import { actOf } from "../../audit/act.ts";
import { fromJson, toJson } from "../../db/json.ts";
import type { App, Caller } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { list } from "../../http/paging.ts";
import { orNotFound, Problem } from "../../http/problem.ts";
import { mailedHtml } from "../../links/pages/rating-row.tsx";
import { newId } from "../../secrets/ids.ts";
import { findAsked } from "../../surveys/db/asked.ts";
import { findWorkspace } from "../../workspaces/db/workspaces.ts";
import { findTemplate, insertTemplate, listTemplates, type TemplateRow } from "../db/templates.ts";
import { addressMail, wordMail } from "../render.tsx";

const templateJson = (row: Omit<TemplateRow, "ref">): z.input<typeof Template> => ({
  id: row.id,
  version: row.version,
  name: row.name,
  texts: fromJson(row.texts),
  created_at: new Date(row.createdAt).toISOString(),
});

/** Each try takes three of the 50 queries of a request on the free plan. */
const maxTries = 5;

export function templateRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/templates",
      access: "read",
      summary: "List the templates of mails, each in its last version",
      query: PageQuery,
      answers: { 200: { description: "A page of templates", schema: pageOf(Template) } },
    },
    async ({ c, caller, query }) =>
      json(c, await list(c, caller, query, { prefix: "tpl", read: listTemplates, toJson: templateJson })),
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/templates",
      access: "write",
      summary: "Make a template: what mails say around the question",
      body: TemplateInput,
      answers: { 201: { description: "The template", schema: Template } },
    },
    async ({ c, caller, body }) => {
      const row = {
        id: newId("tpl"),
        version: 1,
        name: body.name,
        texts: toJson(body.texts),
        createdAt: c.var.now,
      };
      await insertTemplate(c.var.db, caller.workspace, row, actOf(c, caller, "template.created", row.id));
      return json(c, templateJson(row), 201);
    },
  );

  endpoint(
    app,
    {
      method: "get",
      path: "/v1/templates/:template",
      access: "read",
      summary: "Read a template, in its last version or an earlier one",
      query: TemplateQuery,
      answers: { 200: { description: "The template", schema: Template } },
    },
    async ({ c, caller, param, query }) =>
      json(c, templateJson(await found(c, caller, param("template"), query.version))),
  );

  endpoint(
    app,
    {
      method: "patch",
      path: "/v1/templates/:template",
      access: "write",
      summary:
        "Change a template, which makes a new version: campaigns keep the one that they were made with",
      body: TemplatePatch,
      answers: { 200: { description: "The new version", schema: Template } },
    },
    async ({ c, caller, param, body }) => {
      // If somebody makes the same version meanwhile, this change follows theirs, so that both stand.
      for (let tries = 0; tries < maxTries; tries++) {
        const row = await found(c, caller, param("template"));
        const next = {
          id: row.id,
          version: row.version + 1,
          createdAt: c.var.now,
          name: body.name ?? row.name,
          texts: body.texts ? toJson(body.texts) : row.texts,
        };
        const act = actOf(c, caller, "template.changed", row.id);
        if (await insertTemplate(c.var.db, caller.workspace, next, act)) return json(c, templateJson(next));
      }
      throw new Problem("conflict", { detail: "Others change it all the time" });
    },
  );

  endpoint(
    app,
    {
      method: "get",
      path: "/v1/templates/:template/preview",
      access: "read",
      summary: "A template's mail as somebody would get it, with links that lead nowhere",
      query: PreviewQuery,
      answers: { 200: { description: "The mail; with `format`, its HTML or text alone", schema: Preview } },
    },
    async ({ c, caller, param, query }) => {
      const { texts } = await found(c, caller, param("template"), query.version);
      const { db } = c.var;
      const asked = await findAsked(db, caller.workspace, query.touchpoint, query.survey ?? null);
      if (!asked) throw Problem.field("?touchpoint", "no such survey is asked there");
      const workspace = await findWorkspace(db, caller.workspace);
      const sender = fromJson(workspace?.mail ?? null);
      const { origin } = new URL(c.req.url);
      const worded = await wordMail(c.env.ASSETS, {
        survey: asked.survey,
        words: fromJson(texts),
        locale: query.locale ?? null,
        postalAddress: sender?.postal_address ?? "(the postal address of the workspace)",
      });
      const mail = addressMail(
        worded,
        { name: query.name ?? null, email: "ann@shop.example", properties: query.property ?? {} },
        { link: `${origin}/r/preview`, unsubscribe: `${origin}/u/preview` },
      );
      if (query.format === "text") return c.text(mail.text);
      if (query.format === "html") return c.html(mail.html, 200, mailedHtml);
      return json(c, mail satisfies z.input<typeof Preview>);
    },
  );
}

async function found(
  c: Context<App>,
  caller: Caller,
  id: string,
  version: number | null = null,
): Promise<TemplateRow> {
  return orNotFound(await findTemplate(c.var.db, caller.workspace, id, version));
}
