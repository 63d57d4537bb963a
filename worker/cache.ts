/**
 * Remembers a few values for a short time in this isolate, so that the public routes need no read before their write.
 * Holds plain data only: what belongs to one request (a body, a statement) must not outlive it.
 */
export class Cache<Value> {
  readonly #entries = new Map<string, { value: Value; until: number }>();
  readonly #lifeMs: number;
  readonly #most: number;

  constructor(lifeMs: number, most = 1000) {
    this.#lifeMs = lifeMs;
    this.#most = most;
  }

  async get(key: string, now: number, load: () => Promise<Value>): Promise<Value> {
    const entry = this.#entries.get(key);
    if (entry && entry.until > now) return entry.value;
    const value = await load();
    if (this.#entries.size >= this.#most) this.#entries.clear();
    this.#entries.set(key, { value, until: now + this.#lifeMs });
    return value;
  }

  clear(): void {
    this.#entries.clear();
  }
}
