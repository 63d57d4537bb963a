/** What is counted of a statement. */
interface Spending {
  readonly values: readonly unknown[];
}

/** What D1 takes of one invocation, of one statement and in one value: developers.cloudflare.com/d1/platform/limits */
export const granted = { statements: 50, values: 100, bytes: 2_000_000 };
/** Statements of one invocation on a paid plan. */
export const paidStatements = 1000;

/** An invocation asked more of the database than the platform allows: a bug of ours. */
export class OverBudget extends Error {
  override name = "OverBudget";
}

export interface Budget {
  /** Statements of the whole invocation. */
  statements: number;
  /** What is too much throws; otherwise it is written down, and the platform decides. */
  throws: boolean;
}

const utf8 = new TextEncoder();

// No character of a string is more than three bytes: few have to be counted.
const isTooLong = (value: unknown) =>
  typeof value === "string" &&
  value.length * 3 > granted.bytes &&
  utf8.encode(value).byteLength > granted.bytes;

/** What is too much of these statements, when so many were sent before; null: nothing. */
function excess(
  statements: readonly Spending[],
  before: number,
  { statements: most }: Budget,
): string | null {
  if (before + statements.length > most) return `${before + statements.length} statements`;
  const wide = statements.find(({ values }) => values.length > granted.values);
  if (wide) return `${wide.values.length} values`;
  return statements.some(({ values }) => values.some(isTooLong)) ? "a value of too many bytes" : null;
}

/** Throws, or writes down, what is too much of these statements, when so many were sent before. */
export function spend(statements: readonly Spending[], before: number, budget: Budget): void {
  const found = excess(statements, before, budget);
  if (!found) return;
  const error = new OverBudget(found);
  if (budget.throws) throw error;
  console.error(JSON.stringify({ error: error.name, excess: found }));
}
