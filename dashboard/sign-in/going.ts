import type { SignedIn } from "../../shared/contract/members/sessions.ts";

/** Where somebody wanted to go who had to sign in first; null: nowhere, or not to a view of ours. */
function wanted(): string | null {
  const to = new URLSearchParams(location.search).get("to") ?? "";
  if (!URL.canParse(to, location.origin)) return null;
  const { origin, pathname, search } = new URL(to, location.origin);
  return origin === location.origin && pathname.startsWith("/app/w/") ? pathname + search : null;
}

/**
 * Leads on whoever is signed in: to where they wanted to go, or to the workspace of this name, which they have just joined.
 * The page that took their link is not come back to.
 */
export function leadOn({ workspaces }: SignedIn, joined: string | null = null): void {
  const workspace = workspaces.find(({ name }) => name === joined);
  location.replace(wanted() ?? (workspace ? `/app/w/${workspace.id}` : "/app"));
}
