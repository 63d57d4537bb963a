import type { Role } from "../../../shared/contract/members/members.ts";
import { hourMs } from "../../../shared/time/durations.ts";
import { type Act, noteAct } from "../../audit/db/entries.ts";
import type { Database, Statement } from "../../db/database.ts";
import { endLinks } from "../../workspaces/db/ended-links.ts";

export type Purpose = "setup" | "invitation" | "login" | "address";

/**
 * Mails with a link in an hour. Those to sign in are counted by address, whoever asks for them, and nobody is told. All
 * others are counted by who has them sent, since their number is told: another's mails to the same address, or whether it
 * is a member's, must not show in it.
 */
const maxMails = { toSignIn: 3, byOneToOne: 3, byOne: 10 };
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

/**
 * Stores a link, and ends the one that it replaces, of which no token is left to send again. False: too many are open in
 * the workspace, or were mailed in this hour, or what it replaces works no more.
 */
export async function insertLink(
  db: Database,
  link: NewLink,
  act: Act | null = null,
  replaces: string | null = null,
): Promise<boolean> {
  const recent = "SELECT COUNT(*) FROM one_time_links WHERE created_at > ?13";
  const answers = await db.batch([
    {
      sql: `INSERT INTO one_time_links (id, hash, purpose, workspace_ref, role, member_ref, address, mailed, device, made_by,
          created_at, expires_at)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
        WHERE (?3 <> 'login' OR (${recent} AND address = ?7 AND purpose = 'login') < ${maxMails.toSignIn})
          AND (${recent} AND made_by = ?10 AND address = ?7) < ${maxMails.byOneToOne}
          AND (?7 IS NULL OR (${recent} AND made_by = ?10 AND address IS NOT NULL) < ${maxMails.byOne})
          AND (SELECT COUNT(*) FROM one_time_links WHERE workspace_ref = ?4 AND used_by IS NULL AND (expires_at > ?11 OR created_at > ?13)
            AND id IS NOT ?14) < ${maxOpen}
          AND (?14 IS NULL OR EXISTS (SELECT 1 FROM one_time_links WHERE id = ?14 AND used_by IS NULL AND expires_at > ?11))
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
        replaces,
      ],
    },
    // An address is not written down: entries stay for longer than a member who wants to be forgotten.
    ...noteAct(
      act,
      replaces === null ? { role: [null, link.role ?? null] } : { invitation: [replaces, link.id] },
      "EXISTS (SELECT 1 FROM one_time_links WHERE id = ?1)",
      [link.id],
    ),
    ...(replaces === null ? [] : [endReplaced(replaces, link)]),
    { sql: "SELECT 1 FROM one_time_links WHERE id = ?1", values: [link.id] },
  ]);
  return (answers.at(-1) ?? []).length > 0;
}

/** Ends the link that another one replaces, where that one was stored. */
const endReplaced = (replaces: string, { id, createdAt }: NewLink): Statement =>
  endLinks("id = ?1 AND EXISTS (SELECT 1 FROM one_time_links WHERE id = ?2)", [replaces, id], createdAt);

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

/** One of them; null: there is none that could be used. */
export const findInvitation = (
  db: Database,
  workspace: number,
  id: string,
  now: number,
): Promise<InvitationRow | null> =>
  db.first(`SELECT ${columns} FROM one_time_links WHERE ${open} AND id = ?3`, workspace, now, id);

/**
 * Takes an invitation back. False: there is none that could be used.
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
    endLinks(its, values, now),
  ]);
  return found !== null;
}

/**
 * Gives the member of an unused link its address, and answers the one before. null: the link was used or is too old, or is
 * another member's, or the address is somebody else's.
 */
export async function proveAddress(
  db: Database,
  hash: string,
  member: number,
  now: number,
): Promise<{ former: string | null } | null> {
  const link =
    "hash = ?1 AND purpose = 'address' AND member_ref = ?2 AND used_by IS NULL AND expires_at > ?3";
  const [before] = await db.batch<{ address: string; former: string | null }>([
    {
      sql: `SELECT one_time_links.address, members.address AS former FROM one_time_links JOIN members ON members.ref = member_ref
        WHERE ${link}`,
      values: [hash, member, now],
    },
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
  if (!found) return null;
  const row = await db.first<{ address: string | null }>(
    "SELECT address FROM members WHERE ref = ?1",
    member,
  );
  return row?.address === found.address ? found : null;
}

/** Ends a link of which somebody says that it was not asked for. */
export async function endLink(db: Database, hash: string, now: number): Promise<void> {
  await db.batch([endLinks("hash = ?1", [hash], now)]);
}
