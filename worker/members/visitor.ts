import type { Context } from "hono";
import type { Role } from "../../shared/contract/members/members.ts";
import type { App } from "../environment.ts";
import { orNotFound } from "../http/problem.ts";
import { findMember, listWorkspaces } from "./db/members.ts";
import { visitingSession } from "./session.ts";

/** Who opens a page of the dashboard, and which workspace of. */
interface Visitor {
  member: { id: string; name: string; locale: string | null; timeZone: string | null };
  /** The member's in the workspace. */
  role: Role;
  workspace: { ref: number; id: string; name: string; timeZone: string };
  /** All that the member may open. */
  workspaces: { id: string; name: string }[];
}

/** Where somebody signs in who wanted to go somewhere else. */
const signIn = (wanted: string) =>
  wanted === "/app" ? "/app/login" : `/app/login?${new URLSearchParams({ to: wanted })}`;

/**
 * Who opens a page below `/app`. A redirect where they have to sign in first, or name no workspace; null: there is no
 * such workspace, or it is not theirs, which is not told apart.
 */
export async function visitorOf(c: Context<App>): Promise<Visitor | Response | null> {
  const { pathname, search } = new URL(c.req.url);
  const named = /^\/app\/w\/([^/]+)/.exec(pathname)?.[1] ?? null;
  const session = await visitingSession(c, named);
  if (!session) return c.redirect(signIn(pathname + search));
  const { id, name, locale, timeZone } = orNotFound(await findMember(c.var.db, session.ref));
  const workspaces = await listWorkspaces(c.var.db, session.ref);
  if (named === null) {
    const [first] = workspaces;
    return c.redirect(first ? `/app/w/${first.id}${search}` : "/app/login");
  }
  const workspace = workspaces.find((one) => one.id === named);
  if (!workspace || session.workspace === null) return null;
  return {
    member: { id, name, locale, timeZone },
    role: workspace.role,
    workspace: { ref: session.workspace, id: named, name: workspace.name, timeZone: workspace.timeZone },
    workspaces: workspaces.map((one) => ({ id: one.id, name: one.name })),
  };
}
