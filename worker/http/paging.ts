import type { newId } from "../secrets/ids.ts";
import { Problem } from "./problem.ts";

/** Throws a 422: an empty page would read as the end of the list. */
export function refuseCursor(pointer = "?cursor"): never {
  throw Problem.field(pointer, "is not a cursor of this list");
}

/** The parts of a cursor, in the form that its list gives it; none: the first page is asked for. */
export function readCursor(cursor: string | undefined, form: RegExp, pointer?: string): string[] {
  if (cursor === undefined) return [];
  return form.exec(cursor)?.slice(1) ?? refuseCursor(pointer);
}

/** The id after which a page begins; "": it is the first. */
export const readIdCursor = (cursor: string | undefined, prefix: Parameters<typeof newId>[0]): string =>
  readCursor(cursor, new RegExp(`^(${prefix}_[0-9a-z]{26})$`))[0] ?? "";

/** One page of a list; `rows` holds one more than `limit` when there is a next page. */
export function pageBody<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toJson: (row: Row) => Item,
  cursorOf: (row: Row) => string,
): { data: Item[]; next_cursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { data: page.map(toJson), next_cursor: rows.length > limit && last ? cursorOf(last) : null };
}

export const instantOrNull = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString();
