import type { Role } from "../../../shared/contract/members/members.ts";
import { type Act, noteAct } from "../../audit/db/entries.ts";
import type { Bindable, Database, Statement } from "../../db/database.ts";
import { endOf, type FoundSession, type Means } from "./sessions.ts";

/** A session that begins. */
export interface NewSession {
  id: string;
  hash: string;
  means: Means;
  device: string;
  now: number;
  /** The session that this browser had before; null: none. */
  replaces: string | null;
}

/** Whoever uses a link: a member by public id, or one who becomes it. */
interface LinkUser {
  id: string;
  /** null: is a member already. */
  becomes: { name: string; locale: string | null; timeZone: string | null } | null;
}

/** Begins the session of the member with this ref in the rows of `from`, whose values follow ?6. */
const begin = (
  { id, hash, means, device, now }: NewSession,
  ref: string,
  from: string,
  values: Bindable[],
): Statement => ({
  sql: `INSERT INTO sessions (id, member_ref, hash, rotated_at, means, device, created_at, last_used_at, ends_at)
    SELECT ?1, ${ref}, ?2, ?3, ?4, ?5, ?3, ?3, ?6 FROM ${from} ON CONFLICT (id) DO NOTHING`,
  values: [id, hash, now, means, device, endOf(now, now), ...values],
});

/**
 * Ends the session that the browser had before. A token that somebody planted there before the sign-in (session fixation)
 * opens nothing afterwards.
 */
const end = ({ id, replaces }: NewSession): Statement => ({
  sql: "DELETE FROM sessions WHERE id = ?2 AND EXISTS (SELECT 1 FROM sessions WHERE id = ?1)",
  values: [id, replaces],
});

const begun = ({ id }: NewSession): Statement => ({
  sql: "SELECT member_ref AS ref FROM sessions WHERE id = ?1",
  values: [id],
});

/** That somebody joins a workspace; null: the link is of none. */
type Joining = { act: Act; role: Role | null } | null;

const used = "hash = ?1 AND used_by = ?2";

/** Uses a link up. `by`: public id of the session in which it is used. */
const use = (link: string, by: string, now: number): Statement => ({
  sql: "UPDATE one_time_links SET used_by = ?2 WHERE hash = ?1 AND used_by IS NULL AND expires_at > ?3",
  values: [link, by, now],
});

/** Makes a member one of the workspace of a link that was used so. */
const join = (link: string, by: string, id: string, now: number, joining: Joining): Statement[] => [
  ...noteAct(
    joining?.act ?? null,
    { role: [null, joining?.role ?? null] },
    `EXISTS (SELECT 1 FROM one_time_links WHERE ${used} AND workspace_ref IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM memberships
      WHERE workspace_ref = ?3 AND member_ref = (SELECT ref FROM members WHERE id = ?4) AND removed_at IS NULL)`,
    [link, by, joining?.act.workspace ?? null, id],
  ),
  {
    // Whoever is a member already keeps the role: the last owner might lower theirs by an invitation.
    sql: `INSERT INTO memberships (workspace_ref, member_ref, role, created_at)
      SELECT workspace_ref, members.ref, role, ?4 FROM one_time_links JOIN members ON members.id = ?3
      WHERE ${used} AND workspace_ref IS NOT NULL
      ON CONFLICT (workspace_ref, member_ref) DO UPDATE SET role = excluded.role, created_at = excluded.created_at, removed_at = NULL
      WHERE removed_at IS NOT NULL`,
    values: [link, by, id, now],
  },
];

/** Uses a link in a session that goes on: its member joins the link's workspace. False: it was used, or has expired. */
export async function joinByLink(
  db: Database,
  link: string,
  { session, id }: FoundSession,
  now: number,
  joining: Joining,
): Promise<boolean> {
  const answers = await db.batch([
    use(link, session, now),
    ...join(link, session, id, now, joining),
    { sql: `SELECT 1 FROM one_time_links WHERE ${used}`, values: [link, session] },
  ]);
  return answers.at(-1)?.length === 1;
}

/**
 * Uses a link, in one transaction: whoever becomes a member does, joins the link's workspace, and is signed in. Each part
 * asks whether the link was used by this session, so of two who use it at once only one gets in, and a repeat does no
 * harm. Answers the member's ref; null: it was used, or has expired.
 */
export async function signInByLink(
  db: Database,
  link: string,
  { id, becomes }: LinkUser,
  session: NewSession,
  joining: Joining,
): Promise<number | null> {
  const statements: Statement[] = [
    use(link, session.id, session.now),
    {
      // Only a link that went by mail alone proves its address. Whoever made another one could have used it themselves, to
      // wait as a member with that address for what its owner is invited to later.
      sql: `INSERT INTO members (id, name, locale, time_zone, created_at, address)
        SELECT ?3, ?4, ?5, ?6, ?7, IIF(mailed = 1, address, NULL) FROM one_time_links WHERE ${used} AND ?4 IS NOT NULL
        ON CONFLICT DO NOTHING`,
      values: [
        link,
        session.id,
        id,
        becomes?.name ?? null,
        becomes?.locale ?? null,
        becomes?.timeZone ?? null,
        session.now,
      ],
    },
    ...join(link, session.id, id, session.now, joining),
    begin(
      session,
      "members.ref",
      "one_time_links JOIN members ON members.id = ?7 WHERE one_time_links.hash = ?8 AND used_by = ?1",
      [id, link],
    ),
    end(session),
    begun(session),
  ];
  return refOf(await db.batch<{ ref: number }>(statements));
}

/**
 * Signs in by a passkey, and keeps its new count. A count that does not grow comes from a copy of the authenticator; of
 * two who use original and copy at once, the condition lets only one in. Answers the member's ref; null: it was removed or used meanwhile.
 */
export async function signInByPasskey(
  db: Database,
  passkey: string,
  counter: number,
  session: NewSession,
): Promise<number | null> {
  const statements: Statement[] = [
    {
      sql: `UPDATE passkeys SET counter = ?2, last_used_at = ?3, used_by = ?4
        WHERE id = ?1 AND (counter < ?2 OR (counter = 0 AND ?2 = 0) OR used_by = ?4)`,
      values: [passkey, counter, session.now, session.id],
    },
    begin(session, "member_ref", "passkeys WHERE passkeys.id = ?7 AND used_by = ?1", [passkey]),
    end(session),
    begun(session),
  ];
  return refOf(await db.batch<{ ref: number }>(statements));
}

/** Signs in the member whose address this is, in its canonical spelling. Answers the ref; null: it is nobody's. */
export async function signInByAddress(
  db: Database,
  address: string,
  session: NewSession,
): Promise<number | null> {
  const whose = begin(session, "members.ref", "members WHERE address = ?7", [address]);
  return refOf(await db.batch<{ ref: number }>([whose, end(session), begun(session)]));
}

const refOf = (answers: { ref: number }[][]): number | null => answers.at(-1)?.[0]?.ref ?? null;
