import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { app } from "../../../worker/demo/index.ts";
import { expectProblem } from "../problems.ts";
import { newWorkspace, toRequest } from "../workspace.ts";

/** A limiter that allows each key `most` times, and the keys that it saw. */
function limiter(most: number) {
  const seen: string[] = [];
  const limit = async ({ key }: { key: string }) => {
    seen.push(key);
    return { success: seen.filter((one) => one === key).length <= most };
  };
  return { seen, binding: { limit } satisfies RateLimit };
}

test("a secret key reads and changes so often a minute, asks and answers apart from that, and another key has its own", async () => {
  const { read, write } = await newWorkspace();
  const [secret, asking, address] = [limiter(3), limiter(3), limiter(100)];
  const send = async (path: string, key: string, json?: object) => {
    const context = createExecutionContext();
    const bindings = {
      DB: env.DB,
      ASSETS: env.ASSETS,
      CANDOR_SECRET: env.CANDOR_SECRET,
      LIMIT_BY_SECRET_KEY: secret.binding,
      LIMIT_BY_KEY: asking.binding,
      LIMIT_BY_ADDRESS: address.binding,
    };
    const answer = await app.fetch(toRequest(path, { key, json }), bindings, context);
    await waitOnExecutionContext(context);
    return answer;
  };
  for (let n = 0; n < 3; n++) expect((await send("/v1/surveys", write)).status).toBe(200);
  await expectProblem(await send("/v1/surveys", write), "rate-limited");
  await expectProblem(await send("/v1/surveys", write, { name: "x" }), "rate-limited");
  expect((await send("/v1/surveys", read)).status).toBe(200);
  const json = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9 };
  expect((await send("/v1/responses", write, json)).status).toBe(201);
  expect(secret.seen.length).toBe(6);
  expect(asking.seen.length).toBe(1);
  // Only public requests and refused keys are limited by address.
  expect(address.seen.length).toBe(1);
  await expectProblem(await send("/v1/surveys", `sk_${"0".repeat(40)}`), "unauthorized");
  expect(address.seen.length).toBe(2);
});
