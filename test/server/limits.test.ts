import { expect, test } from "vitest";
import * as z from "zod";
import { type Server, startServer } from "../harness.ts";

const allowedPerMinute = 300;
const address = "203.0.113.77";

/** Must appear in no log line and no error, so that their readers learn nothing about anybody. */
const canary = "canary-9d41f0";
const Line = z.strictObject({
  request_id: z.string(),
  method: z.string(),
  route: z.string(),
  status: z.int(),
  ms: z.number(),
  statements: z.int(),
  rows_read: z.int(),
  rows_written: z.int(),
});

async function everyTable({ d1 }: Server): Promise<string> {
  const tables = await d1
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%cf%'")
    .all<{ name: string }>();
  const contents = await Promise.all(
    tables.results.map(({ name }) => d1.prepare(`SELECT * FROM "${name}"`).all()),
  );
  return JSON.stringify(contents.map(({ results }) => results));
}

/** Sends twenty at a time until one is refused. The limiter's minute may roll over meanwhile, but not twice. */
async function untilRefused(send: () => Promise<Response>): Promise<Response[]> {
  const answers: Response[] = [];
  while (answers.at(-1)?.status !== 429 && answers.length < 3 * allowedPerMinute)
    answers.push(...(await Promise.all(Array.from({ length: 20 }, send))));
  return answers;
}

test("beyond the limit of its address a visitor is told to wait, and the address is written down nowhere", async () => {
  const logs: string[] = [];
  const server = await startServer({ limited: true, onLog: (line) => logs.push(line) });
  const post = (from: string) =>
    fetch(`${server.url}/v1/responses?key=${server.publishableKey}`, {
      method: "POST",
      headers: { "cf-connecting-ip": from, "x-forwarded-for": from, "x-real-ip": from },
      body: JSON.stringify({ id: crypto.randomUUID(), touchpoint: "relationship", rating: 9 }),
    });
  const answers = await untilRefused(() => post(address));
  const refused = answers.filter(({ status }) => status === 429);
  expect(answers.length - refused.length).toBeGreaterThanOrEqual(allowedPerMinute);
  expect(answers.every(({ status }) => status === 201 || status === 429)).toBe(true);
  expect(refused.length).toBeGreaterThan(0);
  for (const answer of refused) {
    expect(answer.headers.get("retry-after")).toBe("60");
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ type: "/docs#rate-limited", status: 429 });
    expect(text).not.toContain(address);
  }
  // All public routes share one allowance.
  const ask = () =>
    fetch(`${server.url}/v1/ask?touchpoint=checkout&key=${server.publishableKey}`, {
      headers: { "cf-connecting-ip": address },
    });
  expect((await untilRefused(ask)).at(-1)?.status).toBe(429);
  const badge = () =>
    fetch(`${server.url}/v1/public/tp_unknown/badge.svg`, { headers: { "cf-connecting-ip": address } });
  expect((await untilRefused(badge)).at(-1)?.status).toBe(429);
  expect((await post("203.0.113.78")).status).toBe(201);
  const secret = await fetch(`${server.url}/v1/surveys`, {
    headers: { "cf-connecting-ip": address, authorization: `Bearer ${server.readKey}` },
  });
  expect(secret.status).toBe(200);
  expect(logs.length).toBeGreaterThan(allowedPerMinute);
  expect(logs.join("\n") + (await everyTable(server))).not.toContain("203.0.113");
  await server.stop();
});

test("all addresses of an IPv6 customer share one allowance, and its neighbours have theirs", async () => {
  const server = await startServer({ limited: true, onLog: () => undefined });
  const post = (from: string) =>
    fetch(`${server.url}/v1/responses?key=${server.publishableKey}`, {
      method: "POST",
      headers: { "cf-connecting-ip": from },
      body: JSON.stringify({ id: crypto.randomUUID(), touchpoint: "relationship", rating: 9 }),
    });
  let host = 0;
  const answers = await untilRefused(() => post(`2001:db8:1:2::${(host++).toString(16)}`));
  expect(answers.at(-1)?.status).toBe(429);
  for (const other of ["2001:db8:1:3::1", "2001:db8:2:2::1", "::ffff:203.0.113.79"])
    expect((await post(other)).status, other).toBe(201);
  await server.stop();
});

