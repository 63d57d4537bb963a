import { type Budget, spend } from "./budget.ts";
import { type Fault, faultOf } from "./faults.ts";

/** A value that D1 binds. Numbers are bound as REAL: STRICT columns turn whole ones back into integers. */
export type Bindable = string | number | null;

export interface Statement {
  readonly sql: string;
  readonly values: readonly Bindable[];
}

/** When a statement does anything. `sql`: its condition, whose parameters begin with this number. */
export interface Condition {
  readonly sql: (first: number) => string;
  readonly values: readonly Bindable[];
}

export const always: Condition = { sql: () => "true", values: [] };

/** The database could not take the statements now. Nothing is known to be wrong with the statements. */
export class DatabaseBusy extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.name);
    this.fault = fault;
  }
}

/** Delays before the retries of a write, in ms. Two retries hide a passing fault; more would only feed an overload. */
const retryDelays = [25, 100];

/** Databases that are prepared for writes, for as long as this isolate lives. */
const ready = new WeakSet<D1Database>();

/**
 * One invocation's view of D1. It counts the statements that it may send and the rows that are billed, retries what may
 * be retried, and tells a busy database from a wrong statement.
 */
export class Database {
  rowsRead = 0;
  rowsWritten = 0;
  /** Statements sent, counting each one of a batch and each retry. The platform limits them for an invocation. */
  statements = 0;
  readonly d1: D1Database;
  readonly #budget: Budget | null;

  /** `budget`: null outside of a worker's invocation, as in a script. */
  constructor(d1: D1Database, budget: Budget | null = null) {
    this.d1 = d1;
    this.#budget = budget;
  }

  /** Statements that may still be sent. */
  get left(): number {
    return (this.#budget?.statements ?? Number.POSITIVE_INFINITY) - this.statements;
  }

  /** Runs `prepare` once for this database, before its first write in this isolate. */
  async ensure(prepare: (db: Database) => Promise<void>): Promise<void> {
    if (ready.has(this.d1)) return;
    await prepare(this);
    ready.add(this.d1);
  }

  async all<Row>(sql: string, ...values: Bindable[]): Promise<Row[]> {
    const [rows] = await this.batch<Row>([{ sql, values }]);
    return rows ?? [];
  }

  async first<Row>(sql: string, ...values: Bindable[]): Promise<Row | null> {
    return (await this.all<Row>(sql, ...values))[0] ?? null;
  }

  /** Runs the statements in one transaction and answers the rows of each. They must be safe to repeat. */
  async batch<Row>(statements: readonly Statement[]): Promise<Row[][]> {
    for (const delay of retryDelays) {
      try {
        return await this.#run<Row>(statements);
      } catch (error) {
        if (faultOf(error)?.is !== "transient" || statements.length > this.left) throw orBusy(error);
        // Not `scheduler.wait`: scripts open the database in Node, which does not have it.
        await new Promise((done) => setTimeout(done, delay));
      }
    }
    return this.once<Row>(...statements);
  }

  /** Several queries at one moment, by name. `Rows` gives the row type of each. */
  async together<Rows extends object>(
    queries: { [Name in keyof Rows]: Statement },
  ): Promise<{ [Name in keyof Rows]: Rows[Name][] }> {
    const names = Object.keys(queries);
    const results = await this.batch<never>(Object.values(queries));
    const named: Partial<Record<string, never[]>> = Object.fromEntries(
      names.map((name, index) => [name, results[index]]),
    );
    return named as { [Name in keyof Rows]: Rows[Name][] };
  }

  /** Like `batch`, for statements that must not be repeated: an error may hide that they were committed. */
  async once<Row>(...statements: Statement[]): Promise<Row[][]> {
    try {
      return await this.#run<Row>(statements);
    } catch (error) {
      throw orBusy(error);
    }
  }

  async #run<Row>(statements: readonly Statement[]): Promise<Row[][]> {
    if (this.#budget) spend(statements, this.statements, this.#budget);
    this.statements += statements.length;
    const prepared = statements.map(({ sql, values }) => this.d1.prepare(sql).bind(...values));
    const [only, second] = prepared;
    // A batch of one would cost the D1 client a hundredth of what saving a response costs.
    const results = only && !second ? [await only.all<Row>()] : await this.d1.batch<Row>(prepared);
    for (const { meta } of results) {
      this.rowsRead += meta.rows_read;
      this.rowsWritten += meta.rows_written;
    }
    return results.map(({ results: rows }) => rows);
  }
}

function orBusy(error: unknown): unknown {
  const fault = faultOf(error);
  return fault && fault.is !== "ours" ? new DatabaseBusy(fault) : error;
}
