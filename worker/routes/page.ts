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