test("keys are not guessed without end, and a body that is refused still gets its answer", async () => {
  const server = await startServer({ limited: true, onLog: () => undefined });
  const guess = (body: string) =>
    fetch(`${server.url}/v1/surveys`, {
      method: "POST",
      headers: { "cf-connecting-ip": address, authorization: `Bearer sk_${"0".repeat(40)}` },
      body,
    });
  expect((await guess("x".repeat(1_000_000))).status).toBe(401);
  const answers = await untilRefused(() => guess("{}"));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]));
  await server.stop();
});

test("each request is one line of the log, which says what it cost and nothing of who or what it was about", async () => {
  const logs: string[] = [];
  const server = await startServer({ onLog: (line) => logs.push(line) });
  // A deployment's first request also installs the counting triggers.
  await fetch(`${server.url}/health`);
  logs.length = 0;
  const errors: string[] = [];
  const ids: (string | null)[] = [];
  const send = async (path: string, init: RequestInit = {}, key = server.secretKey) => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${key}`);
    headers.set("cf-connecting-ip", address);
    headers.set("user-agent", canary);
    headers.set("referer", `https://${canary}.example/`);
    const answer = await fetch(`${server.url}${path}`, { redirect: "manual", ...init, headers });
    const text = await answer.text();
    if (answer.status >= 400) errors.push(text);
    ids.push(answer.headers.get("x-request-id"));
    return { status: answer.status, text };
  };
  const post = (path: string, json: unknown, key?: string) =>
    send(
      path,
      { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(json) },
      key,
    );
  const personal = { comment: canary, respondent: canary, properties: { note: canary } };
  const response = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9, ...personal };
  const statuses = [
    await post("/v1/responses", response),
    await post("/v1/responses/batch", { responses: [response, { ...response, rating: 99 }, { id: "x" }] }),
    await post("/v1/responses", { ...response, rating: 99 }),
    await post("/v1/responses", {
      ...response,
      comment: `${canary}\0`,
      locale: `x${"-"}`,
      answered_at: "soon",
    }),
    await post("/v1/responses", { ...response, touchpoint: "checkout", rating: 5 }),
    await send("/v1/responses", { method: "POST", body: `{"comment":"${canary}` }),
    await send(`/v1/responses?touchpoint=${canary}&cursor=${canary}`),
    await send(`/v1/responses/${canary}`),
    await send(`/v1/touchpoints/${canary}/score?from=${canary}`),
    await send(`/${canary}/${canary}?${canary}=1`),
    await send(`/s/${canary}.${canary}?rating=${canary}`),
    await send("/v1/surveys", {}, `sk_${canary}`),
    await send(`/v1/surveys?key=sk_${canary}`, {}, "none"),
    await post("/v1/links", { touchpoint: "relationship", respondent: canary, properties: { note: canary } }),
  ];
  expect(statuses.map(({ status }) => status)).toEqual([
    201, 200, 422, 422, 409, 400, 422, 404, 422, 404, 404, 401, 401, 201,
  ]);
  // The log arrives through its own pipe.
  while (logs.length < statuses.length) await new Promise((resolve) => setTimeout(resolve, 20));
  const lines = logs.map((line) => Line.parse(JSON.parse(line)));
  expect(lines.map(({ request_id: id }) => id)).toEqual(ids);
  expect(lines.map(({ status }) => status)).toEqual(statuses.map(({ status }) => status));
  // The response, its entries in the lists by time and by respondent, and its cell of the roll-up.
  expect(lines[0]).toMatchObject({ method: "POST", route: "/v1/responses", rows_written: 4 });
  expect(logs.join("\n")).not.toContain(canary);
  expect(logs.join("\n")).not.toContain("203.0.113");
  expect(errors.join("\n")).not.toContain(canary);
  await server.stop();
});
