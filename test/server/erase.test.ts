import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Server, startServer } from "../harness.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const run = (...people: string[]) =>
  promisify(execFile)(process.execPath, ["scripts/erase.ts", ...people, "--url", server.url], {
    env: { ...process.env, CANDOR_KEY: server.secretKey },
  });

test("the command forgets each of the people that it names, says how much and not of whom, and may be repeated", async () => {
  const headers = { authorization: `Bearer ${server.secretKey}`, "content-type": "application/json" };
  const rows = (respondent: string, n: number) =>
    Array.from({ length: n }, () => ({
      id: crypto.randomUUID(),
      touchpoint: "relationship",
      rating: 1,
      respondent,
    }));
  for (const responses of [rows("Ann@Shop.example", 500), rows("c-4711", 2)]) {
    const body = JSON.stringify({ responses });
    expect((await fetch(`${server.url}/v1/responses/batch`, { method: "POST", headers, body })).status).toBe(
      200,
    );
  }
  const { stdout } = await run("ann@shop.example", "c-4711", "nobody");
  const lines = stdout.trim().split("\n");
  expect(lines.map((line) => line.replace(/ers_\w+/, "ers"))).toEqual([
    "1. ers: 500 responses",
    "2. ers: 2 responses",
    "3. ers: nothing was there",
  ]);
  expect(stdout.toLowerCase()).not.toContain("ann@");
  const again = await run("ann@shop.example");
  expect(again.stdout).toContain("nothing was there");
});
