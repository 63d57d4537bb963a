import type { Context } from "hono";
import type * as z from "zod";
import type { PageQuery } from "../../shared/contract/fields.ts";
import type { ReadPage } from "../db/list.ts";
import type { App, Caller } from "../environment.ts";
import type { newId } from "../secrets/ids.ts";
import { Problem } from "./problem.ts";

/** Throws a 422. An empty page would look like the end of the list. */
export function refuseCursor(pointer = "?cursor"): never {
  throw Problem.field(pointer, "is not a cursor of this list");
}

/** The parts of a cursor, by the form that its list gives it; [] for the first page. */
export function readCursor(cursor: string | undefined, form: RegExp, pointer?: string): string[] {
  if (cursor === undefined) return [];
  return form.exec(cursor)?.slice(1) ?? refuseCursor(pointer);
}

interface Page<Item> {
  data: Item[];
  next_cursor: string | null;
}

/** One page of a list. `rows` has one row more than `limit` where there is a next page. */
export function pageBody<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toJson: (row: Row) => Item,
  cursorOf: (row: Row) => string,
): Page<Item> {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { data: page.map(toJson), next_cursor: rows.length > limit && last ? cursorOf(last) : null };
}

interface Listing<Row, Item> {
  /** The prefix of the ids, which are the cursors. */
  prefix: Parameters<typeof newId>[0];
  read: ReadPage<Row>;
  toJson(row: Row): Item;
}

/** One page of a workspace's rows, by id. Throws a 422 for an invalid cursor. */
export async function list<Row extends { id: string }, Item>(
  c: Context<App>,
  caller: Caller,
  { limit, cursor }: z.output<typeof PageQuery>,
  { prefix, read, toJson }: Listing<Row, Item>,
): Promise<Page<Item>> {
  const [after = ""] = readCursor(cursor, new RegExp(`^(${prefix}_[0-9a-z]{26})$`));
  const rows = await read(c.var.db, caller.workspace, after, limit + 1);
  return pageBody(rows, limit, toJson, ({ id }) => id);
}

export const instantOrNull = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString();
