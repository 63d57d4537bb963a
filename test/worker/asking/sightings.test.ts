import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import * as z from "zod";
import { Sightings } from "../../../shared/contract/sightings.ts";
import { dayMs, hourMs } from "../../../shared/time/durations.ts";
import { Cache } from "../../../worker/cache.ts";
import { app } from "../../../worker/demo/index.ts";
import { expectProblem } from "../problems.ts";
import { isWrite, recordedDatabase, WatchedDatabase } from "../watched.ts";
import { requestUnlimited, toRequest } from "../workspace.ts";
import { later, noon, set, setUp, workspace } from "./asking-fixture.ts";

setUp();

const shop = "https://shop.example";

interface Page {
  query?: string;
  key?: string;
  headers?: Record<string, string>;
  d1?: D1Database;
}

/** A page of this origin asks, and what goes on behind the answer is done. */
const askFrom = (
  origin: string,
  { query = "touchpoint=checkout", key = workspace.publishable, headers, d1 }: Page = {},
) => requestUnlimited(`/v1/ask?${query}`, { key, headers: { ...(origin && { origin }), ...headers } }, d1);

const readSeen = (touchpoint: string) =>
  requestUnlimited(`/v1/touchpoints/${touchpoint}/seen`, { key: workspace.read });

async function seen(touchpoint = "checkout") {
  const answer = await readSeen(touchpoint);
  expect(answer.status).toBe(200);
  return z.strictObject(Sightings.shape).parse(await answer.json()).data;
}

const origins = async (touchpoint?: string) => (await seen(touchpoint)).map(({ origin }) => origin);

/** As an isolate that remembers nothing. */
const forget = () => Cache.forget("keys", "offered");

const at = (ms: number) => vi.setSystemTime(noon + ms);

/** Strangers' origins, the first of which is seen first. */
async function crowd(count: number, from = 0): Promise<string[]> {
  const names = Array.from({ length: count }, (_, n) => `https://stranger-${from + n}.example`);
  for (const [n, origin] of names.entries()) {
    at(from + n);
    await askFrom(origin);
  }
  return names;
}

/** A publishable key of these origins. */
async function keyFor(...named: string[]): Promise<string> {
  const json = { name: "new", kind: "publishable", origins: named };
  const made = await requestUnlimited("/v1/keys", { key: workspace.write, json });
  return z.object({ key: z.string() }).parse(await made.json()).key;
}

test("where a page asked is seen at once: its origin, the first and the last time, and nothing of its path", async () => {
  expect(await seen()).toEqual([]);
  const headers = { referer: `${shop}/account/ann?token=secret` };
  await askFrom(shop, { headers });
  await askFrom("http://localhost:8080");
  later(1);
  await askFrom(shop, { headers });
  const [first, second] = [noon, noon + dayMs].map((ms) => new Date(ms).toISOString());
  expect(await seen()).toEqual([
    { origin: shop, first_seen_at: first, last_seen_at: second, registered: false },
    { origin: "http://localhost:8080", first_seen_at: first, last_seen_at: first, registered: false },
  ]);
  expect(await seen("relationship")).toEqual([]);
  const stored = JSON.stringify((await env.DB.prepare("SELECT * FROM sightings").all()).results);
  expect(stored).not.toMatch(/account|ann|secret/);
});

test("a page of Candor's own site, whose browser sends no Origin with a GET, is seen as that one", async () => {
  await askFrom("", { headers: { "sec-fetch-site": "cross-site" } });
  await askFrom("", { headers: { referer: `${shop}/` } });
  expect(await origins()).toEqual([]);
  await askFrom("", { headers: { "sec-fetch-site": "same-origin" } });
  expect(await origins()).toEqual(["http://candor.test"]);
});

test("what is no web page's origin is not written down, nor what a server asks", async () => {
  for (const origin of [
    "null",
    "file://",
    "capacitor://localhost",
    "chrome-extension://abcdefghijklmnop",
    `${shop}/path`,
    `${shop}?query`,
    "https://ann:secret@shop.example",
    "https://SHOP.example",
    `https://${"a".repeat(300)}.example`,
    "javascript:alert(1)",
  ])
    expect((await askFrom(origin)).status, origin).toBe(200);
  await askFrom(shop, { key: workspace.write });
  await askFrom(shop, { key: `pk_${"0".repeat(40)}` });
  await askFrom(shop, { query: "touchpoint=checkout&touchpoint=relationship" });
  expect(await origins()).toEqual([]);
});

test("a page that names no touchpoint is seen at all that ask it, and one that is asked nothing too", async () => {
  await set({ automatic: true });
  await set({ automatic: true }, "relationship");
  await set({ survey: null }, "ticket-closed");
  expect((await askFrom(shop, { query: "touchpoint=ticket-closed" })).status).toBe(204);
  expect([await origins(), await origins("ticket-closed")]).toEqual([[], [shop]]);
  await askFrom(shop, { query: "" });
  expect([await origins(), await origins("relationship")]).toEqual([[shop], [shop]]);
});

test("an archived touchpoint is seen nowhere any more and keeps what was seen; one that there is not is not found", async () => {
  await askFrom(shop);
  await requestUnlimited("/v1/touchpoints/checkout", { method: "DELETE", key: workspace.write });
  await askFrom("https://late.example");
  expect(await origins()).toEqual([shop]);
  await askFrom(shop, { query: "touchpoint=nowhere" });
  await expectProblem(await readSeen("nowhere"), "not-found");
});

