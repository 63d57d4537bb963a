import type { Hono } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { ScoresQuery } from "../../../shared/contract/scores.ts";
import type { Database } from "../../db/database.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { hashOf } from "../../http/etag.ts";
import { limitStreams } from "../../http/limits.ts";
import { recentCounts } from "../../rollup/recent.ts";
import { scoresFor, scoresJson } from "./scores.ts";

/** docs/live.md has the calculation. */
const lookMs = 5_000;
/** The delay after a look that had to compute. Constant writes must not cause constant computing. */
const restMs = 30_000;
/** D1 statements of a stream, and of a look that computes. The free plan allows 50, and 10 ms of CPU. */
const maxStatements = 40;
const statementsOfLook = 10;
/** ms after which a client reconnects when a stream has ended. */
const retryMs = 2_000;

interface Answer {
  /** The counts before the computation, so that the next look sees a change during it. */
  recent: string;
  json: string;
  hash: string;
}

interface Live {
  db: Database;
  /** Whether the caller may still be told. */
  mayHear: () => Promise<boolean>;
  recent: () => Promise<string>;
  compute: () => Promise<string>;
  /** The last event that the client had from its previous stream. */
  lastEventId: string | undefined;
}

async function look(live: Live, known?: Answer): Promise<Answer> {
  const recent = await live.recent();
  if (known?.recent === recent) return known;
  const json = await live.compute();
  return { recent, json, hash: await hashOf(new TextEncoder().encode(json)) };
}

/** Sends the answer, and again after each change, until the client is gone or the statements are used up. */
async function follow(stream: SSEStreamingApi, live: Live, first: Answer): Promise<void> {
  const gone = new AbortController();
  stream.onAbort(() => gone.abort());
  const send = ({ json, hash }: Answer) => stream.writeSSE({ event: "scores", id: hash, data: json });
  await stream.write(`retry: ${retryMs}\n\n`);
  if (first.hash !== live.lastEventId) await send(first);
  let known = first;
  let wait = lookMs;
  while (live.db.statements + statementsOfLook <= maxStatements) {
    await scheduler.wait(wait, { signal: gone.signal }).catch(() => undefined);
    if (stream.aborted) return;
    const seen = await look(live, known);
    wait = seen === known ? lookMs : restMs;
    if (!(await live.mayHear())) return;
    if (seen.hash === known.hash) await stream.write(":\n\n");
    else await send(seen);
    known = seen;
  }
}

export function streamRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/scores/stream",
      access: "read",
      cors: true,
      summary: "The scores as server-sent events: at once, and again whenever they have changed",
      query: ScoresQuery.omit({ format: true }),
      answers: {
        200: {
          description:
            "Events `scores`; `data` is what GET /v1/scores answers, `id` names it. With it as Last-Event-ID nothing is sent until something changes. The stream ends after some minutes: connect again",
          stream: true,
        },
      },
    },
    async ({ c, caller, query }) => {
      // Before the headers, so that a wrong question is answered like everywhere else.
      await limitStreams(c, caller);
      const live: Live = {
        db: c.var.db,
        mayHear: async () => caller.is === "key" || (await caller.isStillIn()),
        lastEventId: c.req.header("last-event-id"),
        recent: () => recentCounts(c.var.db, caller.workspace, query.touchpoint ?? null, Date.now()),
        compute: async () => {
          const { question, groups } = await scoresFor(c, caller, query, Date.now());
          return JSON.stringify(scoresJson(question, groups));
        },
      };
      const first = await look(live);
      const headers = { "content-type": "text/event-stream" };
      // Nobody would read the stream.
      if (c.req.method === "HEAD") return c.body(null, 200, headers);
      return streamSSE(c, (stream) => {
        const streamed = follow(stream, live, first);
        c.set("streamed", streamed);
        // Hono would log the message, which app.ts leaves out.
        return streamed.catch(() => undefined);
      });
    },
  );
}
