import { afterAll, beforeAll, expect, test } from "vitest";
import { type Server, startServer } from "../harness.ts";
import { drift } from "../recount.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer({ onLog: () => undefined });
});
afterAll(() => server.stop());

test("a hundred answers, each posted twenty times at once, are a hundred responses", async () => {
  const ids = Array.from({ length: 100 }, () => crypto.randomUUID());
  const post = async (id: string, rating: number) => {
    const answer = await fetch(`${server.url}/v1/responses?key=${server.publishableKey}`, {
      method: "POST",
      body: JSON.stringify({ id, touchpoint: "relationship", rating }),
    });
    await answer.text();
    return answer.status;
  };
  // Round by round, so that the twenty repeats of a response run beside those of others.
  const posts = Array.from({ length: 20 }, () => ids.map((id, index) => post(id, index % 11))).flat();
  const statuses = Map.groupBy(await Promise.all(posts), (status) => status);
  expect([statuses.get(201)?.length, statuses.get(200)?.length]).toEqual([100, 1900]);
  expect(await server.d1.prepare("SELECT count(*) AS n FROM responses").first("n")).toBe(100);
  expect(await drift(server.d1)).toEqual([]);
  const score = await fetch(`${server.url}/v1/touchpoints/relationship/score`, {
    headers: { authorization: `Bearer ${server.readKey}` },
  });
  expect(await score.json()).toMatchObject({ n: 100, ledger: { received: 100, counted: 100 } });
});

test("two hundred impressions at once are two hundred", async () => {
  const asked = await fetch(`${server.url}/v1/ask?key=${server.publishableKey}&touchpoint=checkout`);
  const { survey } = await asked.json<{ survey: string }>();
  const see = async () => {
    const body = JSON.stringify({ touchpoint: "checkout", survey });
    const sent = { method: "POST", body };
    return (await fetch(`${server.url}/v1/impressions?key=${server.publishableKey}`, sent)).status;
  };
  const statuses = await Promise.all(Array.from({ length: 200 }, see));
  expect(statuses.filter((status) => status !== 204)).toEqual([]);
  expect(await server.d1.prepare("SELECT SUM(seen) AS n FROM impression_counts").first("n")).toBe(200);
});
