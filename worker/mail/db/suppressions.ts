import type { SuppressionReason } from "../../../shared/contract/mail/mail.ts";
import { type Act, noteAct } from "../../audit/db/entries.ts";
import type { Bindable, Database, Statement } from "../../db/database.ts";
import type { HashedAddress } from "../../people/person.ts";

export interface SuppressionRow {
  /** For an erased address, its hash: `suppressionKey`. */
  address: string;
  reason: SuppressionReason;
  createdAt: number;
}

const columns = "address, reason, created_at AS createdAt";

/** Ordered by address. */
export const listSuppressions = (
  db: Database,
  workspace: number,
  after: string,
  limit: number,
): Promise<SuppressionRow[]> =>
  db.all(
    `SELECT ${columns} FROM suppressions WHERE workspace_ref = ?1 AND address > ?2 ORDER BY address LIMIT ?3`,
    workspace,
    after,
    limit,
  );

/** The suppressions with one of these keys. */
export const findSuppressions = (
  db: Database,
  workspace: number,
  keys: readonly string[],
): Promise<SuppressionRow[]> =>
  db.all(
    `SELECT ${columns} FROM suppressions WHERE workspace_ref = ?1 AND address IN (SELECT value FROM json_each(?2)) ORDER BY address`,
    workspace,
    JSON.stringify(keys),
  );

/**
 * Suppresses what a SELECT of workspace, address, reason and time finds; an existing suppression keeps its reason. The
 * SELECT must end with its WHERE: without one, SQLite reads the ON CONFLICT as part of a join. Safe to repeat.
 */
export const insertSuppressions = (select: string, ...values: Bindable[]): Statement => ({
  sql: `INSERT INTO suppressions (workspace_ref, address, reason, created_at)
    ${select} ON CONFLICT DO NOTHING`,
  values,
});

/** SQL: the key that suppresses the address of a row of `mails`. Of an erased address, only the hash is left. */
export const suppressedAs = "IIF(address = '', 'person:' || person, lower(address))";

/** `addresses`: their keys. */
export async function suppress(
  db: Database,
  workspace: number,
  addresses: readonly string[],
  reason: SuppressionReason,
  now: number,
  act: Act | null = null,
): Promise<void> {
  const keys = JSON.stringify(addresses);
  await db.batch([
    // How many, and never which: an address is forgotten with its owner, and an entry is not.
    ...noteAct(act, { addresses: [null, addresses.length] }),
    insertSuppressions(
      "SELECT ?1, value, ?3, ?4 FROM json_each(?2) WHERE true",
      workspace,
      keys,
      reason,
      now,
    ),
  ]);
}

/** An address to which an invitation is to be mailed, and the key of its suppression if it was erased before. */
export interface MailedAddress extends HashedAddress {
  invitation: string;
}

/**
 * Turns suppressions that are kept as a hash back into addresses, once the invitations have mails to these: mails are
 * looked up by address. One that is refused leaves the hash. Safe to repeat.
 */
export const recallSuppressions = (workspace: number, mailed: readonly MailedAddress[]): Statement => ({
  sql: `UPDATE OR IGNORE suppressions SET address = value->>'address' FROM json_each(?2)
    WHERE workspace_ref = ?1 AND suppressions.address = value->>'key' AND EXISTS (SELECT 1 FROM mails
      WHERE invitation = value->>'invitation' AND reminder = 0 AND lower(mails.address) = value->>'address')`,
  values: [workspace, JSON.stringify(mailed)],
});

/** False: there was none. */
export async function allowAgain(
  db: Database,
  workspace: number,
  address: string,
  act: Act | null = null,
): Promise<boolean> {
  const values = [workspace, address];
  const isThere = "EXISTS (SELECT 1 FROM suppressions WHERE workspace_ref = ?1 AND address = ?2)";
  const answers = await db.batch([
    ...noteAct(act, {}, isThere, values),
    { sql: "DELETE FROM suppressions WHERE workspace_ref = ?1 AND address = ?2 RETURNING address", values },
  ]);
  return (answers.at(-1) ?? []).length > 0;
}
