import type { Database, Statement } from "../../db/database.ts";
import { forgetAddresses, forgetMailTexts } from "../../mail/db/mails.ts";
import { insertSuppressions } from "../../mail/db/suppressions.ts";
import { counted, type ErasureRow } from "../../people/db/erasures.ts";
import type { HashedAddress } from "../../people/person.ts";
import { forgotten } from "../../responses/db/response.ts";
import { eraseResponses } from "../../responses/db/responses.ts";
import { installTriggers } from "../../rollup/triggers.ts";
import { type MailTexts, mayMention, type Texts } from "./found-rows.ts";

interface RowsOfPerson {
  invitations: string[];
  responses: string[];
  /** The addresses to which the invitations were mailed. */
  addresses: string[];
}

/**
 * Adds the invitations by which these responses were asked, the responses to the invitations, and the addresses that
 * they were mailed to. `asking`: the invitations that the responses' ids name.
 */
export async function withTheirs(
  db: Database,
  workspace: number,
  { invitations, responses }: Pick<RowsOfPerson, "invitations" | "responses">,
  asking: readonly { id: string; response: string }[],
): Promise<RowsOfPerson> {
  // The maker of a response's id can make it name another's invitation. That invitation does not name the response.
  const found = `SELECT invitations.id, response FROM json_each(?2) CROSS JOIN invitations ON invitations.id = value WHERE workspace_ref = ?1
    UNION SELECT invitations.id, response FROM json_each(?3) CROSS JOIN invitations ON invitations.id = value->>'id' AND response = value->>'response'
    WHERE workspace_ref = ?1`;
  const values = [workspace, JSON.stringify(invitations), JSON.stringify(asking)];
  const [rows = [], mailed = []] = await db.batch<{ id: string; response: string; address: string }>([
    { sql: found, values },
    {
      sql: `SELECT DISTINCT address FROM (${found}) AS found CROSS JOIN mails ON invitation = found.id WHERE address <> ''`,
      values,
    },
  ]);
  return {
    invitations: rows.map(({ id }) => id),
    responses: [...new Set([...responses, ...rows.map(({ response }) => response)])],
    addresses: mailed.map(({ address }) => address),
  };
}

const hashSuppressions = (
  erasure: number,
  workspace: number,
  hashed: readonly HashedAddress[],
): Statement[] => {
  const values = [workspace, JSON.stringify(hashed)];
  return [
    insertSuppressions(
      `SELECT ?1, value->>'key', reason, created_at FROM json_each(?2) CROSS JOIN suppressions
         ON workspace_ref = ?1 AND address = lower(value->>'address') WHERE true`,
      ...values,
    ),
    ...counted(erasure, "suppressions", {
      sql: `DELETE FROM suppressions WHERE workspace_ref = ?1
        AND address IN (SELECT lower(value->>'address') FROM json_each(?2))`,
      values,
    }),
  ];
};

/** Removes whom invitations asked and where they were mailed. Their links take no more answers. */
const forgetInvitations = (
  erasure: number,
  workspace: number,
  invitations: readonly string[],
  hashed: readonly HashedAddress[],
  now: number,
): Statement[] => {
  const list = JSON.stringify(invitations);
  return [
    ...counted(erasure, "mails", forgetAddresses(workspace, invitations, hashed)),
    ...counted(erasure, "clicks", {
      sql: `DELETE FROM clicks WHERE workspace_ref = ?1 AND response IN (
        SELECT response FROM json_each(?2) CROSS JOIN invitations ON invitations.id = value WHERE workspace_ref = ?1)`,
      values: [workspace, list],
    }),
    ...counted(erasure, "invitations", {
      sql: `UPDATE invitations SET respondent = NULL, properties = NULL, locale = NULL, revoked_at = COALESCE(revoked_at, ?3)
        WHERE id IN (SELECT value FROM json_each(?2)) AND +workspace_ref = ?1
          AND (respondent IS NOT NULL OR properties IS NOT NULL OR revoked_at IS NULL)`,
      values: [workspace, list, now],
    }),
  ];
};

/**
 * Replaces these texts in responses that stand otherwise. Of a higher revision that came meanwhile, what cannot mention
 * the address stays: it is not what was found. Safe to repeat.
 */
