import type { SuppressionReason } from "../../../shared/contract/mail/mail.ts";
import type { Bindable, Database, Statement } from "../../db/database.ts";

export interface SuppressionRow {
  /** Of one that was erased its hash: `suppressionKey`. */
  address: string;
  reason: SuppressionReason;
  createdAt: number;
}

const columns = "address, reason, created_at AS createdAt";

/** By address. */
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

/** Those that are known by one of these. */
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
 * Suppresses what a SELECT finds: workspace, address, reason and when; what is there keeps its reason. It ends with its WHERE:
 * without one SQLite takes what follows for a join's. Safe to repeat.
 */
export const insertSuppressions = (select: string, ...values: Bindable[]): Statement => ({
  sql: `INSERT INTO suppressions (workspace_ref, address, reason, created_at)
    ${select} ON CONFLICT DO NOTHING`,
  values,
});

/** SQL: as what the address of a row of `mails` is suppressed; of one that was erased its hash is left. */
export const suppressedAs = "IIF(address = '', 'person:' || person, lower(address))";

/** Keys of addresses. */
export async function suppress(
  db: Database,
  workspace: number,
  addresses: readonly string[],
  reason: SuppressionReason,
  now: number,
): Promise<void> {
  const keys = JSON.stringify(addresses);
  await db.batch([
    insertSuppressions(
      "SELECT ?1, value, ?3, ?4 FROM json_each(?2) WHERE true",
      workspace,
      keys,
      reason,
      now,
    ),
  ]);
}

/**
 * Gives suppressions that are kept as a hash their address back, where somebody brings it again: by it mails are looked up.
 * Safe to repeat.
 */
export async function recallSuppressions(
  db: Database,
  workspace: number,
  hashed: readonly { address: string; key: string }[],
): Promise<void> {
  await db.all(
    `UPDATE OR IGNORE suppressions SET address = value->>'address' FROM json_each(?2)
     WHERE workspace_ref = ?1 AND suppressions.address = value->>'key'`,
    workspace,
    JSON.stringify(hashed),
  );
}

/** False: it was not there. */
export async function allowAgain(db: Database, workspace: number, address: string): Promise<boolean> {
  const removed = await db.all(
    "DELETE FROM suppressions WHERE workspace_ref = ?1 AND address = ?2 RETURNING address",
    workspace,
    address,
  );
  return removed.length > 0;
}
