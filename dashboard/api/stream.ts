import { signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { type Asked, askedAt } from "./ask.ts";
import { Refused } from "./refused.ts";
import { request, send } from "./session.ts";

/** How current the screen is: a stream runs, is being opened, or cannot be. */
export const liveness = signal<"opening" | "live" | "down">("opening");

/** One event of a stream of server-sent events. */
export interface StreamEvent {
  id: string;
  /** "": what is known stays, and only its id is another one. */
  data: string;
}

/**
 * Takes events out of text that arrives in pieces; what is not ended yet stays for the next piece. Comments, retry times
 * and unknown fields are left out: we wait as we see fit.
 */
export function eventReader(): (piece: string) => StreamEvent[] {
  let rest = "";
  return (piece) => {
    const blocks = (rest + piece).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop() ?? "";
    return blocks.flatMap((block) => {
      // `s`: in a text of a person a line may hold U+2028, at which a dot stops.
      const fields = block.split("\n").map((line) => /^(id|data): ?(.*)$/s.exec(line));
      const valuesOf = (name: string) =>
        fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ""] : []));
      const data = valuesOf("data");
      const id = valuesOf("id").at(-1) ?? "";
      return id || data.length > 0 ? [{ id, data: data.join("\n") }] : [];
    });
  };
}

const accept = "text/event-stream";

/** Two to five seconds: screens that lost a server together do not come back together. */
const pauseMs = () => 2_000 + Math.random() * 3_000;
/** After this long without a piece of the stream, its connection is taken for dead: a comment comes every 25 s at least. */
const silentMs = 60_000;

/** What went out before its view was there. */
let early: { path: string; answer: Promise<Response>; over: AbortController } | undefined;

/** Opens the stream that a view will follow once it is loaded, so that its answer is on its way meanwhile. */
export function openEarly(path: string): void {
  const over = new AbortController();
  const answer = send(path, { headers: { accept }, signal: over.signal });
  // Whoever takes it hears of a failure.
  answer.catch(() => undefined);
  early = { path, answer, over };
}

/** Gives what went out early to the first stream that is read. If that is another one, nobody waits for it any more. */
function takeEarly(path: string, signal: AbortSignal): Promise<Response> | undefined {
  const sent = early;
  early = undefined;
  if (!sent) return undefined;
  if (sent.path === path) {
    signal.addEventListener("abort", () => sent.over.abort());
    return sent.answer;
  }
  sent.over.abort();
  return undefined;
}

interface Reading {
  path: string;
  /** The id of the event that is known already; "": none is. */
  last: string;
  abort: AbortSignal;
  /** The server answers: unless an event follows at once, what is known is current. */
  opened: () => void;
  take: (event: StreamEvent) => void;
}

/** Reads a stream to its end. */
async function read({ path, last, abort, opened, take }: Reading): Promise<void> {
  const silent = new AbortController();
  const signal = AbortSignal.any([abort, silent.signal]);
  const headers = { accept, ...(last && { "last-event-id": last }) };
  const answer = await request(path, { headers, signal }, false, takeEarly(path, signal));
  liveness.value = "live";
  const events = eventReader();
  let isFirst = true;
  const pieces = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const timer = setTimeout(() => silent.abort(), silentMs);
    const piece = await pieces?.read().finally(() => clearTimeout(timer));
    if (!piece || piece.done) return;
    if (isFirst) opened();
    isFirst = false;
    for (const event of events(piece.value)) take(event);
  }
}

/**
 * Follows a stream while the page is visible. The newest event is the state of the path, so that a view that comes back
 * shows it at once.
 */
async function follow(path: string, abort: AbortSignal): Promise<void> {
  const asked = askedAt(path);
  let last = "";
  const current = () => {
    const { data } = asked.peek();
    if (data !== undefined) asked.value = { data, at: Date.now() };
  };
  if (asked.peek().data === undefined) asked.value = {};
  while (!abort.aborted) {
    await visible(abort);
    try {
      await read({
        path,
        last,
        abort: whileVisible(abort),
        opened: current,
        take: ({ id, data }) => {
          last = id;
          if (data) asked.value = { data: JSON.parse(data), at: Date.now() };
        },
      });
      // The server ends a stream after some minutes; until then it would have told of a change.
      current();
    } catch (error) {
      if (abort.aborted) return;
      if (error instanceof Refused) {
        asked.value = { ...asked.peek(), failure: error };
        liveness.value = "down";
        // What is wrong with the question stays wrong: only a change of the address asks again.
        if (error.status >= 400 && error.status < 500 && error.status !== 429) return;
      }
    }
    await pause(pauseMs(), abort);
  }
}

/** Aborts with the view, and when the page is hidden. */
function whileVisible(abort: AbortSignal): AbortSignal {
  const hidden = new AbortController();
  const stop = () => document.hidden && hidden.abort();
  document.addEventListener("visibilitychange", stop, { signal: abort });
  return AbortSignal.any([abort, hidden.signal]);
}

const visible = (abort: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (!document.hidden) return resolve();
    document.addEventListener("visibilitychange", () => resolve(), { once: true, signal: abort });
  });

/** Waits; coming back online, or `tryNow`, ends the wait. */
function pause(ms: number, abort: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  abort.addEventListener("abort", () => resolve(), { once: true });
  addEventListener("online", () => resolve(), { once: true, signal: abort });
  addEventListener("try-now", () => resolve(), { once: true, signal: abort });
  return promise.finally(() => clearTimeout(timer));
}

/** Ends every wait for the next try. */
export const tryNow = (): void => void dispatchEvent(new Event("try-now"));

/**
 * What a stream says, from now on and for as long as a view shows it. null
 * follows nothing; `attempt` counts the reader's own new tries.
 */
export function useStream<Data>(path: string | null, attempt = 0): Asked<Data> {
  // Before the first paint, as `useAsked`.
  useLayoutEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    void follow(path, abort.signal);
    return () => abort.abort();
  }, [path, attempt]);
  return path === null ? {} : askedAt<Data>(path).value;
}
