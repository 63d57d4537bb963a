import type { SuppressionReason } from "../../shared/contract/mail.ts";
import type { Database } from "./database.ts";

export interface SuppressionRow {
  address: string;
  reason: SuppressionReason;
  createdAt: number;
}

/** By address. */
export const listSuppressions = (
  db: Database,
  workspace: number,
  only: string | null,
  after: string,
  limit: number,
): Promise<SuppressionRow[]> =>
  db.all(
    `SELECT address, reason, created_at AS createdAt FROM suppressions
     WHERE workspace_ref = ?1 AND (?2 IS NULL OR address = ?2) AND address > ?3 ORDER BY address LIMIT ?4`,
    ...[workspace, only, after, limit],
  );

/** Keys of addresses; one that is there keeps its reason. */
export async function suppress(
  db: Database,
  workspace: number,
  addresses: readonly string[],
  reason: SuppressionReason,
  now: number,
): Promise<void> {
  await db.all(
    `INSERT INTO suppressions (workspace_ref, address, reason, created_at)
     SELECT ?1, value, ?3, ?4 FROM json_each(?2) WHERE true ON CONFLICT DO NOTHING`,
    ...[workspace, JSON.stringify(addresses), reason, now],
  );
}

export async function allowAgain(db: Database, workspace: number, address: string): Promise<void> {
  await db.all("DELETE FROM suppressions WHERE workspace_ref = ?1 AND address = ?2", workspace, address);
}
