/** What is cached. Whoever changes a subject clears its caches without knowing them. */
type Subject = "keys" | "offered" | "public-scores" | "schema";

/**
 * Caches a few values for a short time in this isolate, so that the public routes need no read before their write. It
 * holds plain data only: what belongs to one request (a body, a statement) must not outlive it.
 */
export class Cache<Value> {
  static readonly #all: { subject: Subject; cache: Cache<unknown> }[] = [];

  /** Clears this isolate's caches of these subjects. Those of other isolates expire. */
  static forget(...subjects: Subject[]): void {
    for (const { subject, cache } of Cache.#all) if (subjects.includes(subject)) cache.clear();
  }

  readonly #entries = new Map<string, { value: Value; freshUntil: number; until: number }>();
  readonly #lifeMs: number;
  readonly #freshMs: number;
  readonly #maxEntries = 1000;
  #forgotten = 0;

  /** After `freshMs`, a value may still be answered until `lifeMs`, while it is reloaded after the answer. */
  constructor(subject: Subject, lifeMs: number, freshMs = lifeMs) {
    Cache.#all.push({ subject, cache: this });
    this.#lifeMs = lifeMs;
    this.#freshMs = freshMs;
  }

  /**
   * `behind` keeps the request alive while it reloads after its answer; null: only a fresh value is answered. One that
   * was remembered and does not suffice is read anew.
   */
  async get(
    key: string,
    now: number,
    load: () => Promise<Value>,
    behind: ((loading: Promise<unknown>) => void) | null = null,
    suffices: (value: Value) => boolean = () => true,
  ): Promise<Value> {
    const entry = this.#entries.get(key);
    if (!entry || (behind ? entry.until : entry.freshUntil) <= now || !suffices(entry.value))
      return this.#load(key, now, load);
    if (behind && entry.freshUntil <= now) {
      // Only one request reloads at a time. If that fails, the next reload comes after `freshMs`.
      entry.freshUntil = now + this.#freshMs;
      behind(this.#load(key, now, load).catch(() => undefined));
    }
    return entry.value;
  }

  async #load(key: string, now: number, load: () => Promise<Value>): Promise<Value> {
    const forgotten = this.#forgotten;
    const value = await load();
    // A value that was read before a change must not be cached after it.
    if (forgotten === this.#forgotten) {
      if (this.#entries.size >= this.#maxEntries) this.#entries.clear();
      this.#entries.set(key, { value, freshUntil: now + this.#freshMs, until: now + this.#lifeMs });
    }
    return value;
  }

  clear(): void {
    this.#forgotten += 1;
    this.#entries.clear();
  }
}
