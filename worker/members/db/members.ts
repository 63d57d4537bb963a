import type { Role } from "../../../shared/contract/members/members.ts";
import { minuteMs } from "../../../shared/time/durations.ts";
import { type Act, noteAct, noteChange } from "../../audit/db/entries.ts";
import type { Database, Statement } from "../../db/database.ts";
import { updateRow } from "../../db/update.ts";

/** How long a removal can be undone. Afterwards one has to be invited, and to agree. */
const undoMs = 10 * minuteMs;

export interface MemberRow {
  ref: number;
  id: string;
  name: string;
  address: string | null;
  locale: string | null;
  timeZone: string | null;
}

const columns = "ref, id, name, address, locale, time_zone AS timeZone";

export const findMember = (db: Database, ref: number): Promise<MemberRow | null> =>
  db.first(`SELECT ${columns} FROM members WHERE ref = ?1`, ref);

/** Whether anybody has ever become a member of this deployment. */
export const hasMembers = async (db: Database): Promise<boolean> =>
  (await db.first("SELECT 1 FROM members LIMIT 1")) !== null;

/** The member whose address this is, in its canonical spelling; null: nobody's. */
export const findMemberByAddress = (db: Database, address: string): Promise<MemberRow | null> =>
  db.first(`SELECT ${columns} FROM members WHERE address = ?1`, address);

/** Writes what is given. null: absent. */
export const updateMember = (
  db: Database,
  ref: number,
  given: {
    name?: string | undefined;
    locale?: string | null | undefined;
    timeZone?: string | null | undefined;
  },
): Promise<MemberRow | null> =>
  updateRow(
    db,
    { table: "members", read: `SELECT ${columns} FROM members`, where: "ref = ?1", values: [ref] },
    { name: "name", locale: "locale", timeZone: "time_zone" },
    given,
  );

export interface Joined {
  id: string;
  name: string;
  address: string | null;
  role: Role;
  joinedAt: number;
}

const joined = `SELECT members.id, name, address, role, memberships.created_at AS joinedAt
  FROM memberships JOIN members ON members.ref = member_ref WHERE workspace_ref = ?1 AND removed_at IS NULL`;

/** The members of a workspace, in the order in which they joined. */
export const listMembers = (db: Database, workspace: number): Promise<Joined[]> =>
  db.all(`${joined} ORDER BY memberships.created_at, member_ref LIMIT 1000`, workspace);

/** A workspace that somebody is a member of. */
interface OwnWorkspace {
  id: string;
  name: string;
  role: Role;
  isOnlyOwner: 0 | 1;
  timeZone: string;
  weekStart: string;
}

const otherOwner = `EXISTS (SELECT 1 FROM memberships AS others WHERE others.workspace_ref = memberships.workspace_ref
  AND others.role = 'owner' AND others.removed_at IS NULL AND others.member_ref <> memberships.member_ref)`;

export const listWorkspaces = (db: Database, member: number): Promise<OwnWorkspace[]> =>
  db.all(
    `SELECT workspaces.id, name, role, role = 'owner' AND NOT ${otherOwner} AS isOnlyOwner,
       time_zone AS timeZone, week_start AS weekStart
     FROM memberships JOIN workspaces ON workspaces.ref = workspace_ref
     WHERE member_ref = ?1 AND removed_at IS NULL ORDER BY name, workspaces.ref LIMIT 1000`,
    member,
  );

/** `last-owner`: nothing was changed, since the workspace would have nobody who could. */
type Change<Done> = Done | "last-owner" | null;

const changeable = { role: "role", removedAt: "removed_at" };
const theirs = "workspace_ref = ?1 AND member_ref = (SELECT ref FROM members WHERE id = ?2)";

/**
 * Gives a member another role, or takes a removal back. Whether another owner is left is decided by the statement that
 * writes: two owners who lower each other at once would both find the other one before. null: not a member.
 */
export async function changeRole(
  db: Database,
  workspace: number,
  id: string,
  role: Role,
  now: number,
  act: Act,
): Promise<Change<Joined>> {
  const where = `${theirs} AND (removed_at IS NULL OR removed_at > ?4)
    AND (role <> 'owner' OR ?3 = 'owner' OR removed_at IS NOT NULL OR ${otherOwner})`;
  const values = [workspace, id, role, now - undoMs];
  const answers = await db.batch<Joined>([
    ...noteChange(act, { table: "memberships", where, values }, changeable, { role, removedAt: null }),
    { sql: `UPDATE memberships SET role = ?3, removed_at = NULL WHERE ${where}`, values },
    // What somebody may is looked up with each request. The new token is for whoever has copied the one before.
    {
      sql: `UPDATE sessions SET rotated_at = 0 WHERE member_ref = (SELECT ref FROM members WHERE id = ?2)
        AND EXISTS (SELECT 1 FROM memberships WHERE ${theirs})`,
      values: [workspace, id],
    },
    takeBackInvitations(workspace, id, "role <> 'owner'"),
    { sql: `${joined} AND members.id = ?2`, values: [workspace, id] },
  ]);
  const [row] = answers.at(-1) ?? [];
  if (!row) return null;
  return row.role === role ? row : "last-owner";
}

/**
 * Removes a member, and ends at once whatever could let them in again: sessions, links to sign in, and invitations that
 * they made, by which one could come back as owner. Decided in the write, as above.
 */
export async function removeMember(
  db: Database,
  workspace: number,
  id: string,
  now: number,
  { endsSessions, act }: { endsSessions: boolean; act: Act },
): Promise<Change<"removed">> {
  const before = await db.first(`${joined} AND members.id = ?2`, workspace, id);
  if (!before) return null;
  const gone = `EXISTS (SELECT 1 FROM memberships WHERE ${theirs} AND removed_at = ?3)`;
  const ended = ["sessions", "one_time_links"].map((table) => ({
    sql: `DELETE FROM ${table} WHERE member_ref = (SELECT ref FROM members WHERE id = ?2) AND ${gone}`,
    values: [workspace, id, now],
  }));
  const where = `${theirs} AND removed_at IS NULL AND (role <> 'owner' OR ${otherOwner})`;
  const answers = await db.batch<Joined>([
    ...noteAct(act, {}, `EXISTS (SELECT 1 FROM memberships WHERE ${where})`, [workspace, id]),
    { sql: `UPDATE memberships SET removed_at = ?3 WHERE ${where}`, values: [workspace, id, now] },
    ...(endsSessions ? ended : []),
    takeBackInvitations(workspace, id, "removed_at IS NOT NULL"),
    { sql: `${joined} AND members.id = ?2`, values: [workspace, id] },
  ]);
  return answers.at(-1)?.length ? "last-owner" : "removed";
}

/** Takes back the invitations of a member who may not invite any more. */
const takeBackInvitations = (workspace: number, id: string, condition: string): Statement => ({
  sql: `DELETE FROM one_time_links WHERE workspace_ref = ?1 AND made_by = ?2 AND used_by IS NULL
    AND EXISTS (SELECT 1 FROM memberships WHERE ${theirs} AND ${condition})`,
  values: [workspace, id],
});
