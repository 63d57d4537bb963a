import type { Bindable, Database, Statement } from "./database.ts";
import type { Source } from "./list.ts";

/** One row that may be changed. */
export interface Target extends Source {
  /** Identifies the row, workspace first, with parameters from ?1 on. This is also a literal in the code. */
  where: string;
  values: readonly Bindable[];
}

/** The columns that an update may write, by the name of their field. */
type Columns = Readonly<Record<string, string>>;
/** What to write. A field that is left out or undefined stays. */
type Given<Allowed extends Columns> = { readonly [Field in keyof Allowed]?: Bindable | undefined };

/** Writes only the given columns, so that of two concurrent updates neither undoes the other's. None given: []. */
export function setGiven<Allowed extends Columns>(
  { table, where, values }: Omit<Target, "read">,
  columns: Allowed,
  given: Given<Allowed>,
): Statement[] {
  const set: string[] = [];
  const bound = [...values];
  for (const [field, column] of Object.entries(columns)) {
    const value = given[field];
    if (value !== undefined) set.push(`${column} = ?${bound.push(value)}`);
  }
  if (set.length === 0) return [];
  return [{ sql: `UPDATE ${table} SET ${set.join(", ")} WHERE ${where}`, values: bound }];
}

/**
 * Answers the row as it is afterwards; null: absent, or of another workspace. An archived row stays archived. `before`
 * runs in the same transaction.
 */
export async function updateRow<Row, Allowed extends Columns>(
  db: Database,
  target: Target,
  columns: Allowed,
  given: Given<Allowed>,
  before: readonly Statement[] = [],
): Promise<Row | null> {
  return changed(db, target, [...before, ...setGiven(target, columns, given)]);
}

/** Archives for good: the first time stands, and no update writes the column. Answers like `updateRow`. */
export async function archiveRow<Row>(
  db: Database,
  target: Target,
  now: number,
  before: readonly Statement[] = [],
): Promise<Row | null> {
  const { table, where, values } = target;
  const sql = `UPDATE ${table} SET archived_at = ?${values.length + 1} WHERE ${where} AND archived_at IS NULL`;
  return changed(db, target, [...before, { sql, values: [...values, now] }]);
}

/** Reads the row, not RETURNING, which answers none for a retry after a commit or for an update of nothing. */
async function changed<Row>(
  db: Database,
  { read, where, values }: Target,
  changes: readonly Statement[],
): Promise<Row | null> {
  const answers = await db.batch<Row>([...changes, { sql: `${read} WHERE ${where}`, values }]);
  return answers.at(-1)?.[0] ?? null;
}
