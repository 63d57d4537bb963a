import type { Bindable, Database, Statement } from "./database.ts";
import type { Source } from "./list.ts";

/** One row that may be changed. */
export interface Target extends Source {
  /** Names the row, workspace first, with ?1 and on; a literal in the code too. */
  where: string;
  values: readonly Bindable[];
}

/** By the name of a field its column: what an update may write. */
type Columns = Readonly<Record<string, string>>;
/** What is to be written; what is left out or undefined stays. */
type Given<Allowed extends Columns> = { readonly [Field in keyof Allowed]?: Bindable | undefined };

/** Writes the given columns and no other, so that of two updates at once neither undoes the other's. None: nothing. */
export function setGiven<Allowed extends Columns>(
  { table, where, values }: Target,
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
 * Answers the row as it is afterwards; null: absent, or of another workspace. An archived one stays archived. `before` runs in
 * the same transaction.
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

/** For good: the first time stands, and no update writes the column. Answers like `updateRow`. */
export async function archiveRow<Row>(db: Database, target: Target, now: number): Promise<Row | null> {
  const { table, where, values } = target;
  const sql = `UPDATE ${table} SET archived_at = ?${values.length + 1} WHERE ${where} AND archived_at IS NULL`;
  return changed(db, target, [{ sql, values: [...values, now] }]);
}

/** The row is read and not RETURNING: a repeat whose first try was committed, or an update of nothing, returns none. */
async function changed<Row>(
  db: Database,
  { read, where, values }: Target,
  changes: readonly Statement[],
): Promise<Row | null> {
  const answers = await db.batch<Row>([...changes, { sql: `${read} WHERE ${where}`, values }]);
  return answers.at(-1)?.[0] ?? null;
}
