import type { Role } from "../../../shared/contract/members/members.ts";
import { hourMs } from "../../../shared/time/durations.ts";
import { type Act, noteAct } from "../../audit/db/entries.ts";
import type { Database } from "../../db/database.ts";

export type Purpose = "setup" | "invitation" | "login" | "address";

/** Mails with a link to one address in an hour, whoever asks for them: nobody's mailbox is filled through Candor. */
const mailsAnHour = 3;
/** Links of a workspace that are open at once, with those of this hour that were taken back. */
const maxOpen = 100;

export interface LinkRow {
  id: string;
  purpose: Purpose;
  /** Ref, and name of the workspace; null: of none. */
  workspace: number | null;
  workspaceName: string | null;
  role: Role | null;
  /** Ref and public id of whom it signs in, or whose address it proves; null: whoever uses it. */
  memberRef: number | null;
  memberId: string | null;
  address: string | null;
  mailed: 0 | 1;
  device: string | null;
  createdAt: number;
  expiresAt: number;
}

const columns = `one_time_links.id, purpose, workspace_ref AS workspace, role, member_ref AS memberRef,
  one_time_links.address, mailed, device, made_by AS madeBy, one_time_links.created_at AS createdAt, expires_at AS expiresAt`;

/**
 * The link of a token, by its SHA-256; null: unknown, used or expired, and nobody is told which. Nor does a mailed link
 * sign in whose address is another one by now.
 */
export const findLink = (db: Database, hash: string, now: number): Promise<LinkRow | null> =>
  db.first(
    `SELECT ${columns}, workspaces.name AS workspaceName, members.id AS memberId FROM one_time_links
     LEFT JOIN workspaces ON workspaces.ref = workspace_ref LEFT JOIN members ON members.ref = member_ref
     WHERE hash = ?1 AND used_by IS NULL AND expires_at > ?2
       AND (purpose <> 'login' OR one_time_links.address IS NULL OR one_time_links.address = members.address)`,
    hash,
    now,
  );

export interface NewLink {
  id: string;
  hash: string;
  purpose: Purpose;
  workspace?: number;
  role?: Role;
  memberRef?: number;
  address?: string | null;
  mailed?: boolean;
  device?: string;
  madeBy?: string;
  createdAt: number;
  expiresAt: number;
}

/** Stores a link. False: too many are open in the workspace, or were mailed to the address in this hour. */
export async function insertLink(db: Database, link: NewLink, act: Act | null = null): Promise<boolean> {
  const changes = { role: [null, link.role ?? null], address: [null, link.address ?? null] } as const;
  const answers = await db.batch([
    {
      sql: `INSERT INTO one_time_links (id, hash, purpose, workspace_ref, role, member_ref, address, mailed, device, made_by,
          created_at, expires_at)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
        WHERE (SELECT COUNT(*) FROM one_time_links WHERE address = ?7 AND created_at > ?13) < ${mailsAnHour}
          AND (SELECT COUNT(*) FROM one_time_links WHERE workspace_ref = ?4 AND used_by IS NULL AND (expires_at > ?11 OR created_at > ?13)) < ${maxOpen}
        ON CONFLICT (id) DO NOTHING`,
      values: [
        link.id,
        link.hash,
        link.purpose,
        link.workspace ?? null,
        link.role ?? null,
        link.memberRef ?? null,
        link.address ?? null,
        Number(link.mailed ?? false),
        link.device ?? null,
        link.madeBy ?? null,
        link.createdAt,
        link.expiresAt,
        link.createdAt - hourMs,
      ],
    },
    ...noteAct(act, changes, "EXISTS (SELECT 1 FROM one_time_links WHERE id = ?1)", [link.id]),
    { sql: "SELECT 1 FROM one_time_links WHERE id = ?1", values: [link.id] },
  ]);
  return (answers.at(-1) ?? []).length > 0;
}

/** Lets a link prove its address from now on. */
export async function markMailed(db: Database, id: string): Promise<void> {
  await db.all("UPDATE one_time_links SET mailed = 1 WHERE id = ?1", id);
}

const open = "workspace_ref = ?1 AND purpose = 'invitation' AND used_by IS NULL AND expires_at > ?2";

export interface InvitationRow {
  id: string;
  role: Role;
  address: string | null;
  mailed: 0 | 1;
  madeBy: string;
  createdAt: number;
  expiresAt: number;
}

/** The invitations of a workspace that nobody has used yet, oldest first. */
export const listInvitations = (db: Database, workspace: number, now: number): Promise<InvitationRow[]> =>
  db.all(`SELECT ${columns} FROM one_time_links WHERE ${open} ORDER BY id LIMIT ${maxOpen}`, workspace, now);

/**
 * Takes an invitation back. False: there is none that could be used. Its row stays until it is forgotten: inviting and taking
 * back in turns must not send mails without end.
 */
export async function takeBackInvitation(
  db: Database,
  workspace: number,
  id: string,
  now: number,
  act: Act,
): Promise<boolean> {
  const its = `${open} AND id = ?3`;
  const values = [workspace, now, id];
  const found = await db.first(`SELECT 1 FROM one_time_links WHERE ${its}`, ...values);
  await db.batch([
    ...noteAct(act, {}, `EXISTS (SELECT 1 FROM one_time_links WHERE ${its})`, values),
    { sql: `UPDATE one_time_links SET expires_at = ?2 WHERE ${its}`, values },
  ]);
  return found !== null;
}

/**
 * Gives the member of an unused link its address. False: it was used or is too old, or is another member's, or the
 * address is somebody else's.
 */
export async function proveAddress(
  db: Database,
  hash: string,
  member: number,
  now: number,
): Promise<boolean> {
  const link =
    "hash = ?1 AND purpose = 'address' AND member_ref = ?2 AND used_by IS NULL AND expires_at > ?3";
  const [before] = await db.batch<{ address: string }>([
    { sql: `SELECT address FROM one_time_links WHERE ${link}`, values: [hash, member, now] },
    {
      sql: `UPDATE members SET address = links.address FROM one_time_links AS links
        WHERE members.ref = ?2 AND links.${link} AND NOT EXISTS (SELECT 1 FROM members AS others WHERE others.address = links.address)`,
      values: [hash, member, now],
    },
    {
      sql: `UPDATE one_time_links SET used_by = (SELECT id FROM members WHERE ref = ?2) WHERE ${link}`,
      values: [hash, member, now],
    },
  ]);
  const [found] = before ?? [];
  if (!found) return false;
  const row = await db.first<{ address: string | null }>(
    "SELECT address FROM members WHERE ref = ?1",
    member,
  );
  return row?.address === found.address;
}

/** Ends a link of which somebody says that it was not asked for. */
export async function deleteLink(db: Database, hash: string): Promise<void> {
  await db.all("DELETE FROM one_time_links WHERE hash = ?1 AND used_by IS NULL", hash);
}
