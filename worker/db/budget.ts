/** The part of a statement that counts towards the budget. */
interface Spending {
  readonly values: readonly unknown[];
}

/** What D1 allows for one invocation, one statement and one value: developers.cloudflare.com/d1/platform/limits */
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
  /** Exceeding the budget throws; otherwise it is only logged, and the platform decides. */
  throws: boolean;
}

const utf8 = new TextEncoder();

// No character of a string takes more than three bytes, so few strings must be counted.
const isTooLong = (value: unknown) =>
  typeof value === "string" &&
  value.length * 3 > granted.bytes &&
  utf8.encode(value).byteLength > granted.bytes;

/** What exceeds the budget in these statements, after `before` others; null: nothing. */
function excess(
  statements: readonly Spending[],
  before: number,
  { statements: maxStatements }: Budget,
): string | null {
  if (before + statements.length > maxStatements) return `${before + statements.length} statements`;
  const wide = statements.find(({ values }) => values.length > granted.values);
  if (wide) return `${wide.values.length} values`;
  return statements.some(({ values }) => values.some(isTooLong)) ? "a value of too many bytes" : null;
}

/** Throws or logs what exceeds the budget in these statements, after `before` others. */
export function spend(statements: readonly Spending[], before: number, budget: Budget): void {
  const found = excess(statements, before, budget);
  if (!found) return;
  const error = new OverBudget(found);
  if (budget.throws) throw error;
  console.error(JSON.stringify({ error: error.name, excess: found }));
}
