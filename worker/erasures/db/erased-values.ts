import { standsFor } from "../../../shared/mail/mentions.ts";
import type { Database, Statement } from "../../db/database.ts";
import { counted, type ErasureRow } from "../../people/db/erasures.ts";
import { counters, erasedValue } from "../../rollup/schema.ts";
import { cellKey } from "../../rollup/tallies.ts";
import { markOf, mayMention } from "./found-rows.ts";

/**
 * Takes the person's address out of breakdown values, and deletes their cells, which are at zero once the responses are
 * erased. A cell that counts something belongs to a later response, and stays with its value.
 */
export async function forgetValues(
  db: Database,
  { ref, workspaceRef: workspace }: ErasureRow,
  address: string,
): Promise<void> {
  const held = await db.all<{ ref: number; value: string }>(
    `SELECT breakdown_values.ref, value FROM breakdowns JOIN breakdown_values ON breakdown_ref = breakdowns.ref
     WHERE breakdowns.workspace_ref = ?1 AND ${mayMention("value", "?2")}`,
    workspace,
    markOf(address),
  );
  const refs = held.filter(({ value }) => standsFor(value, address)).map((value) => value.ref);
  if (refs.length === 0) return;
  const values = [workspace, JSON.stringify(refs)];
  const cellsIn = (table: "rating_counts" | "block_counts") => `touchpoints CROSS JOIN ${table} AS counts
    ON counts.workspace_ref = ?1 AND counts.touchpoint_ref = touchpoints.ref AND counts.value_ref = their.value
    WHERE touchpoints.workspace_ref = ?1`;
  const empty = (table: "rating_counts" | "block_counts", key: string): Statement => ({
    sql: `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key.replaceAll(/\w+/g, "counts.$&")}
      FROM json_each(?2) AS their CROSS JOIN ${cellsIn(table)} AND ${counters.join(" + ")} = 0)`,
    values,
  });
  await db.batch([
    empty("rating_counts", cellKey),
    empty("block_counts", cellKey.replace("day", "block")),
    ...counted(ref, "breakdown_values", {
      sql: `UPDATE breakdown_values SET value = ${erasedValue} WHERE ref IN (SELECT their.value FROM json_each(?2) AS their
        WHERE NOT EXISTS (SELECT 1 FROM ${cellsIn("rating_counts")}) AND NOT EXISTS (SELECT 1 FROM ${cellsIn("block_counts")}))`,
      values,
    }),
  ]);
}
