import type { Context, Hono } from "hono";
import type * as z from "zod";
import {
  EndSessionsQuery,
  type Session,
  Sessions,
  SignedIn,
  SignedInPatch,
} from "../../../shared/contract/members/sessions.ts";
import { actOf } from "../../audit/act.ts";
import type { App, SignedIn as Signed } from "../../environment.ts";
import { memberEndpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { orNotFound, Problem } from "../../http/problem.ts";
import { findWorkspaceById } from "../../workspaces/db/workspaces.ts";
import { setToken } from "../cookie.ts";
import { deleteMember, findMember, leaveWorkspace, listWorkspaces, updateMember } from "../db/members.ts";
import { endSession, endSessions, listSessions, type SessionRow } from "../db/sessions.ts";
import { requireFresh } from "../session.ts";

/** Who is signed in, and where they may go. */
export async function signedInJson(
  c: Context<App>,
  { ref, session }: Pick<Signed, "ref" | "session">,
): Promise<z.input<typeof SignedIn>> {
  const { id, name, address, locale, timeZone } = orNotFound(await findMember(c.var.db, ref));
  const workspaces = await listWorkspaces(c.var.db, ref);
  return {
    member: { id, name, email: address, locale, time_zone: timeZone },
    session,
    workspaces: workspaces.map((one) => ({
      id: one.id,
      name: one.name,
      role: one.role,
      is_only_owner: one.isOnlyOwner === 1,
      time_zone: one.timeZone,
      week_start: one.weekStart,
    })),
  };
}

const sessionJson = (row: SessionRow, current: string): z.input<typeof Session> => ({
  id: row.id,
  is_this: row.id === current,
  means: row.means,
  device: row.device,
  created_at: new Date(row.createdAt).toISOString(),
  last_used_at: new Date(row.lastUsedAt).toISOString(),
  ends_at: new Date(row.endsAt).toISOString(),
});

/** The token is worthless once its session has ended. The browser need not keep it either. */
const forgetToken = (c: Context<App>) => setToken(c, "", 0);

export function sessionOfMemberRoutes(app: Hono<App>): void {
  memberEndpoint(
    app,
    {
      method: "get",
      path: "/v1/session",
      summary: "Who is signed in, and of which workspaces they are a member",
      answers: { 200: { description: "The member", schema: SignedIn } },
    },
    async ({ c, member }) => json(c, await signedInJson(c, member)),
  );

  memberEndpoint(
    app,
    {
      method: "patch",
      path: "/v1/session",
      summary: "Change one's own name, language or time zone",
      body: SignedInPatch,
      answers: { 200: { description: "The changed member", schema: SignedIn } },
    },
    async ({ c, member, body: { name, locale, time_zone: timeZone } }) => {
      await updateMember(c.var.db, member.ref, { name, locale, timeZone });
      return json(c, await signedInJson(c, member));
    },
  );

  memberEndpoint(
    app,
    {
      method: "delete",
      path: "/v1/session",
      summary: "Sign out",
      answers: { 204: { description: "The session has ended" } },
    },
    async ({ c, member }) => {
      await endSession(c.var.db, member.ref, member.session);
      forgetToken(c);
      return c.body(null, 204);
    },
  );

  memberEndpoint(
    app,
    {
      method: "delete",
      path: "/v1/session/workspaces/:workspace",
      summary: "Leave a workspace. Its only owner cannot",
      answers: { 204: { description: "One is a member no more" } },
    },
    async ({ c, member, param }) => {
      const workspace = orNotFound(await findWorkspaceById(c.var.db, param("workspace")));
      const act = actOf(c, { workspace: workspace.ref, id: member.id }, "member.left", member.id);
      const left = await leaveWorkspace(c.var.db, workspace.ref, member.id, c.var.now, act);
      if (orNotFound(left) === "last-owner") throw onlyOwner();
      return c.body(null, 204);
    },
  );

  memberEndpoint(
    app,
    {
      method: "delete",
      path: "/v1/session/member",
      summary: "Delete one's own account, in all workspaces. The only owner of one cannot",
      answers: { 204: { description: "Name, address, passkeys and sessions are deleted" } },
    },
    async ({ c, member }) => {
      requireFresh(c, member);
      const act = actOf(c, { workspace: null, id: member.id }, "member.left", member.id);
      if (!(await deleteMember(c.var.db, member, c.var.now, act))) throw onlyOwner();
      forgetToken(c);
      return c.body(null, 204);
    },
  );

  memberEndpoint(
    app,
    {
      method: "get",
      path: "/v1/sessions",
      summary: "Where one is signed in, the newest first",
      answers: { 200: { description: "One's own sessions", schema: Sessions } },
    },
    async ({ c, member }) => {
      const rows = await listSessions(c.var.db, member.ref, c.var.now);
      return json(c, { data: rows.map((row) => sessionJson(row, member.session)) });
    },
  );

  memberEndpoint(
    app,
    {
      method: "delete",
      path: "/v1/sessions",
      summary: "Sign out everywhere, and end the links that would sign in",
      query: EndSessionsQuery,
      answers: { 204: { description: "The sessions have ended" } },
    },
    async ({ c, member, query: { keep, passkeys } }) => {
      const how = { kept: keep ? member.session : "", passkeys: passkeys === "remove" };
      await endSessions(c.var.db, member.ref, how, c.var.now);
      if (!keep) forgetToken(c);
      return c.body(null, 204);
    },
  );

  memberEndpoint(
    app,
    {
      method: "delete",
      path: "/v1/sessions/:session",
      summary: "Sign out on one device",
      answers: { 204: { description: "The session has ended" } },
    },
    async ({ c, member, param }) => {
      const session = param("session");
      if (!(await endSession(c.var.db, member.ref, session))) throw new Problem("not-found");
      if (session === member.session) forgetToken(c);
      return c.body(null, 204);
    },
  );
}

/** A workspace without an owner would have nobody who could give it another one. */
export const onlyOwner = () =>
  new Problem("conflict", { detail: "This is the only owner. Make somebody else owner first" });
