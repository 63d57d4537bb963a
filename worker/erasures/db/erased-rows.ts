import type { Properties } from "../../../shared/asking/asking.ts";
import { canonicalAddress } from "../../../shared/mail/addresses.ts";
import type { Database, Statement } from "../../db/database.ts";
import { fromJson, type Json } from "../../db/json.ts";
import { forgetAddresses } from "../../mail/db/mails.ts";
import { insertSuppressions } from "../../mail/db/suppressions.ts";
import { counted, type ErasureRow, type Places } from "../../people/db/erasures.ts";
import type { HashedAddress } from "../../people/person.ts";
import { eraseResponses } from "../../responses/db/responses.ts";
import { counters } from "../../rollup/schema.ts";
import { cellKey } from "../../rollup/tallies.ts";
import { installTriggers } from "../../rollup/triggers.ts";

interface FoundRows {
  invitations: string[];
  responses: string[];
  places: Places;
  /** There may be more rows that name the person. */
  isMore: boolean;
}

/** How each table is walked, and the SQL for the id within the `value` of a place. */
const tables = {
  responses: {
    walk: "id AS place, respondent, properties FROM responses WHERE workspace_ref = ?1 AND id > ?2 ORDER BY id",
    id: "value",
  },
  invitations: {
    walk: `printf('%016d', created_at) || id AS place, respondent, properties FROM invitations
      WHERE workspace_ref = ?1 AND (created_at, id) > (CAST(substr(?2, 1, 16) AS INTEGER), substr(?2, 17)) ORDER BY created_at, id`,
    id: "substr(value, 17)",
  },
};

/**
 * A part that every spelling of an address contains, once its ASCII letters are lower case: the end of its local part,
 * in letters that neither Unicode nor JSON can write in two ways.
 */