test("a page that is refused by its origin is seen too, behind those that a key names", async () => {
  const key = await keyFor(shop, "https://*.wild.example");
  for (const [ms, origin, status] of [
    [0, shop, 200],
    [1, "https://one.wild.example", 200],
    [2, "https://one.two.wild.example", 403],
    [3, "https://staging.example", 403],
  ] as const) {
    at(ms);
    expect((await askFrom(origin, { key })).status).toBe(status);
  }
  await askFrom("https://staging.example", { key, query: "touchpoint=%00" });
  expect((await seen()).map(({ origin, registered }) => [origin, registered])).toEqual([
    ["https://one.wild.example", true],
    [shop, true],
    ["https://staging.example", false],
    ["https://one.two.wild.example", false],
  ]);
});

test("an origin is written once an hour, by however many isolates it is seen", async () => {
  const { d1, batches } = recordedDatabase(env.DB);
  const written = async (ms: number) => {
    at(ms);
    batches.length = 0;
    await askFrom(shop, { d1 });
    return batches.filter(isWrite).length;
  };
  expect([await written(0), await written(1), await written(hourMs - 1)]).toEqual([1, 0, 0]);
  forget();
  expect(await written(hourMs - 1)).toBe(0);
  expect([await written(hourMs), await written(hourMs + 1)]).toEqual([1, 0]);
  // Isolates that read before the others wrote.
  at(3 * hourMs);
  forget();
  const changes: number[] = [];
  const counting = new WatchedDatabase(env.DB, async (run, statements) => {
    const results = await run();
    for (const { meta } of [results].flat() as D1Result[])
      if (isWrite(statements)) changes.push(meta.rows_written);
    return results;
  });
  await Promise.all(Array.from({ length: 8 }, () => askFrom(shop, { d1: counting })));
  expect(changes.length).toBeGreaterThan(1);
  expect(changes.reduce((sum, rows) => sum + rows)).toBe(1);
});

test("strangers who claim origins fill fifty places and cost nothing more, also all at once", async () => {
  await Promise.all(Array.from({ length: 80 }, (_, n) => askFrom(`https://stranger-${n}.example`)));
  const full = await origins();
  expect(full).toHaveLength(50);
  const { d1, batches } = recordedDatabase(env.DB);
  forget();
  for (let n = 100; n < 200; n++) await askFrom(`https://stranger-${n}.example`, { d1 });
  expect(batches.filter(isWrite)).toEqual([]);
  // What is asked and by whom, the fifty, and what the keys name.
  expect(batches.flat().length).toBeLessThanOrEqual(4);
  expect(await origins()).toEqual(full);
});

test("one that a key names takes the place of the oldest that none names, and gives its own to nobody", async () => {
  const key = await keyFor(shop, "https://*.wild.example");
  const strangers = await crowd(50);
  at(hourMs * 2);
  await askFrom(strangers[0] ?? "");
  await askFrom("https://late.example");
  at(hourMs * 2 + 1);
  await askFrom(shop, { key });
  at(hourMs * 2 + 2);
  await askFrom("https://one.wild.example", { key });
  const [first, second, ...others] = await seen();
  expect([first?.origin, second?.origin]).toEqual(["https://one.wild.example", shop]);
  expect(others.map(({ origin }) => origin).sort()).toEqual([strangers[0], ...strangers.slice(3)].sort());
  for (let n = 0; n < 60; n++) await askFrom(`https://${n}.wild.example`, { key });
  expect((await seen()).filter(({ registered }) => registered)).toHaveLength(50);
  expect(await origins()).toContain(shop);
  await askFrom("https://late.example");
  expect(await origins()).not.toContain("https://late.example");
});

test("which was not seen for 400 days gives its place to whichever comes, unless a key names it", async () => {
  const strangers = await crowd(50);
  await keyFor(strangers[0] ?? "");
  later(399);
  await askFrom("https://early.example");
  expect(await origins()).not.toContain("https://early.example");
  later(401);
  await askFrom("https://new.example");
  const kept = await origins();
  expect(kept).toHaveLength(50);
  expect(kept.filter((origin) => !strangers.includes(origin))).toEqual(["https://new.example"]);
  expect([kept.includes(strangers[0] ?? ""), kept.includes(strangers[1] ?? "")]).toEqual([true, false]);
});

test("where it cannot be written a page is asked all the same, the log names no origin, and a minute later it is tried again", async () => {
  const failing = new WatchedDatabase(env.DB, (run, statements) =>
    isWrite(statements) ? Promise.reject(new Error(`D1_ERROR: no such table: ${shop}`)) : run(),
  );
  const lines: string[] = [];
  const error = vi.spyOn(console, "error").mockImplementation((line) => lines.push(String(line)));
  expect((await askFrom(shop, { d1: failing })).status).toBe(200);
  expect((await askFrom(shop, { d1: failing })).status).toBe(200);
  error.mockRestore();
  expect(lines).toHaveLength(1);
  expect(lines.join()).not.toContain("shop.example");
  at(60_000);
  await askFrom(shop);
  expect(await origins()).toEqual([shop]);
});

test("the answer does not wait for what is noted", async () => {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const slow = new WatchedDatabase(env.DB, async (run, statements) => {
    if (statements.some(({ sql }) => sql.includes("sightings"))) await gate;
    return run();
  });
  const context = createExecutionContext();
  const asking = toRequest("/v1/ask?touchpoint=checkout", {
    key: workspace.publishable,
    headers: { origin: shop },
  });
  const answer = await app.fetch(asking, { ...env, DB: slow }, context);
  expect([answer.status, await origins()]).toEqual([200, []]);
  open();
  await waitOnExecutionContext(context);
  expect(await origins()).toEqual([shop]);
});
