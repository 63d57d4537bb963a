import { always, type Condition, type Database, type Statement } from "../../db/database.ts";

/** The hash of a spelling that is not canonical, and `person`, the hash by which clocks know that respondent. */
export interface Spelling {
  hash: string;
  person: string;
}

export interface ProvenRespondent {
  /** The hash by which clocks know the respondent. */
  hash: string;
  /** The spelling that the host signs, where it is not the canonical one; null: it is. */
  spelling: Spelling | null;
}

/** Notes how hosts spell respondents. Safe to repeat. */
export const noteSpellings = (
  spellings: readonly (Spelling & { workspace: number })[],
  when: Condition = always,
): Statement => ({
  sql: `INSERT INTO spellings (workspace_ref, hash, person)
    SELECT value->>'workspace', value->>'hash', value->>'person' FROM json_each(?1) WHERE ${when.sql(2)} ON CONFLICT DO NOTHING`,
  values: [JSON.stringify(spellings), ...when.values],
});

export async function rememberSpellings(
  db: Database,
  workspace: number,
  spellings: readonly Spelling[],
): Promise<void> {
  if (spellings.length > 0)
    await db.batch([noteSpellings(spellings.map((spelling) => ({ ...spelling, workspace })))]);
}

/** SQL: the hashes of a person who is known by one of them: the canonical spelling's and those of all others. */
export const hashesOfPerson = (workspace: string, hash: string): string => {
  const person = `COALESCE((SELECT person FROM spellings WHERE workspace_ref = ${workspace} AND hash = ${hash}), ${hash})`;
  return `SELECT ${person} UNION SELECT hash FROM spellings WHERE workspace_ref = ${workspace} AND person = ${person}`;
};