const markOf = (address: string): string => /[!#-[\]-~]*@/.exec(address)?.[0] ?? "@";

/** The person's rows that an index finds, and those with their address as far as the search has come. */
export async function findRows(
  db: Database,
  workspace: number,
  { spellings, address }: { spellings: readonly string[]; address: string | null },
  places: Places,
  maxRows: { named: number; lookedAt: number },
): Promise<FoundRows> {
  const named = "IN (SELECT value FROM json_each(?2))";
  const queries = [
    `SELECT id FROM invitations WHERE workspace_ref = ?1 AND respondent ${named} LIMIT ?3`,
    `SELECT invitation AS id FROM mails WHERE workspace_ref = ?1 AND address <> '' AND lower(address) ${named} LIMIT ?3`,
    `SELECT id FROM responses WHERE workspace_ref = ?1 AND respondent ${named} LIMIT ?3`,
    `SELECT id FROM responses WHERE workspace_ref = ?1 AND claimed ${named} LIMIT ?3`,
  ].map((sql) => ({ sql, values: [workspace, JSON.stringify(spellings), maxRows.named] }));
  const results = await db.batch<{ id: string }>(queries);
  const ids = results.map((rows) => rows.map(({ id }) => id));
  const found: FoundRows = {
    invitations: ids.slice(0, 2).flat(),
    responses: ids.slice(2).flat(),
    places: { responses: null, invitations: null },
    isMore: ids.some(({ length }) => length === maxRows.named),
  };
  if (address === null) return found;
  for (const table of ["responses", "invitations"] as const) {
    const from = places[table];
    if (from === null) continue;
    const { rows, place } = await lookThrough(
      db,
      table,
      [workspace, from, markOf(address), maxRows.lookedAt],
      maxRows.named,
    );
    found.places[table] = place;
    found[table].push(...rows.filter((row) => names(row, address)).map(({ id }) => id));
  }
  return found;
}

interface Texts {
  id: string;
  respondent: string | null;
  properties: Json<Properties> | null;
}

/**
 * Searches the next rows of a table for an address that no index has: among properties, or as a respondent in an old
 * spelling. SQLite knows neither Unicode nor domains, so it only finds candidates. `place`: where to go on; null: the
 * end.
 */
async function lookThrough(
  db: Database,
  table: keyof Places,
  values: [workspace: number, from: string, mark: string, most: number],
  maxRead: number,
): Promise<{ rows: Texts[]; place: string | null }> {
  const { walk, id } = tables[table];
  const look = await db.first<{ last: string | null; places: Json<string[]> }>(
    `SELECT IIF(COUNT(*) < ?4, NULL, MAX(place)) AS last,
       json_group_array(place) FILTER (WHERE instr(lower(properties), ?3) OR instr(lower(respondent), ?3)) AS places
     FROM (SELECT ${walk} LIMIT ?4)`,
    ...values,
  );
  const places = fromJson(look?.places ?? null) ?? [];
  // A row may be long, and anybody may have written many rows that only look like it, so the others come next time.
  const next = places.slice(0, maxRead);
  const rows = await db.all<Texts>(
    `SELECT ${table}.id, respondent, properties FROM json_each(?2) CROSS JOIN ${table} ON workspace_ref = ?1 AND ${table}.id = ${id}`,
    values[0],
    JSON.stringify(next),
  );
  return { rows, place: (places.length > maxRead ? next.at(-1) : look?.last) ?? null };
}

const names = ({ respondent, properties }: Texts, address: string): boolean =>
  [respondent, ...Object.values(fromJson(properties) ?? {})].some(
    (value) => typeof value === "string" && canonicalAddress(value) === address,
  );

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

/** Erases these rows of a person in one transaction. Safe to repeat. */
export async function eraseRows(
  db: Database,
  { ref, workspaceRef: workspace }: ErasureRow,
  { invitations, responses }: RowsOfPerson,
  hashed: readonly HashedAddress[],
  now: number,
): Promise<void> {
  await db.ensure(installTriggers);
  await db.batch([
    ...hashSuppressions(ref, workspace, hashed),
    ...forgetInvitations(ref, workspace, invitations, hashed, now),
    ...counted(ref, "responses", eraseResponses(workspace, responses, now)),
  ]);
}

/** Deletes what clocks, suppressions and clicks know of a person, by all hashes that may stand for them. */
export async function eraseKnown(
  db: Database,
  { ref, workspaceRef: workspace }: ErasureRow,
  hashes: readonly string[],
  hashed: readonly HashedAddress[],
): Promise<void> {
  const values = [workspace, JSON.stringify(hashes)];
  const all = `SELECT value FROM json_each(?2)
    UNION SELECT hash FROM json_each(?2) CROSS JOIN spellings ON workspace_ref = ?1 AND person = value`;
  await db.batch([
    ...hashSuppressions(ref, workspace, hashed),
    ...counted(ref, "askings", {
      sql: `DELETE FROM askings WHERE workspace_ref = ?1 AND person IN (${all})`,
      values,
    }),
    // "/" comes after the dot that follows a person's hash.
    ...counted(ref, "clicks", {
      sql: `DELETE FROM clicks WHERE workspace_ref = ?1 AND response IN (
        SELECT response FROM json_each(?2) CROSS JOIN clicks ON workspace_ref = ?1 AND response >= value || '.' AND response < value || '/')`,
      values,
    }),
    ...counted(ref, "spellings", {
      sql: `DELETE FROM spellings WHERE workspace_ref = ?1 AND hash IN (${all})`,
      values,
    }),
  ]);
}

/**
 * Deletes breakdown values that were the person's address, with their cells, which are at zero once the responses are
 * erased. A cell that counts something belongs to a later response, and stays.
 */
export async function forgetValues(
  db: Database,
  { ref, workspaceRef: workspace }: ErasureRow,
  address: string,
): Promise<void> {
  const held = await db.all<{ ref: number; value: string }>(
    `SELECT breakdown_values.ref, value FROM breakdowns JOIN breakdown_values ON breakdown_ref = breakdowns.ref
     WHERE breakdowns.workspace_ref = ?1 AND instr(lower(value), ?2)`,
    workspace,
    markOf(address),
  );
  const refs = held.filter(({ value }) => canonicalAddress(value) === address).map((value) => value.ref);
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
      sql: `DELETE FROM breakdown_values WHERE ref IN (SELECT their.value FROM json_each(?2) AS their
        WHERE NOT EXISTS (SELECT 1 FROM ${cellsIn("rating_counts")}) AND NOT EXISTS (SELECT 1 FROM ${cellsIn("block_counts")}))`,
      values,
    }),
  ]);
}
