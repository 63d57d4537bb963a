import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { type Server, startServer } from "../harness.ts";
import { readCurl } from "./readme.ts";

/** docs/scores.md: every command and SQL statement runs, and what the text says about its numbers is true. */

let server: Server;
let id = "";
beforeAll(async () => {
  server = await startServer({ onLog: () => undefined });
  const rows = [1, 2, 3, 4, 5, 5, 5].map((rating, n) => ({
    id: crypto.randomUUID(),
    touchpoint: "checkout",
    rating,
    answered_at: `2026-10-0${n + 1}T12:00:00Z`,
    properties: { plan: n % 2 ? "pro" : "free" },
  }));
  id = rows[0]?.id ?? "";
  await send("POST", "/v1/responses/batch", { responses: rows });
  await send("PATCH", `/v1/responses/${rows[6]?.id}`, { excluded: "test" });
});
afterAll(() => server.stop());

const headers = () => ({
  authorization: `Bearer ${server.secretKey}`,
  "content-type": "application/json",
});
const send = (method: string, path: string, json: unknown) =>
  fetch(server.url + path, { method, headers: headers(), body: JSON.stringify(json) });

async function blocks(language: string): Promise<string[]> {
  const text = await readFile("docs/scores.md", "utf8");
  return [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].flatMap(([, name, body = ""]) =>
    name === language ? [body.trim()] : [],
  );
}

test("each command of docs/scores.md is answered", async () => {
  const commands = (await blocks("sh")).flatMap((block) => block.split("\n"));
  expect(commands.length).toBeGreaterThan(15);
  for (const command of commands) {
    const filled = command
      .replaceAll("http://localhost:8787", server.url)
      .replaceAll("sk_…", server.secretKey)
      .replace("RESPONSE", id)
      .replace("curl -g ", "curl ");
    const answer = await fetch(readCurl(filled));
    const text = await answer.text();
    expect(answer.ok, `${command} ${text}`).toBe(true);
    if (command.includes("format=csv")) expect(text).toMatch(/^touchpoint,from,to,/);
    if (command.includes("/score?period=90d&interval=day")) expect(JSON.parse(text).series).toHaveLength(90);
  }
});

test("each statement of docs/scores.md gives what the API answers", async () => {
  const answer = await fetch(
    `${server.url}/v1/touchpoints/checkout/score?from=2026-10-01&to=2026-11-01&time_zone=UTC`,
    { headers: headers() },
  );
  const Read = z.object({
    score: z.number(),
    distribution: z.array(z.object({ count: z.int() })),
    ledger: z.object({ received: z.int(), counted: z.int(), excluded: z.object({ test: z.int() }) }),
  });
  const { score, distribution, ledger } = Read.parse(await answer.json());
  const counts = distribution.map(({ count }) => count);
  const [rollUp, rows, figures, ...others] = await blocks("sql");
  expect(others).toEqual([]);
  const run = async (sql = "") => Object.values((await server.d1.prepare(sql).first()) ?? {});
  expect(counts).toEqual([1, 1, 1, 1, 2]);
  expect(await run(rollUp)).toEqual(counts);
  expect(await run(rows)).toEqual(counts);
  expect(await run(figures)).toEqual([score, ledger.received, ledger.counted, ledger.excluded.test]);
});
