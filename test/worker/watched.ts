import type { Statement } from "../../worker/db/database.ts";

/** Stands around a batch: what it returns or throws is what the worker gets. */
export type Around = <Result>(
  run: () => Promise<Result>,
  statements: readonly Statement[],
) => Promise<Result>;

/** The real D1 with something standing around its batches, which is all that the worker uses. */
export class WatchedDatabase implements D1Database {
  readonly #d1: D1Database;
  readonly #around: Around;
  readonly #statements = new WeakMap<D1PreparedStatement, Statement>();

  constructor(d1: D1Database, around: Around) {
    this.#d1 = d1;
    this.#around = around;
  }

  prepare(sql: string): D1PreparedStatement {
    const remember = (bound: D1PreparedStatement, values: Statement["values"]) => {
      this.#statements.set(bound, { sql, values });
      return bound;
    };
    return new Proxy(this.#d1.prepare(sql), {
      get(statement, name) {
        if (name === "bind") {
          return (...values: Statement["values"]) => remember(statement.bind(...values), values);
        }
        return Reflect.get(statement, name);
      },
    });
  }

  batch<Row>(prepared: D1PreparedStatement[]): Promise<D1Result<Row>[]> {
    const statements = prepared.map((bound) => this.#statements.get(bound) ?? { sql: "", values: [] });
    return this.#around(() => this.#d1.batch<Row>(prepared), statements);
  }

  exec(sql: string) {
    return this.#d1.exec(sql);
  }

  dump() {
    return this.#d1.dump();
  }

  withSession(bookmark?: string) {
    return this.#d1.withSession(bookmark);
  }
}

export const isWrite = (statements: readonly Statement[]): boolean =>
  statements.some(({ sql }) => /\b(INSERT|UPDATE|DELETE)\b/.test(sql));

/** The real D1, and everything that ran on it since. */
export function recordedDatabase(d1: D1Database) {
  const batches: Statement[][] = [];
  const recorded = new WatchedDatabase(d1, (run, statements) => {
    batches.push([...statements]);
    return run();
  });
  return { d1: recorded, batches };
}
