import type { Role } from "../../../shared/contract/members/members.ts";
import { minuteMs } from "../../../shared/time/durations.ts";
import { type Act, noteAct, noteChange, noteInEach } from "../../audit/db/entries.ts";
import type { Database, Statement } from "../../db/database.ts";
import { updateRow } from "../../db/update.ts";
import { endLinks } from "../../workspaces/db/ended-links.ts";
import { keysMadeBy } from "../../workspaces/db/keys.ts";

/** How long a removal can be undone. Afterwards one has to be invited, and to agree. */
const undoMs = 10 * minuteMs;

interface MemberRow {
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
  /** To the hour; null: signed in nowhere, or a member of other workspaces too: this one's owner is not told of those. */
  seenAt: number | null;
}

const seen = `(SELECT MAX(last_used_at) FROM sessions WHERE sessions.member_ref = memberships.member_ref AND NOT EXISTS (
  SELECT 1 FROM memberships AS others WHERE others.member_ref = sessions.member_ref AND others.workspace_ref <> ?1
    AND others.removed_at IS NULL))`;

const joined = `SELECT members.id, name, address, role, memberships.created_at AS joinedAt, ${seen} AS seenAt
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
    takeBackInvitations(workspace, id, now),
    { sql: `${joined} AND members.id = ?2`, values: [workspace, id] },
  ]);
  const [row] = answers.at(-1) ?? [];
  if (!row) return null;
  return row.role === role ? row : "last-owner";
}

const gone = `${theirs} AND removed_at IS NULL AND (role <> 'owner' OR ${otherOwner})`;

/**
 * Removes a member, with the invitations that they made, by which they could come back as owner. Whoever is a member of no
 * other workspace is signed out; in others they go on, since this one's owner does not decide about those. Decided in the
 * write, as above. Answers the keys that the member made and that still work.
 */
export async function removeMember(
  db: Database,
  workspace: number,
  id: string,
  now: number,
  act: Act,
): Promise<Change<{ id: string; name: string }[]>> {
  const before = await db.first(`${joined} AND members.id = ?2`, workspace, id);
  if (!before) return null;
  const member = "member_ref = (SELECT ref FROM members WHERE id = ?1)";
  const nowhere = `${member} AND NOT EXISTS (SELECT 1 FROM memberships WHERE ${member} AND removed_at IS NULL)`;
  const answers = await db.batch<{ id: string; name: string }>([
    ...noteAct(act, {}, `EXISTS (SELECT 1 FROM memberships WHERE ${gone})`, [workspace, id]),
    { sql: `UPDATE memberships SET removed_at = ?3 WHERE ${gone}`, values: [workspace, id, now] },
    { sql: `DELETE FROM sessions WHERE ${nowhere}`, values: [id] },
    endLinks(nowhere, [id], now),
    takeBackInvitations(workspace, id, now),
    keysMadeBy(workspace, id),
    { sql: `${joined} AND members.id = ?2`, values: [workspace, id] },
  ]);
  return answers.at(-1)?.length ? "last-owner" : (answers.at(-2) ?? []);
}

/** Lets a member go who wants to. No row is left by which an owner could take that back. */
export async function leaveWorkspace(
  db: Database,
  workspace: number,
  id: string,
  now: number,
  act: Act,
): Promise<Change<"left">> {
  const before = await db.first(`${joined} AND members.id = ?2`, workspace, id);
  if (!before) return null;
  const answers = await db.batch<Joined>([
    ...noteAct(act, {}, `EXISTS (SELECT 1 FROM memberships WHERE ${gone})`, [workspace, id]),
    { sql: `DELETE FROM memberships WHERE ${gone}`, values: [workspace, id] },
    takeBackInvitations(workspace, id, now),
    { sql: `${joined} AND members.id = ?2`, values: [workspace, id] },
  ]);
  return answers.at(-1)?.length ? "last-owner" : "left";
}

/** Takes back the invitations of a member who may not invite any more. */
const takeBackInvitations = (workspace: number, id: string, now: number): Statement =>
  endLinks(
    `workspace_ref = ?1 AND made_by = ?2
     AND NOT EXISTS (SELECT 1 FROM memberships WHERE ${theirs} AND removed_at IS NULL AND role = 'owner')`,
    [workspace, id],
    now,
  );

/**
 * Deletes a member with all that is theirs, unless some workspace would have no owner: then nothing is. False: that is so.
 * What they did stays written down, under an id that is nobody's.
 */
export async function deleteMember(
  db: Database,
  { ref, id }: { ref: number; id: string },
  now: number,
  act: Act<null>,
): Promise<boolean> {
  const isNeeded = `EXISTS (SELECT 1 FROM memberships WHERE member_ref = ?1 AND role = 'owner' AND removed_at IS NULL AND NOT ${otherOwner})`;
  const isOut = "NOT EXISTS (SELECT 1 FROM memberships WHERE member_ref = ?1)";
  const answers = await db.batch([
    noteInEach(act, `FROM memberships WHERE member_ref = ?1 AND removed_at IS NULL AND NOT ${isNeeded}`, [
      ref,
    ]),
    { sql: `DELETE FROM memberships WHERE member_ref = ?1 AND NOT ${isNeeded}`, values: [ref] },
    ...["sessions", "passkeys"].map((table) => ({
      sql: `DELETE FROM ${table} WHERE member_ref = ?1 AND ${isOut}`,
      values: [ref],
    })),
    endLinks(`made_by = ?2 AND ${isOut}`, [ref, id], now),
    // Used ones too: a row that is kept for counting must not name who is gone.
    {
      sql: `UPDATE one_time_links SET expires_at = MIN(expires_at, ?2), member_ref = NULL WHERE member_ref = ?1 AND ${isOut}`,
      values: [ref, now],
    },
    { sql: `DELETE FROM members WHERE ref = ?1 AND ${isOut}`, values: [ref] },
    { sql: "SELECT 1 FROM members WHERE ref = ?1", values: [ref] },
  ]);
  return answers.at(-1)?.length === 0;
}
