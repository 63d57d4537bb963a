import type { NewLink } from "../../worker/members/db/one-time-links.ts";

/**
 * SQL that stores a link, for wrangler, which has no bound parameters: of the workspace and the member that these
 * columns of `from` have. All values are made here.
 */
export const storedLink = (
  { id, hash, purpose, role, createdAt, expiresAt }: NewLink,
  workspace: string,
  member: string,
  from: string,
): string =>
  `INSERT INTO one_time_links (id, hash, purpose, workspace_ref, role, member_ref, mailed, created_at, expires_at)
   SELECT '${id}', '${hash}', '${purpose}', ${workspace}, ${role ? `'${role}'` : "NULL"}, ${member}, 0, ${createdAt}, ${expiresAt} FROM ${from}`;

/** A link as it is printed. Where the deployment is, only its owner knows. */
export const printedUrl = (path: string, where: "--remote" | "--local"): string =>
  where === "--remote"
    ? `https://YOUR-DEPLOYMENT${path}`
    : `http://localhost:${process.env.PORT || "8787"}${path}`;
