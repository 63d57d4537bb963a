import { afterAll, beforeAll, expect, test } from "vitest";
import { createDemoSurveys, createWorkspace } from "../../scripts/demo/seed.ts";
import { Database } from "../../worker/db/database.ts";
import { type Server, startServer } from "../harness.ts";
import { quickLooks } from "../quick-looks.ts";
import { type Block, blocksOf } from "../stream.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer({ plugins: [quickLooks()], onLog: () => undefined });
});
afterAll(() => server.stop());

const asKey = (key: string) => ({ authorization: `Bearer ${key}` });
const open = (query: string, init: RequestInit = {}, from = server) =>
  fetch(`${from.url}/v1/scores/stream${query}`, {
    ...init,
    headers: { ...asKey(from.readKey), ...Object(init.headers) },
  });
async function respond(key = server.secretKey, from = server, given: object = {}): Promise<void> {
  const answer = await fetch(`${from.url}/v1/responses`, {
    method: "POST",
    headers: { ...asKey(key), "content-type": "application/json" },
    body: JSON.stringify({ id: crypto.randomUUID(), touchpoint: "checkout", rating: 5, ...given }),
  });
  expect(answer.status).toBe(201);
}
/** The event of what GET /v1/scores answers. Its id begins with that answer's ETag. */
async function scores(query: string, from = server) {
  const answer = await fetch(`${from.url}/v1/scores${query}`, { headers: asKey(from.readKey) });
  const etag = answer.headers.get("etag")?.slice(1, -1);
  const id = expect.stringMatching(new RegExp(`^${etag}[.][-\\w]+$`));
  return { event: "scores", id, data: await answer.text() };
}

const heartbeat: Block = {};
/** Nothing new: a heartbeat, or another name of the same answer, where it was computed just as a response was stored. */
const nothingNew = expect.not.objectContaining({ event: "scores" });
async function next(blocks: AsyncGenerator<Block>): Promise<Block> {
  const { value } = await blocks.next();
  if (!value) throw new Error("the stream has ended");
  return value;
}
/** The next event; heartbeats are skipped. */
async function nextEvent(blocks: AsyncGenerator<Block>): Promise<Block> {
  for await (const block of { [Symbol.asyncIterator]: () => ({ next: () => blocks.next() }) })
    if (block.event) return block;
  throw new Error("the stream has ended without an event");
}

for (const query of ["", "?group_by=touchpoint&period=7d&time_zone=Asia/Kolkata"]) {
  test(`the first event is what GET /v1/scores${query} answers`, async () => {
    const answer = await open(query);
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    const blocks = blocksOf(answer);
    expect(await next(blocks)).toEqual({ retry: "50" });
    expect(await next(blocks)).toEqual(await scores(query));
    await blocks.return(undefined);
  });
}

test("a response is one event within a few looks, and is followed by none", async () => {
  const blocks = blocksOf(await open("?touchpoint=checkout"));
  const first = await nextEvent(blocks);
  await respond();
  const second = await nextEvent(blocks);
  expect(second).toEqual(await scores("?touchpoint=checkout"));
  expect(second.id).not.toBe(first.id);
  for (let look = 0; look < 3; look++) expect(await next(blocks)).toEqual(nothingNew);
  await blocks.return(undefined);
});

test("where nothing changes there are only heartbeats, until the stream ends by itself", async () => {
  const blocks = await Array.fromAsync(blocksOf(await open("")));
  expect(blocks.slice(0, 2)).toMatchObject([{ retry: "50" }, { event: "scores" }]);
  const rest = blocks.slice(2);
  expect(rest.every((block) => Object.keys(block).length === 0)).toBe(true);
  expect(rest.length).toBeGreaterThan(10);
  expect(rest.length).toBeLessThan(40);
});

test("a client that comes back with the last id gets nothing until something has changed", async () => {
  const before = blocksOf(await open(""));
  const { id = "" } = await nextEvent(before);
  await before.return(undefined);
  const blocks = blocksOf(await open("", { headers: { "last-event-id": id } }));
  expect(await next(blocks)).toEqual({ retry: "50" });
  for (let look = 0; look < 3; look++) expect(await next(blocks)).toEqual(heartbeat);
  await respond();
  expect(await nextEvent(blocks)).toEqual(await scores(""));
  await blocks.return(undefined);
  const missed = blocksOf(await open("", { headers: { "last-event-id": id } }));
  expect(await nextEvent(missed)).toEqual(await scores(""));
  await missed.return(undefined);
});

