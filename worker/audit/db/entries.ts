import type { ActName } from "../../../shared/contract/audit.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import type { Bindable, Database, Statement } from "../../db/database.ts";
import { type Json, toJson } from "../../db/json.ts";
import type { Target } from "../../db/update.ts";

const keptMs = 400 * dayMs;
/** Letters of a value. A survey's texts may have a megabyte, and an entry is no version of them. */
const maxLetters = 1000;

/** Who does what to which thing. `workspace` null: in each of several, as `noteInEach` finds them. */
export interface Act<Workspace extends number | null = number> {
  workspace: Workspace;
  id: string;
  at: number;
  /** Public id of a member or key. */
  by: string;
  what: ActName;
  thing: string;
  /** Id of the request. */
  request: string;
}

type Changes = Record<string, readonly [before: Bindable, after: Bindable]>;

/** `values`: of the parameters in `changes` and `from`, from ?1 on. Safe to repeat. */
function entry(
  act: Act<number | null>,
  changes: string,
  from: string,
  values: readonly Bindable[],
): Statement {
  const { workspace, id, at, by, what, thing, request } = act;
  const given = [...(workspace === null ? [] : [workspace]), id, at, by, what, thing, request];
  const bound = given.map((_, index) => `?${values.length + index + 1}`);
  const parameters = [...(workspace === null ? ["workspace_ref"] : []), ...bound].join(", ");
  return {
    sql: `INSERT INTO audit_entries (workspace_ref, id, at, made_by, what, thing, request, changes)
      SELECT ${parameters}, ${changes} ${from} ON CONFLICT DO NOTHING`,
    values: [...values, ...given],
  };
}

/**
 * Writes an act down. `when`: only where this SQL holds, with `values` from ?1 on: the condition of what it stands beside,
 * so that what did not happen is not written down either.
 */
export const noteAct = (
  act: Act | null,
  changes: Changes = {},
  when = "true",
  values: readonly Bindable[] = [],
): Statement[] =>
  act ? [entry(act, `?${values.length + 1}`, `WHERE ${when}`, [...values, toJson(cutAll(changes))])] : [];

/** Writes an act down in each workspace that `from` has as `workspace_ref`. One id serves all: it is a workspace's own. */
export const noteInEach = (act: Act<null>, from: string, values: readonly Bindable[]): Statement =>
  entry(act, "'{}'", from, values);

const cutAll = (changes: Changes): Changes =>
  Object.fromEntries(
    Object.entries(changes).map(([field, [before, after]]) => [field, [cut(before), cut(after)] as const]),
  );
const cut = (value: Bindable): Bindable =>
  typeof value === "string" && value.length > maxLetters ? `${value.slice(0, maxLetters)}…` : value;
/**
 * SQL of what a column of JSON says that may name people, such as the address of whom a survey never asks: which parts it has, and
 * the numbers among them. An erasure finds nobody in an entry, which outlives it.
 */
export const partsInSql = (value: string) =>
  `(SELECT group_concat(key || IIF(type IN ('integer', 'real'), ' ' || value, ''), ', ') FROM json_each(${value}) WHERE type <> 'null')`;

const cutInSql = (value: string) =>
  `IIF(length(${value}) > ${maxLetters}, substr(${value}, 1, ${maxLetters}) || '…', ${value})`;

/**
 * Writes down what an update is about to change. It stands before the update, so that it reads what was there, and it
 * writes nothing where nothing differs. `shown`: for columns that say nothing outside of the database, or too much, SQL of what to say.
 */
export function noteChange<Allowed extends Readonly<Record<string, string>>>(
  act: Act | null,
  { table, where, values }: Omit<Target, "read">,
  columns: Allowed,
  given: { readonly [Field in keyof Allowed]?: Bindable | undefined },
  shown: Readonly<Record<string, (value: string) => string>> = {},
): Statement[] {
  const bound = [...values];
  const differs: string[] = [];
  const changes: string[] = [];
  for (const [field, column] of Object.entries(columns)) {
    const value = given[field];
    if (value === undefined) continue;
    const after = `?${bound.push(value)}`;
    differs.push(`${column} IS NOT ${after}`);
    const said = shown[column] ?? cutInSql;
    const name = column.replace(/_ref$/, "");
    changes.push(
      `'${name}', json(IIF(${column} IS ${after}, 'null', json_array(${said(column)}, ${said(after)})))`,
    );
  }
  if (!act || changes.length === 0) return [];
  const from = `FROM ${table} WHERE ${where} AND (${differs.join(" OR ")})`;
  return [entry(act, `json_object(${changes.join(", ")})`, from, bound)];
}

/** Writes down that a row is about to be archived, unless it is already. */
export const noteArchival = (act: Act | null, { table, where, values }: Omit<Target, "read">): Statement[] =>
  act ? [entry(act, "'{}'", `FROM ${table} WHERE ${where} AND archived_at IS NULL`, values)] : [];

export interface EntryRow {
  id: string;
  at: number;
  by: string;
  /** Of the member or key; null: there is none of this id any more. */
  name: string | null;
  what: string;
  thing: string;
  request: string;
  /** By column; null where it was given and stayed as it was. */
  changes: Json<Record<string, readonly [before: Bindable, after: Bindable] | null>>;
}

interface Filter {
  by?: string | undefined;
  what?: string | undefined;
  thing?: string | undefined;
  from?: number | undefined;
}

/** Entries of a workspace, the newest first, those before an id; "" begins with the newest. */
export function listEntries(
  db: Database,
  workspace: number,
  { by, what, thing, from }: Filter,
  before: string,
  limit: number,
): Promise<EntryRow[]> {
  const values: Bindable[] = [workspace, before || "b", limit];
  // Conditions as literals, so that SQLite takes the index of the maker or the thing where one is named.
  const only = ([column, value]: [string, Bindable | undefined]) =>
    value === undefined ? [] : [`AND ${column} ?${values.push(value)}`];
  const conditions = (
    [
      ["made_by =", by],
      ["thing =", thing],
      ["what =", what],
      ["at >=", from],
    ] as [string, Bindable | undefined][]
  ).flatMap(only);
  return db.all(
    `SELECT id, at, made_by AS "by", COALESCE((SELECT name FROM members WHERE members.id = audit_entries.made_by),
       (SELECT name FROM keys WHERE keys.id = audit_entries.made_by)) AS name, what, thing, request, changes
     FROM audit_entries WHERE workspace_ref = ?1 AND id < ?2 ${conditions.join(" ")} ORDER BY id DESC LIMIT ?3`,
    ...values,
  );
}

/** Deletes the oldest entries that are kept no longer, at most `maxRows`. True: there may be more. */
export async function forgetEntries(db: Database, now: number, maxRows: number): Promise<boolean> {
  const forgotten = await db.all(
    `DELETE FROM audit_entries WHERE (workspace_ref, id) IN (
       SELECT workspace_ref, id FROM audit_entries WHERE at <= ?1 ORDER BY at LIMIT ?2) RETURNING 1`,
    now - keptMs,
    maxRows,
  );
  return forgotten.length === maxRows;
}
