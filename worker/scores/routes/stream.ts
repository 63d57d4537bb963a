import type { Hono } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { ScoresQuery } from "../../../shared/contract/scores.ts";
import type { Database } from "../../db/database.ts";
import type { App } from "../../environment.ts";
import { endpoint } from "../../http/endpoint.ts";
import { hashOf } from "../../http/etag.ts";
import { limitStreams } from "../../http/limits.ts";
import { recentCounts } from "../../rollup/recent.ts";
import { paceOf } from "../pace.ts";
import { scoresFor, scoresJson } from "./scores.ts";

/** How long a stream is silent at most. Clients take a longer silence for a lost connection. */
const beatMs = 25_000;
/** How long a look may miss what changed on an earlier day: an import, an exclusion, the turn of the day. */
const renewMs = 900_000;
/** D1 statements of a stream, and of a look that computes and is told. The free plan allows 50, and 10 ms of CPU. */
const maxStatements = 40;
const statementsOfLook = 11;
/** ms after which a client reconnects when a stream has ended. */
const retryMs = 2_000;

interface Answer {
  /** Of the counts before the computation, so that the next look sees a change during it. */
  mark: string;
  hash: string;
  /** null: the client has it from its previous stream. */
  json: string | null;
}

interface Live {
  db: Database;
  /** Whether the caller may still be told. */
  mayHear: () => Promise<boolean>;
  /** A text that is the same as long as nothing new was counted. */
  counted: () => Promise<string>;
  compute: () => Promise<string>;
  /** The last event that the client had from its previous stream. */
  lastEventId: string | undefined;
}

const hashOfText = (text: string) => hashOf(new TextEncoder().encode(text));

async function look(live: Live, known: Answer | null): Promise<Answer> {
  const mark = await hashOfText(await live.counted());
  if (known?.mark === mark) return known;
  const json = await live.compute();
  return { mark, json, hash: await hashOfText(json) };
}

const idOf = ({ hash, mark }: Answer) => `${hash}.${mark}`;

/** What a client knows that comes back. */
function knownBy({ lastEventId }: Live): Answer | null {
  const [hash, mark] = lastEventId?.split(".") ?? [];
  return hash && mark ? { hash, mark, json: null } : null;
}

/** Sends the answer, and again after each change, until the client is gone or the statements are used up. */
async function follow(
  stream: SSEStreamingApi,
  live: Live,
  known: Answer | null,
  first: Answer,
): Promise<void> {
  const gone = new AbortController();
  stream.onAbort(() => gone.abort());
  const beat = () => stream.write(":\n\n");
  const tell = async (seen: Answer, before: Answer | null) => {
    const id = idOf(seen);
    if (seen === before) await beat();
    // The same answer of other counts: only what the client comes back with is new.
    else if (seen.json === null || seen.hash === before?.hash) await stream.write(`id: ${id}\n\n`);
    else await stream.writeSSE({ event: "scores", id, data: seen.json });
  };
  await stream.write(`retry: ${retryMs}\n\n`);
  await tell(first, known);
  const waitAfter = paceOf(known === null);
  let newest = first;
  for (;;) {
    for (let rest = waitAfter(live.db.rowsRead); rest > 0; rest -= beatMs) {
      await scheduler.wait(Math.min(rest, beatMs), { signal: gone.signal }).catch(() => undefined);
      if (stream.aborted) return;
      if (rest > beatMs) await beat();
    }
    if (live.db.statements + statementsOfLook > maxStatements) return;
    const seen = await look(live, newest);
    if (!(await live.mayHear())) return;
    await tell(seen, newest);
    newest = seen;
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
        mayHear: caller.isStillIn,
        lastEventId: c.req.header("last-event-id"),
        counted: async () => {
          const now = Date.now();
          const recent = await recentCounts(c.var.db, caller.workspace, query.touchpoint ?? null, now);
          // With the question, since a client may come back with another one.
          return [caller.workspaceId, new URL(c.req.url).search, Math.floor(now / renewMs), recent].join(
            "\n",
          );
        },
        compute: async () => {
          const { question, groups, more } = await scoresFor(c, caller, query, Date.now());
          return JSON.stringify(scoresJson(question, groups, more));
        },
      };
      const known = knownBy(live);
      const first = await look(live, known);
      const headers = { "content-type": "text/event-stream" };
      // Nobody would read the stream.
      if (c.req.method === "HEAD") return c.body(null, 200, headers);
      return streamSSE(c, (stream) => {
        const streamed = follow(stream, live, known, first);
        c.set("streamed", streamed);
        // Hono would log the message, which app.ts leaves out.
        return streamed.catch(() => undefined);
      });
    },
  );
}
