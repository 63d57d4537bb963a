import type { Context, Hono } from "hono";
import type * as z from "zod";
import { Workspace, WorkspacePatch } from "../../../shared/contract/keys.ts";
import { actOf } from "../../audit/act.ts";
import { Cache } from "../../cache.ts";
import { fromJson, toJson } from "../../db/json.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { orNotFound } from "../../http/problem.ts";
import { identitySecret, importSecret, secretsOf } from "../../secrets/secrets.ts";
import { findWorkspace, updateWorkspace, type WorkspaceRow } from "../db/workspaces.ts";

const workspaceJson = async (c: Context<App>, row: WorkspaceRow): Promise<z.input<typeof Workspace>> => ({
  id: row.id,
  name: row.name,
  time_zone: row.timeZone,
  week_start: row.weekStart,
  asking: { respect_dnt: false, ...fromJson(row.asking) },
  theme: fromJson(row.theme),
  mail: fromJson(row.mail),
  identity_secret: await identitySecret(c.env.CANDOR_SECRET, row.id),
  import_secret: await importSecret(secretsOf(c.env), row.id),
});

export function workspaceRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/workspace",
      access: "manage",
      summary: "Read the workspace and the secret that signs respondent ids",
      answers: { 200: { description: "The workspace", schema: Workspace } },
    },
    async ({ c, caller }) => {
      const row = orNotFound(await findWorkspace(c.var.db, caller.workspace));
      return json(c, await workspaceJson(c, row));
    },
  );

  endpoint(
    app,
    {
      method: "patch",
      path: "/v1/workspace",
      access: "manage",
      summary:
        "Change the workspace's name, how its days and weeks are cut, how often one person is asked, its theme, or who sends its mails",
      body: WorkspacePatch,
      answers: { 200: { description: "The changed workspace", schema: Workspace } },
    },
    async ({ c, caller, body }) => {
      const { asking, theme, mail } = body;
      const changed = orNotFound(
        await updateWorkspace(
          c.var.db,
          caller.workspace,
          {
            name: body.name,
            timeZone: body.time_zone,
            weekStart: body.week_start,
            asking: asking && toJson(asking),
            theme: theme && toJson(theme),
            mail: mail && toJson(mail),
          },
          actOf(c, caller, "workspace.changed", caller.workspaceId),
        ),
      );
      Cache.forget("offered");
      return json(c, await workspaceJson(c, changed));
    },
  );
}
