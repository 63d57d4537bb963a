import type { Context } from "hono";
import { roles } from "../../shared/contract/members/members.ts";
import type { App, Caller, SignedIn, WorkspaceAccess } from "../environment.ts";
import { Problem } from "../http/problem.ts";
import { byRole } from "../workspaces/access.ts";
import { authenticateKey, hasKey } from "../workspaces/authentication.ts";
import { givenToken } from "./cookie.ts";
import { type FoundSession, isSessionIn } from "./db/sessions.ts";
import { openSession, requireFresh } from "./session.ts";

/**
 * The caller behind a request: its key, or else its session. Where there are both the key counts, be it a wrong one:
 * whoever sends a key means it, and must not be answered with what somebody else may see.
 */
export async function authenticate(c: Context<App>, access: WorkspaceAccess): Promise<Caller> {
  if (hasKey(c) || givenToken(c) === null) return authenticateKey(c, access);
  // An EventSource and a link that is followed can set no header.
  const named = c.req.method === "GET" ? c.req.query("workspace") : undefined;
  const workspaceId = c.req.header("candor-workspace") ?? named ?? null;
  const found = await openSession(c, workspaceId);
  const { id, session, workspace, role } = found;
  if (workspaceId === null)
    throw new Problem("malformed-request", { detail: "Name the workspace in the header candor-workspace" });
  if (workspace === null || role === null) throw new Problem("not-found");
  // A role that this build does not know, since a newer one wrote it, opens nothing.
  const may = byRole[role] ?? [];
  if (!may.includes(access)) throw new Problem("forbidden", { detail: whoMay(access) });
  const caller: Caller = {
    is: "member",
    workspace,
    workspaceId,
    id,
    publishable: false,
    may,
    byHeader: true,
    decidedBy: ["authorization", "cookie", "candor-workspace"],
    requireFresh: () => requireFresh(c, { since: sinceOf(found) }),
    isStillIn: () => isSessionIn(c.var.db, session, workspace, Date.now()),
  };
  c.set("caller", caller);
  return caller;
}

/** Which members may, as the dashboard shows it beside what somebody else may not do. */
function whoMay(access: WorkspaceAccess): string {
  const who = roles.filter((role) => byRole[role].includes(access));
  return who.length > 0
    ? `Only members may do that who are ${who.join(" or ")}`
    : "No member may do that, but a key";
}

/** Who is signed in. A key is nobody. */
export async function signedIn(c: Context<App>): Promise<SignedIn> {
  if (hasKey(c))
    throw new Problem("forbidden", { detail: "This is for members who are signed in, not for keys" });
  const found = await openSession(c, null);
  const { ref, id, session } = found;
  return { ref, id, session, since: sinceOf(found) };
}

/** Access lets in whoever sits at a browser that it knows, for as long as the operator likes, and asks nobody anything. */
const sinceOf = ({ means, createdAt }: FoundSession): number => (means === "access" ? 0 : createdAt);