test("what a client knows of another question keeps nothing from it", async () => {
  const one = blocksOf(await open("?touchpoint=checkout"));
  const { id = "" } = await nextEvent(one);
  await one.return(undefined);
  const other = blocksOf(await open("?touchpoint=relationship", { headers: { "last-event-id": id } }));
  expect(await nextEvent(other)).toEqual(await scores("?touchpoint=relationship"));
  await other.return(undefined);
});

test("what changed on an earlier day is seen when the answer is renewed; until then only its id is another one", async () => {
  const renewed = await startServer({ plugins: [quickLooks({ renewMs: 1 })], onLog: () => undefined });
  const blocks = blocksOf(await open("?period=30d", {}, renewed));
  const { id } = await nextEvent(blocks);
  const { id: later, ...rest } = await next(blocks);
  expect(rest).toEqual({});
  expect(later).toMatch(new RegExp(`^${id?.split(".")[0]}[.]`));
  expect(later).not.toBe(id);
  const threeDaysAgo = new Date(Date.now() - 3 * 86_400_000).toISOString();
  await respond(renewed.secretKey, renewed, { answered_at: threeDaysAgo });
  const known = blocksOf(await open("?period=30d", { headers: { "last-event-id": String(later) } }, renewed));
  expect(await nextEvent(known)).toEqual(await scores("?period=30d", renewed));
  await known.return(undefined);
  await blocks.return(undefined);
  await renewed.stop();
});

test("responses of another workspace cause nothing", async () => {
  const db = new Database(server.d1);
  const stranger = await createWorkspace(db, "Stranger");
  await createDemoSurveys(db, stranger.ref);
  const blocks = blocksOf(await open(""));
  await nextEvent(blocks);
  await respond(stranger.secretKey);
  for (let look = 0; look < 5; look++) expect(await next(blocks)).toEqual(heartbeat);
  await blocks.return(undefined);
});

test("what is wrong with the question is a problem and no stream, and HEAD has none either", async () => {
  const refused = [
    ["?touchpoint=nowhere", 404],
    ["?group_by=weather", 422],
    ["?format=csv", 422],
  ] as const;
  for (const [query, status] of refused) {
    const answer = await open(query);
    expect(answer.status, query).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    await answer.text();
  }
  const head = await open("", { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
});

/** Waits for a log line, since the log arrives through its own pipe. */
async function lineOf(logs: string[], sign: string): Promise<Record<string, unknown>> {
  for (;;) {
    const line = logs.find((one) => one.includes(sign));
    if (line) return JSON.parse(line);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const streamLine = '"route":"/v1/scores/stream"';

test("a client that goes away ends its stream, and only then the log says what it cost", async () => {
  const logs: string[] = [];
  const endless = await startServer({
    plugins: [quickLooks({ maxStatements: Number.POSITIVE_INFINITY })],
    onLog: (line) => logs.push(line),
  });
  const blocks = blocksOf(await open("", {}, endless));
  await nextEvent(blocks);
  await respond(endless.secretKey, endless);
  await nextEvent(blocks);
  expect(logs.filter((line) => line.includes(streamLine))).toEqual([]);
  await blocks.return(undefined);
  const { rows_read: rows } = await lineOf(logs, streamLine);
  expect(rows).toBeGreaterThan(30);
  await endless.stop();
});

test("an error in the middle ends the stream, and the log has its name and not its text", async () => {
  const logs: string[] = [];
  const broken = await startServer({
    plugins: [quickLooks({ maxStatements: Number.POSITIVE_INFINITY })],
    onLog: (line) => logs.push(line),
  });
  const blocks = blocksOf(await open("", {}, broken));
  await nextEvent(blocks);
  await broken.d1.exec("DROP TABLE rating_counts");
  for await (const block of blocks) expect(block).toEqual(heartbeat);
  const { request_id: id } = await lineOf(logs, streamLine);
  expect(await lineOf(logs, '"error"')).toMatchObject({ request_id: id, error: "Error" });
  expect(logs.join("\n")).not.toContain("rating_counts");
  await broken.stop();
});

test("one key opens so many streams a minute, and is then told to wait", async () => {
  const limited = await startServer({ limited: true, onLog: () => undefined });
  const statuses: number[] = [];
  // The limiter's minute may roll over meanwhile, but not twice.
  while (statuses.at(-1) !== 429 && statuses.length < 180) {
    const answer = await open("", { method: "HEAD" }, limited);
    statuses.push(answer.status);
  }
  expect(statuses.at(-1)).toBe(429);
  expect(statuses.length).toBeGreaterThan(60);
  await limited.stop();
});
