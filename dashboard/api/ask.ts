import { type Signal, signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { Refused } from "./refused.ts";
import { request } from "./session.ts";

/** Something that was asked for, as far as it is known. */
export interface Asked<Data> {
  /** The last answer. It stays while a newer one is awaited or does not come. */
  data?: Data;
  /** Unix ms when `data` was current. */
  at?: number;
  /** Why the newest try brought nothing. Beside `data`: that is stale. */
  failure?: Refused;
}

interface Entry {
  asked: Signal<Asked<unknown>>;
  etag: string | null;
}

/** By path with its query. A view that is opened again shows at once what it had, and asks whether it has changed. */
const cache = new Map<string, Entry>();
/** Views that one has walked through. What is older is asked for anew. */
const maxEntries = 60;

function entryOf(path: string): Entry {
  const known = cache.get(path);
  const entry = known ?? { asked: signal<Asked<unknown>>({}), etag: null };
  // The entry that was used last is the last one.
  cache.delete(path);
  cache.set(path, entry);
  const [oldest] = cache.keys();
  if (cache.size > maxEntries && oldest) cache.delete(oldest);
  return entry;
}

/** The state of a path, which `ask` and streams write. The caller names the type of what that path answers. */
export const askedAt = <Data>(path: string): Signal<Asked<Data>> =>
  entryOf(path).asked as Signal<Asked<Data>>;

/** Asks once, with the ETag of what is known. It never throws: what went wrong is in the state. */
export async function ask(path: string, abort?: AbortSignal): Promise<void> {
  const entry = entryOf(path);
  const { asked } = entry;
  // Another try after one that failed is awaited like the first.
  if (asked.peek().data === undefined) asked.value = {};
  try {
    const known = asked.peek().data !== undefined && entry.etag;
    const answer = await request(path, {
      ...(known && { headers: { "if-none-match": known } }),
      ...(abort && { signal: abort }),
    });
    const data: unknown = answer.status === 304 ? asked.peek().data : await answer.json();
    entry.etag = answer.headers.get("etag");
    asked.value = { data, at: Date.now() };
  } catch (error) {
    if (abort?.aborted) return;
    const failure = error instanceof Refused ? error : new Refused(0);
    asked.value = { ...asked.peek(), failure };
  }
}

/** Shows what a path will answer after a change, before the server says so. What is not known yet stays unknown. */
export function foretell<Data>(path: string, how: (data: Data) => Data): void {
  const asked = askedAt<Data>(path);
  const { data } = asked.peek();
  if (data !== undefined) asked.value = { ...asked.peek(), data: how(data) };
}

/** What a path answers, for as long as a view shows it. null asks nothing. */
export function useAsked<Data>(path: string | null): Asked<Data> {
  // Not after the first paint, which a slow machine takes half a second for: the answer is on its way meanwhile.
  useLayoutEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    void ask(path, abort.signal);
    return () => abort.abort();
  }, [path]);
  return path === null ? {} : askedAt<Data>(path).value;
}
