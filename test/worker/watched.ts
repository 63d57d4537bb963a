import type { Statement } from "../../worker/db/database.ts";

/** Wraps a batch or a single statement: what it returns or throws is what the worker gets. */
type Around = <Result>(run: () => Promise<Result>, statements: readonly Statement[]) => Promise<Result>;

/** The real D1 with a wrapper around everything that runs on it, as far as the worker uses D1. */
export class WatchedDatabase implements D1Database {
  readonly #d1: D1Database;
  readonly #around: Around;
  readonly #bound = new WeakMap<D1PreparedStatement, { real: D1PreparedStatement; statement: Statement }>();

  constructor(d1: D1Database, around: Around) {
    this.#d1 = d1;
    this.#around = around;
  }

  prepare(sql: string): D1PreparedStatement {
    const bind = (real: D1PreparedStatement, values: Statement["values"]) => {
      const statement = { sql, values };
      const watched = new Proxy(real, {
        get: (target, name) =>
          name === "all" ? () => this.#around(() => real.all(), [statement]) : Reflect.get(target, name),
      });
      this.#bound.set(watched, { real, statement });
      return watched;
    };
    return new Proxy(this.#d1.prepare(sql), {
      get: (statement, name) =>
        name === "bind"
          ? (...values: Statement["values"]) => bind(statement.bind(...values), values)
          : Reflect.get(statement, name),
    });
  }

  batch<Row>(prepared: D1PreparedStatement[]): Promise<D1Result<Row>[]> {
    const bound = prepared.map((statement) => {
      const found = this.#bound.get(statement);
      if (!found) throw new TypeError("a statement that was not bound here");
      return found;
    });
    return this.#around(
      () => this.#d1.batch<Row>(bound.map(({ real }) => real)),
      bound.map(({ statement }) => statement),
    );
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

/** A database of which every `nth` answer is lost after its commit. Each second question waits a ms, so that others overtake it. */
export function losing(d1: D1Database, nth: number): D1Database {
  let calls = 0;
  return new WatchedDatabase(d1, async (run) => {
    await scheduler.wait(calls % 2);
    const result = await run();
    if (++calls % nth === 0) throw new Error("D1_ERROR: Network connection lost.");
    return result;
  });
}

export const isWrite = (statements: readonly Statement[]): boolean =>
  statements.some(({ sql }) => /\b(INSERT|UPDATE|DELETE)\b/.test(sql));

/** The real D1, and a record of everything that runs on it. */
export function recordedDatabase(d1: D1Database) {
  const batches: Statement[][] = [];
  const recorded = new WatchedDatabase(d1, (run, statements) => {
    batches.push([...statements]);
    return run();
  });
  return { d1: recorded, batches };
}
