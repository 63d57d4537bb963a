import type { Properties } from "../../../shared/asking/asking.ts";
import type { Answers } from "../../../shared/contract/surveys/follow-up.ts";
import { canonicalAddress } from "../../../shared/mail/addresses.ts";
import { invisible, mentions, signsOfCode, standsFor } from "../../../shared/mail/mentions.ts";
import type { Database } from "../../db/database.ts";
import { fromJson, type Json } from "../../db/json.ts";
import type { Places } from "../../people/db/erasures.ts";

/** A response's comment and answers to some steps that mention an address, as they were at a revision. */
export interface Texts {
  id: string;
  revision: number;
  /** Of the address. */
  mark: string;
  comment: boolean;
  steps: string[];
}

/** Names and reasons of others' mails that mention an address. */
export interface MailTexts {
  invitation: string;
  texts: string[];
}

interface FoundRows {
  invitations: string[];
  responses: string[];
  /** What contains the address in other responses. */
  texts: Texts[];
  mails: MailTexts[];
  /** Respondents that contain the address among other text. */
  respondents: string[];
  places: Places;
  /** There may be more rows that name the person. */
  isMore: boolean;
}

/** SQL: how an invitation's mails name their recipient, and what was said of them. */
const mailed = `IIF(channel = 'email',
  (SELECT json_group_array(json_array(name, reason)) FROM mails WHERE invitation = invitations.id), NULL)`;

/** How each table is walked, the SQL for the id within the `value` of a place, and the columns of a candidate. */
const tables = {
  responses: {
    walk: "id AS place, json_array(respondent, claimed, properties, comment, answers) AS text FROM responses WHERE workspace_ref = ?1 AND id > ?2 ORDER BY id",
    id: "value",
    columns: "respondent, claimed, properties, comment, answers, revision, NULL AS mailed",
  },
  invitations: {
    walk: `printf('%016d', created_at) || id AS place, json_array(respondent, properties, ${mailed}) AS text FROM invitations
      WHERE workspace_ref = ?1 AND (created_at, id) > (CAST(substr(?2, 1, 16) AS INTEGER), substr(?2, 17)) ORDER BY created_at, id`,
    id: "substr(value, 17)",
    columns: `respondent, NULL AS claimed, properties, NULL AS comment, NULL AS answers, 0 AS revision, ${mailed} AS mailed`,
  },
};

/**
 * A part that every spelling of an address contains, once its ASCII letters are lower case: the end of its local part,
 * in letters that neither Unicode nor JSON nor a URL writes in two ways.
 */
export const markOf = (address: string): string => /[a-z0-9]*@/.exec(address)?.[0] ?? "@";

/**
 * SQL: whether a text may mention the address of a mark. SQLite knows neither Unicode nor domains, and decodes nothing:
 * what may have a letter of the mark in code only may.
 */
export const mayMention = (text: string, mark: string): string => {
  const drawn = invisible.reduce((sql, code) => `replace(${sql}, char(${code}), '')`, `lower(${text})`);
  const coded = signsOfCode.map((sign) => `${text} GLOB '*${sign}*'`);
  return `(instr(${drawn}, ${mark}) OR ${coded.join(" OR ")})`;
};

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
    texts: [],
    mails: [],
    respondents: [],
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
    for (const row of rows) {
      const respondents = [row.respondent, row.claimed]
        .filter(isText)
        .filter((one) => standsFor(one, address));
      const text = textsIn(row, address);
      const mail = mailTextsIn(row, address);
      if (respondents.length > 0 || isAmongProperties(row, address)) found[table].push(row.id);
      else if (text) found.texts.push(text);
      else if (mail) found.mails.push(mail);
      found.respondents.push(...respondents.filter((one) => canonicalAddress(one) !== address));
    }
  }
  return found;
}

interface Candidate {
  id: string;
  respondent: string | null;
  claimed: string | null;
  properties: Json<Properties> | null;
  comment: string | null;
  answers: Json<Answers> | null;
  revision: number;
  mailed: Json<[name: string | null, reason: string | null][]> | null;
}

/**
 * Searches the next rows of a table for an address that no index has: within other text, or as a respondent in an old
 * spelling. SQLite only finds candidates. `place`: where to go on; null: the end.
 */
async function lookThrough(
  db: Database,
  table: keyof Places,
  values: [workspace: number, from: string, mark: string, most: number],
  maxRead: number,
): Promise<{ rows: Candidate[]; place: string | null }> {
  const { walk, id, columns } = tables[table];
  const look = await db.first<{ last: string | null; places: Json<string[]> }>(
    `SELECT IIF(COUNT(*) < ?4, NULL, MAX(place)) AS last,
       json_group_array(place) FILTER (WHERE ${mayMention("text", "?3")}) AS places
     FROM (SELECT ${walk} LIMIT ?4)`,
    ...values,
  );
  const places = fromJson(look?.places ?? null) ?? [];
  // A row may be long, and anybody may have written many rows that only look like it, so the others come next time.
  const next = places.slice(0, maxRead);
  const rows = await db.all<Candidate>(
    `SELECT ${table}.id, ${columns} FROM json_each(?2) CROSS JOIN ${table} ON workspace_ref = ?1 AND ${table}.id = ${id}`,
    values[0],
    JSON.stringify(next),
  );
  return { rows, place: (places.length > maxRead ? next.at(-1) : look?.last) ?? null };
}

const isText = (value: unknown): value is string => typeof value === "string";

const isAmongProperties = ({ properties }: Candidate, address: string): boolean =>
  Object.values(fromJson(properties) ?? {}).some((value) => isText(value) && standsFor(value, address));

/** What somebody wrote about the person; null: nothing. */
function textsIn({ id, revision, comment, answers }: Candidate, address: string): Texts | null {
  const steps = Object.entries(fromJson(answers) ?? {}).flatMap(([step, answer]) =>
    [answer].flat().some((text) => isText(text) && mentions(text, address)) ? [step] : [],
  );
  const isComment = comment !== null && mentions(comment, address);
  if (!isComment && steps.length === 0) return null;
  return { id, revision, mark: markOf(address), comment: isComment, steps };
}

/** What others' mails say of the person; null: nothing. */
function mailTextsIn({ id, mailed }: Candidate, address: string): MailTexts | null {
  const texts = (fromJson(mailed) ?? []).flatMap(([name, reason]) => [
    ...(name !== null && standsFor(name, address) ? [name] : []),
    ...(reason !== null && mentions(reason, address) ? [reason] : []),
  ]);
  return texts.length > 0 ? { invitation: id, texts } : null;
}
