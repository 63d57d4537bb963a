import { type Database, DatabaseBusy } from "./database.ts";

const maxTogether = 100;
/** Ms after which a request stops waiting: the platform may have ended the one that led. */
const patienceMs = 2_000;

/** The request that saved it ended before it told the outcome. */
const unheard = { name: "unheard", is: "transient", text: "" } as const;

interface Waiting<Item, Outcome> {
  item: Item;
  /** With the outcome that another request saved; `lead`: now this one saves; `alone`: the batch failed. */
  resolve(outcome: { outcome: Outcome } | "lead" | "alone"): void;
  reject(error: DatabaseBusy): void;
}

/** What waits for a database in this isolate: data and promises, since requests must not share connections. */
interface Queue<Item, Outcome> {
  busy: boolean;
  waiting: Waiting<Item, Outcome>[];
}

interface Saving<Item, Outcome> {
  /** Saves in one transaction, and answers the outcome of each item, in order. */
  save(db: Database, items: readonly Item[]): Promise<Outcome[]>;
  /** Whether a second save does no harm. Otherwise an item that may have been saved is refused, not retried. */
  isRepeatable: boolean;
}

/**
 * D1 does one thing at a time. What arrives during a save goes into the next transaction together, whatever its
 * workspace, and is acknowledged after the commit. One request's log has the rows of all. The caller keeps the platform
 * from ending its request early (`waitUntil`), since others wait for it.
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

  /** Waits until another request has saved the item, or leaves the saving to this one. */
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
