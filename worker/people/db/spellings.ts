import { always, type Condition, type Statement } from "../../db/database.ts";

/** The hash of a spelling that is not canonical, and `person`, the hash by which clocks know that respondent. */
interface Spelling {
  hash: string;
  person: string;
}

/** How an invitation spells its respondent, and the canonical spelling, under which it is stored. */
export interface InvitedSpelling extends Spelling {
  invitation: string;
  respondent: string;
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

const isInvited: Condition = {
  sql: () =>
    "EXISTS (SELECT 1 FROM invitations WHERE invitations.id = value->>'invitation' AND respondent = value->>'respondent')",
  values: [],
};

/** Notes the spellings of invitations that have just been stored; one that is refused leaves none. Safe to repeat. */
export const noteInvited = (workspace: number, spellings: readonly InvitedSpelling[]): Statement[] =>
  spellings.length === 0
    ? []
    : [
        noteSpellings(
          spellings.map((spelling) => ({ ...spelling, workspace })),
          isInvited,
        ),
      ];

/** SQL: the hashes of a person who is known by one of them: the canonical spelling's and those of all others. */
export const hashesOfPerson = (workspace: string, hash: string): string => {
  const person = `COALESCE((SELECT person FROM spellings WHERE workspace_ref = ${workspace} AND hash = ${hash}), ${hash})`;
  return `SELECT ${person} UNION SELECT hash FROM spellings WHERE workspace_ref = ${workspace} AND person = ${person}`;
};