const forgetTexts = (workspace: number, texts: readonly Texts[], now: number): Statement => {
  const isFound = (text: string) =>
    `(revision = found.value->>'revision' OR ${mayMention(text, "found.value->>'mark'")})`;
  return {
    sql: `UPDATE responses SET comment = kept.comment, answers = kept.answers, updated_at = ?3
      FROM (SELECT responses.id, IIF(found.value->>'comment' AND ${isFound("comment")}, '${forgotten}', comment) AS comment,
          json_patch(answers, (SELECT json_group_object(said.key, '${forgotten}') FROM json_each(answers) AS said
            WHERE said.key IN (SELECT value FROM json_each(found.value->'steps')) AND ${isFound("said.value")})) AS answers
        FROM json_each(?2) AS found CROSS JOIN responses ON workspace_ref = ?1 AND responses.id = found.value->>'id') AS kept
      WHERE workspace_ref = ?1 AND responses.id = kept.id
        AND (responses.comment, responses.answers) IS NOT (kept.comment, kept.answers)`,
    values: [workspace, JSON.stringify(texts), now],
  };
};

/** SQL for the hashes of a person, and of the spellings that a host has signed. */
const allHashes = `SELECT value FROM json_each(?2)
  UNION SELECT hash FROM json_each(?2) CROSS JOIN spellings ON workspace_ref = ?1 AND person = value`;

/** Deletes when they were asked and answered, by all hashes that may stand for them. */
const forgetTimes = (erasure: number, workspace: number, hashes: readonly string[]): Statement[] => {
  const values = [workspace, JSON.stringify(hashes)];
  return [
    ...counted(erasure, "askings", {
      sql: `DELETE FROM askings WHERE workspace_ref = ?1 AND person IN (${allHashes})`,
      values,
    }),
    // "/" comes after the dot that follows a person's hash.
    ...counted(erasure, "clicks", {
      sql: `DELETE FROM clicks WHERE workspace_ref = ?1 AND response IN (
        SELECT response FROM json_each(?2) CROSS JOIN clicks ON workspace_ref = ?1 AND response >= value || '.' AND response < value || '/')`,
      values,
    }),
  ];
};

/**
 * Erases these rows of a person in one transaction. Safe to repeat. `texts`, `mails`: others' words about them. `hashes`: of
 * respondents that contain their address among other text.
 */
export async function eraseRows(
  db: Database,
  { ref, workspaceRef: workspace }: ErasureRow,
  { invitations, responses }: RowsOfPerson,
  {
    texts,
    mails,
    hashes,
  }: { texts: readonly Texts[]; mails: readonly MailTexts[]; hashes: readonly string[] },
  hashed: readonly HashedAddress[],
  now: number,
): Promise<void> {
  await db.ensure(installTriggers);
  await db.batch([
    ...hashSuppressions(ref, workspace, hashed),
    ...forgetInvitations(ref, workspace, invitations, hashed, now),
    ...counted(ref, "responses", eraseResponses(workspace, responses, now)),
    ...(texts.length > 0 ? counted(ref, "texts", forgetTexts(workspace, texts, now)) : []),
    // Not counted: it would be a statement more, and the erasure of one person no longer fit into one request.
    ...(mails.length > 0 ? [forgetMailTexts(workspace, mails)] : []),
    ...(hashes.length > 0 ? forgetTimes(ref, workspace, hashes) : []),
  ]);
}

/** Deletes what clocks, suppressions and clicks know of a person, by all hashes that may stand for them. */
export async function eraseKnown(
  db: Database,
  { ref, workspaceRef: workspace }: ErasureRow,
  hashes: readonly string[],
  hashed: readonly HashedAddress[],
): Promise<void> {
  await db.batch([
    ...hashSuppressions(ref, workspace, hashed),
    ...forgetTimes(ref, workspace, hashes),
    ...counted(ref, "spellings", {
      sql: `DELETE FROM spellings WHERE workspace_ref = ?1 AND hash IN (${allHashes})`,
      values: [workspace, JSON.stringify(hashes)],
    }),
  ]);
}
