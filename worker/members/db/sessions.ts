import type { Role } from "../../../shared/contract/members/members.ts";
import { dayMs, hourMs, minuteMs } from "../../../shared/time/durations.ts";
import type { Database } from "../../db/database.ts";
import { endLinks } from "../../workspaces/db/ended-links.ts";

/** How somebody signed in; `access`: Cloudflare Access had let them in. */
export type Means = "setup" | "invitation" | "login" | "passkey" | "access";

const idleMs = 14 * dayMs;
const longestMs = 90 * dayMs;
/** How long a token is still answered after it was replaced, for the requests that were under way with it. */
const graceMs = minuteMs;

/** When a session ends that is used now. */
export const endOf = (createdAt: number, now: number): number =>
  Math.min(now + idleMs, createdAt + longestMs);

export interface FoundSession {
  session: string;
  /** Of the token that is the session's now. */
  hash: string;
  rotatedAt: number;
  lastUsedAt: number;
  createdAt: number;
  means: Means;
  ref: number;
  id: string;
  /** Ref of the workspace, and the member's role there; null: not a member of it. */
  workspace: number | null;
  role: Role | null;
}

const alive = "(hash = ?1 OR (former_hash = ?1 AND rotated_at > ?3)) AND ends_at > ?4";

/**
 * The session of a token by its SHA-256, and what its member is in a workspace; null: none, or it has ended. One
 * statement, since every request by session begins with it.
 */
export const findSession = (
  db: Database,
  hash: string,
  workspaceId: string | null,
  now: number,
): Promise<FoundSession | null> =>
  db.first(
    `SELECT sessions.id AS session, hash, rotated_at AS rotatedAt, last_used_at AS lastUsedAt,
       sessions.created_at AS createdAt, means, members.ref, members.id, memberships.workspace_ref AS workspace, role
     FROM sessions JOIN members ON members.ref = sessions.member_ref
     LEFT JOIN workspaces ON workspaces.id = ?2
     LEFT JOIN memberships ON memberships.workspace_ref = workspaces.ref AND memberships.member_ref = members.ref
       AND removed_at IS NULL
     WHERE ${alive}`,
    hash,
    workspaceId,
    now - graceMs,
    now,
  );

/** Replaces the token. Of requests at once with the same one, the first does; they all make the same new token. */
export async function rotateSession(
  db: Database,
  { session, hash, createdAt }: FoundSession,
  newHash: string,
  now: number,
): Promise<void> {
  await db.all(
    `UPDATE sessions SET former_hash = hash, hash = ?3, rotated_at = ?4, last_used_at = ?4, ends_at = ?5
     WHERE id = ?1 AND hash = ?2`,
    session,
    hash,
    newHash,
    now,
    endOf(createdAt, now),
  );
}

/** Writes down that a session is in use. */
export async function touchSession(
  db: Database,
  { session, createdAt }: FoundSession,
  now: number,
): Promise<void> {
  const sql = "UPDATE sessions SET last_used_at = ?2, ends_at = ?3 WHERE id = ?1";
  await db.all(sql, session, now, endOf(createdAt, now));
}

/**
 * Ends the session of which a replaced token is used after its minute. Of two who had that token one was not its owner,
 * and nobody knows which: as with refresh tokens (RFC 9700, 4.14.2), whoever is the owner signs in again.
 */
export async function endReplayed(db: Database, hash: string, now: number): Promise<void> {
  // 0: a change of role replaces the token, and requests from before may still be under way.
  const sql = "DELETE FROM sessions WHERE former_hash = ?1 AND rotated_at BETWEEN 1 AND ?2";
  await db.all(sql, hash, now - graceMs);
}

/** Whether a session goes on, and its member is one of the workspace. */
export async function isSessionIn(
  db: Database,
  session: string,
  workspace: number,
  now: number,
): Promise<boolean> {
  const row = await db.first(
    `SELECT 1 FROM sessions JOIN memberships ON memberships.member_ref = sessions.member_ref
     WHERE sessions.id = ?1 AND workspace_ref = ?2 AND removed_at IS NULL AND ends_at > ?3`,
    session,
    workspace,
    now,
  );
  return row !== null;
}

export interface SessionRow {
  id: string;
  means: Means;
  device: string;
  createdAt: number;
  lastUsedAt: number;
  endsAt: number;
}

/** The sessions of a member, the newest first. */
export const listSessions = (db: Database, member: number, now: number): Promise<SessionRow[]> =>
  db.all(
    `SELECT id, means, device, created_at AS createdAt, last_used_at AS lastUsedAt, ends_at AS endsAt FROM sessions
     WHERE member_ref = ?1 AND ends_at > ?2 ORDER BY id DESC LIMIT 1000`,
    member,
    now,
  );

/** Ends a session. False: the member has none of this id. */
export async function endSession(db: Database, member: number, session: string): Promise<boolean> {
  const found = await db.first("SELECT 1 FROM sessions WHERE id = ?1 AND member_ref = ?2", session, member);
  await db.all("DELETE FROM sessions WHERE id = ?1 AND member_ref = ?2", session, member);
  return found !== null;
}

/**
 * Ends a member's sessions but one, and the links that would begin another; also their passkeys, where they say so. `kept`
 * "": ends all.
 */
export async function endSessions(
  db: Database,
  member: number,
  { kept, passkeys }: { kept: string; passkeys: boolean },
  now: number,
): Promise<void> {
  await db.batch([
    { sql: "DELETE FROM sessions WHERE member_ref = ?1 AND id <> ?2", values: [member, kept] },
    endLinks("member_ref = ?1", [member], now),
    ...(passkeys ? [{ sql: "DELETE FROM passkeys WHERE member_ref = ?1", values: [member] }] : []),
  ]);
}

/** By table its key, and when a row has ended. */
const ending = {
  sessions: ["id", "ends_at"],
  one_time_links: ["id", "expires_at"],
  used_challenges: ["challenge", "expires_at"],
  sign_in_tries: ["network", "ends_at"],
} as const;
const hasEnded = Object.entries(ending)
  .map(
    ([table, [, end]]) =>
      `SELECT '${table}' AS "table" WHERE EXISTS (SELECT 1 FROM ${table} WHERE ${end} <= ?1)`,
  )
  .join(" UNION ALL ");

/**
 * Deletes what ended an hour ago or earlier of everything about signing in, at most `maxRows` of each; until then links
 * count towards what is mailed to one address. True: there may be more.
 */
export async function forgetEnded(db: Database, now: number, maxRows: number): Promise<boolean> {
  const before = now - hourMs;
  const due = await db.all<{ table: keyof typeof ending }>(hasEnded, before);
  if (due.length === 0) return false;
  const answers = await db.batch(
    due.map(({ table }) => {
      const [key, end] = ending[table];
      const few = `SELECT ${key} FROM ${table} WHERE ${end} <= ?1 ORDER BY ${end} LIMIT ?2`;
      return { sql: `DELETE FROM ${table} WHERE ${key} IN (${few}) RETURNING 1`, values: [before, maxRows] };
    }),
  );
  return answers.some(({ length }) => length === maxRows);
}
