import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { startServer } from "../../harness.ts";
import { drift } from "../../recount.ts";
import { startKillable } from "./killable.ts";

const crashes = Number(process.env.CRASHES ?? 10);
const clients = 16;
/** Acknowledged responses per client, on average, when the server is killed. */
const writtenEach = 6;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "candor-crash-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const Started = z.object({ url: z.string(), publishableKey: z.string() });

async function serve() {
  const { lines, kill } = await startKillable("test/server/kills/serve.ts", folder);
  for await (const line of lines) return { kill, ...Started.parse(JSON.parse(line)) };
  throw new Error("the server ended before it listened");
}

interface Post {
  id: string;
  rating: number;
}

/** True if the server acknowledged the response; after a broken connection the outcome is unknown. */
async function isAcknowledged(url: string, key: string, post: Post): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/v1/responses?key=${key}`, {
      method: "POST",
      body: JSON.stringify({ ...post, touchpoint: "relationship" }),
    });
    await answer.text();
    return answer.ok;
  } catch {
    return false;
  }
}

test(
  `a server that is killed ${crashes} times among ${clients} writing clients loses nothing and doubles nothing`,
  async () => {
    const sent = new Map<string, number>();
    const acknowledged = new Set<string>();
    let unknown: Post[] = [];
    // Every start makes a workspace; all responses go to the first one.
    let key = "";
    for (let crash = 0; crash < crashes; crash += 1) {
      const server = await serve();
      key ||= server.publishableKey;
      const resend = unknown;
      unknown = [];
      const write = async () => {
        for (;;) {
          const post = resend.pop() ?? { id: crypto.randomUUID(), rating: sent.size % 11 };
          sent.set(post.id, post.rating);
          if (await isAcknowledged(server.url, key, post)) acknowledged.add(post.id);
          else return unknown.push(post);
        }
      };
      const before = acknowledged.size;
      const writing = Array.from({ length: clients }, write);
      while (acknowledged.size < before + clients * writtenEach) await pause(5);
      await server.kill();
      await Promise.all(writing);
      unknown.push(...resend);
    }
    const after = await startServer({ persistTo: folder, onLog: () => undefined });
    const stored = async () =>
      (await after.d1.prepare("SELECT id, rating FROM responses").all<Post>()).results;
    const survived = new Set((await stored()).map(({ id }) => id));
    const lost = [...acknowledged].filter((id) => !survived.has(id)).length;
    expect({ lost, drift: await drift(after.d1) }).toEqual({ lost: 0, drift: [] });
    for (const post of unknown) expect(await isAcknowledged(after.url, key, post)).toBe(true);
    const rows = await stored();
    const wrong = rows.filter(({ id, rating }) => sent.get(id) !== rating).length;
    const missing = sent.size - new Set(rows.map(({ id }) => id)).size;
    expect({ wrong, missing, rows: rows.length }).toEqual({ wrong: 0, missing: 0, rows: sent.size });
    expect(await drift(after.d1)).toEqual([]);
    // Each kill leaves every client without an answer, and each server continues where the last one ended.
    expect(unknown.length).toBeGreaterThanOrEqual(clients);
    expect(acknowledged.size).toBeGreaterThan(crashes * clients);
    console.log(`${acknowledged.size} acknowledged, ${crashes} kills, ${unknown.length} open at the last`);
    await after.stop();
  },
  300_000 + crashes * 60_000,
);
