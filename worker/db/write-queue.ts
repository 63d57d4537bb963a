import { type Database, DatabaseBusy } from "./database.ts";

const maxTogether = 100;
/** Ms after which nobody is waited for: whoever led may have been ended by the platform. */
const patienceMs = 2_000;

/** Whoever saved it was ended before it told what became of it. */
const unheard = { name: "unheard", is: "transient", text: "" } as const;

interface Waiting<Item, Outcome> {
  item: Item;
  /** With the outcome when another request saved it; `lead`: it is this one's turn; `alone`: they failed together. */
  resolve(outcome: { outcome: Outcome } | "lead" | "alone"): void;
  reject(error: DatabaseBusy): void;
}

/** What waits for a database in this isolate. Data and promises only: a request must not use the connections of another. */
interface Queue<Item, Outcome> {
  busy: boolean;
  waiting: Waiting<Item, Outcome>[];
}

interface Saving<Item, Outcome> {
  /** In one transaction; answers the outcome of each, in order. */
  save(db: Database, items: readonly Item[]): Promise<Outcome[]>;
  /** Saving an item again does no harm. Where it does, one that may have been saved is refused and never tried again. */
  isRepeatable: boolean;
}

/**
 * D1 does one thing at a time: what comes in while something is being saved goes together in the next transaction, of
 * whatever workspace, and one request's log tells the rows; each is acknowledged after the commit. The caller keeps the
 * platform from ending its request before (`waitUntil`), since others wait for it.
 */
export class WriteQueue<Item, Outcome> {
  readonly #saving: Saving<Item, Outcome>;
  readonly #queues = new WeakMap<D1Database, Queue<Item, Outcome>>();

  constructor(saving: Saving<Item, Outcome>) {
    this.#saving = saving;
  }

  async save(db: Database, item: Item): Promise<Outcome> {
    const queue = this.#queues.get(db.d1) ?? { busy: false, waiting: [] };
    this.#queues.set(db.d1, queue);
    if (queue.busy) {
      const answer = await this.#awaitBatch(queue, item);
      if (answer === "alone") return this.#saveAlone(db, item);
      if (answer !== "lead") return answer.outcome;
    }
    queue.busy = true;
    const others = queue.waiting.splice(0, maxTogether - 1);
    try {
      const items = [item, ...others.map((other) => other.item)];
      const [own, ...outcomes] = (await this.#saving.save(db, items)).map((outcome) => ({ outcome }));
      for (const [index, other] of others.entries()) other.resolve(outcomes[index] ?? "alone");
      return own ? own.outcome : await this.#saveAlone(db, item);
    } catch (error) {
      if (error instanceof DatabaseBusy) for (const other of others) other.reject(error);
      else for (const other of others) other.resolve("alone");
      if (error instanceof DatabaseBusy || others.length === 0) throw error;
      return await this.#saveAlone(db, item);
    } finally {
      const next = queue.waiting.shift();
      if (next) next.resolve("lead");
      else queue.busy = false;
    }
  }

  async #saveAlone(db: Database, item: Item): Promise<Outcome> {
    const [outcome] = (await this.#saving.save(db, [item])).map((one) => ({ one }));
    if (!outcome) throw new Error("what was saved has no outcome");
    return outcome.one;
  }

  /** Until another request has saved it, or leaves the saving to this one. */
  async #awaitBatch(
    { waiting: queue }: Queue<Item, Outcome>,
    item: Item,
  ): Promise<{ outcome: Outcome } | "lead" | "alone"> {
    const { promise, resolve, reject } = Promise.withResolvers<{ outcome: Outcome } | "lead" | "alone">();
    const waiting = { item, resolve, reject };
    queue.push(waiting);
    const patience = new AbortController();
    const tired = scheduler.wait(patienceMs, { signal: patience.signal }).then(() => {
      const index = queue.indexOf(waiting);
      if (index >= 0) queue.splice(index, 1);
      else if (!this.#saving.isRepeatable) throw new DatabaseBusy(unheard);
      return "lead" as const;
    });
    try {
      return await Promise.race([promise, tired]);
    } finally {
      patience.abort();
    }
  }
}
