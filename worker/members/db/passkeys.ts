import { type Act, noteInEach } from "../../audit/db/entries.ts";
import type { Bindable, Database } from "../../db/database.ts";
import type { Json } from "../../db/json.ts";
import { updateRow } from "../../db/update.ts";

/** Passkeys of one member. */
const maxPasskeys = 20;

export interface PasskeyRow {
  id: string;
  /** Ref and public id of whose it is. */
  memberRef: number;
  memberId: string;
  publicKey: string;
  counter: number;
  transports: Json<string[]>;
  name: string;
  createdAt: number;
  lastUsedAt: number | null;
}

const read = `SELECT passkeys.id, member_ref AS memberRef, members.id AS memberId, public_key AS publicKey, counter, transports,
  passkeys.name, passkeys.created_at AS createdAt, last_used_at AS lastUsedAt FROM passkeys JOIN members ON members.ref = member_ref`;

export const findPasskey = (db: Database, id: string): Promise<PasskeyRow | null> =>
  db.first(`${read} WHERE passkeys.id = ?1`, id);

export const listPasskeys = (db: Database, member: number): Promise<PasskeyRow[]> =>
  db.all(`${read} WHERE member_ref = ?1 ORDER BY passkeys.created_at LIMIT ${maxPasskeys}`, member);

/**
 * An act with a member's passkeys, in each of their workspaces. What a passkey is called is not written down: entries stay when
 * the member is forgotten. `values`: first its id and its member's ref.
 */
const noteOfMember = (act: Act<null>, when: string, values: readonly Bindable[]) =>
  noteInEach(act, `FROM memberships WHERE member_ref = ?2 AND removed_at IS NULL AND ${when}`, values);

const hasRoom = `(SELECT COUNT(*) FROM passkeys WHERE member_ref = ?2) < ${maxPasskeys}`;

/** Stores a passkey. False: its member has as many as there may be, or it is somebody's already. */
export async function insertPasskey(
  db: Database,
  passkey: Omit<PasskeyRow, "lastUsedAt" | "memberId">,
  act: Act<null>,
): Promise<boolean> {
  const isNew = `${hasRoom} AND NOT EXISTS (SELECT 1 FROM passkeys WHERE id = ?1)`;
  const answers = await db.batch<{ memberRef: number }>([
    noteOfMember(act, isNew, [passkey.id, passkey.memberRef]),
    {
      sql: `INSERT INTO passkeys (id, member_ref, public_key, counter, transports, name, created_at)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE ${hasRoom}
        ON CONFLICT (id) DO NOTHING`,
      values: [
        passkey.id,
        passkey.memberRef,
        passkey.publicKey,
        passkey.counter,
        passkey.transports,
        passkey.name,
        passkey.createdAt,
      ],
    },
    {
      sql: "SELECT 1 FROM passkeys WHERE id = ?1 AND member_ref = ?2 AND public_key = ?3",
      values: [passkey.id, passkey.memberRef, passkey.publicKey],
    },
  ]);
  return (answers.at(-1) ?? []).length > 0;
}

/** Gives a passkey another name. null: the member has none of this id. */
export const renamePasskey = (
  db: Database,
  member: number,
  id: string,
  name: string,
  act: Act<null>,
): Promise<PasskeyRow | null> => {
  const where = "passkeys.id = ?1 AND member_ref = ?2";
  const isAnother = `EXISTS (SELECT 1 FROM passkeys WHERE ${where} AND name <> ?3)`;
  return updateRow(db, { table: "passkeys", read, where, values: [id, member] }, { name: "name" }, { name }, [
    noteOfMember(act, isAnother, [id, member, name]),
  ]);
};

/** Removes a passkey. False: the member has none of this id. */
export async function deletePasskey(
  db: Database,
  member: number,
  id: string,
  act: Act<null>,
): Promise<boolean> {
  const where = "passkeys.id = ?1 AND passkeys.member_ref = ?2";
  const isThere = `SELECT 1 FROM passkeys WHERE ${where}`;
  const found = await db.first(isThere, id, member);
  await db.batch([
    noteOfMember(act, `EXISTS (${isThere})`, [id, member]),
    { sql: `DELETE FROM passkeys WHERE ${where}`, values: [id, member] },
  ]);
  return found !== null;
}

/** Uses a challenge up. False: it was before. Not repeated, since a repeat would find its own. */
export async function useChallenge(db: Database, challenge: string, expiresAt: number): Promise<boolean> {
  const [rows] = await db.once({
    sql: "INSERT INTO used_challenges (challenge, expires_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING RETURNING 1",
    values: [challenge, expiresAt],
  });
  return (rows ?? []).length > 0;
}
