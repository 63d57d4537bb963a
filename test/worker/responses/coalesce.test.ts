import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { drift } from "../../recount.ts";
import { isWrite, recordedDatabase, WatchedDatabase } from "../watched.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const answers = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    id: crypto.randomUUID(),
    touchpoint: "relationship",
    rating: n % 11,
  }));

const post = (json: object, d1: D1Database, key = workspace.publishable) =>
  requestUnlimited("/v1/responses", { key, json }, d1);

const stored = async () =>
  (await env.DB.prepare("SELECT id, rating FROM responses ORDER BY id").all()).results;
const inOrder = (sent: ReturnType<typeof answers>) =>
  sent.map(({ id, rating }) => ({ id, rating })).sort((a, b) => (a.id < b.id ? -1 : 1));

test("responses that come in while one is being saved go together in the next transaction", async () => {
  const { d1, batches } = recordedDatabase(env.DB);
  const sent = answers(30);
  const statuses = (await Promise.all(sent.map((json) => post(json, d1)))).map(({ status }) => status);
  expect(statuses).toEqual(sent.map(() => 201));
  expect(batches.filter(isWrite).length).toBeLessThan(15);
  expect(await stored()).toEqual(inOrder(sent));
  expect(await drift(env.DB)).toEqual([]);
});

test("each of a burst hears of its own: created, unchanged, or a conflict", async () => {
  const { d1 } = recordedDatabase(env.DB);
  const sent = answers(12);
  const [first = { id: "", touchpoint: "", rating: 0 }, ...others] = sent;
  expect((await post(first, d1)).status).toBe(201);
  const elsewhere = { ...first, touchpoint: "checkout", rating: 5 };
  const burst = [...others, first, elsewhere];
  const statuses = (await Promise.all(burst.map((json) => post(json, d1)))).map(({ status }) => status);
  expect(statuses).toEqual([...others.map(() => 201), 200, 409]);
  expect(await stored()).toEqual(inOrder(sent));
});

test("one that the database refuses takes none of its burst with it", async () => {
  const sent = answers(20);
  const poison = sent[7]?.id ?? "";
  const d1 = new WatchedDatabase(env.DB, (run, statements) =>
    isWrite(statements) && JSON.stringify(statements).includes(poison)
      ? Promise.reject(new Error("D1_ERROR: constraint failed"))
      : run(),
  );
  const statuses = (await Promise.all(sent.map((json) => post(json, d1)))).map(({ status }) => status);
  expect(statuses).toEqual(sent.map(({ id }) => (id === poison ? 500 : 201)));
  expect(await stored()).toEqual(inOrder(sent.filter(({ id }) => id !== poison)));
  expect(await drift(env.DB)).toEqual([]);
});

test("a request whose answer never comes holds the others back for two seconds, not for good", async () => {
  const sent = answers(8);
  const stuck = sent[0]?.id ?? "";
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const d1 = new WatchedDatabase(env.DB, async (run, statements) => {
    if (isWrite(statements) && JSON.stringify(statements).includes(stuck)) await ended;
    return run();
  });
  const [leading, ...waiting] = sent.map((json) => post(json, d1));
  const statuses = (await Promise.all(waiting)).map(({ status }) => status);
  expect(statuses).toEqual(waiting.map(() => 201));
  end();
  expect((await leading)?.status).toBe(201);
  expect(await stored()).toEqual(inOrder(sent));
});

test("two workspaces do not wait for each other, and neither sees the other's responses", async () => {
  const other = await newWorkspace();
  const { d1 } = recordedDatabase(env.DB);
  const mine = answers(10);
  const theirs = answers(10);
  await Promise.all([
    ...mine.map((json) => post(json, d1)),
    ...theirs.map((json) => post(json, d1, other.publishable)),
  ]);
  const { results } = await env.DB.prepare("SELECT count(*) AS n FROM responses GROUP BY workspace_ref").all<{
    n: number;
  }>();
  expect(results.map(({ n }) => n)).toEqual([10, 10]);
  expect(await drift(env.DB)).toEqual([]);
});
