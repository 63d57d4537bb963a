import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { ArchivedKey, Key, NewKey } from "../../../shared/contract/keys.ts";
import { expectProblem, type Refusal } from "../problems.ts";
import { newWorkspace, request, type Sent, type TestWorkspace } from "../workspace.ts";

const Page = z.object({ data: z.array(z.strictObject(Key.shape)), next_cursor: z.string().nullable() });
let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const create = (json: unknown) => request("/v1/keys", { key: workspace.write, json });
async function created(json: object) {
  const answer = await create({ name: "new", ...json });
  expect(answer.status).toBe(201);
  return NewKey.parse(await answer.json());
}
const at = (id: string) => `/v1/keys/${id}`;
const archive = (id: string) => request(at(id), { method: "DELETE", key: workspace.write });
const ask = (sent: Sent) => request("/v1/ask?touchpoint=checkout", sent);
const readSurveys = (sent: Sent) => request("/v1/surveys", sent);

/** Every table as text: what somebody with a copy of the database can read. */
async function dump(): Promise<string> {
  const tables = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
  ).all<{ name: string }>();
  const contents = await Promise.all(
    tables.results.map(({ name }) => env.DB.prepare(`SELECT * FROM "${name}"`).all()),
  );
  return JSON.stringify(contents.map(({ results }) => results));
}

test("a key is shown once, works at once, and is nowhere in the database", async () => {
  for (const kind of ["secret", "publishable"]) {
    const { key, ...shown } = await created({ kind });
    expect(key).toMatch(kind === "secret" ? /^sk_[0-9a-f]{40}$/ : /^pk_[0-9a-f]{40}$/);
    expect(shown.last_four).toBe(key.slice(-4));
    expect((kind === "secret" ? await readSurveys({ key }) : await ask({ key })).status).toBe(200);
    const again = await request(at(shown.id), { key: workspace.write });
    expect(await again.json()).toEqual(shown);
    const list = await (await request("/v1/keys", { key: workspace.write })).text();
    const stored = await dump();
    expect(stored).toContain(shown.id);
    for (const secret of [key, key.slice(3), key.slice(3, 20)]) expect(list + stored).not.toContain(secret);
  }
});

test("no key of a workspace can be read out of a copy of the database", async () => {
  const stored = await dump();
  for (const key of [workspace.publishable, workspace.read, workspace.write])
    expect(stored).not.toContain(key.slice(3));
});

test("an archived key is refused from the next request on", async () => {
  const secret = await created({ kind: "secret", scopes: ["read"] });
  const publishable = await created({ kind: "publishable" });
  expect((await readSurveys({ key: secret.key })).status).toBe(200);
  expect((await ask({ key: publishable.key })).status).toBe(200);
  const first = ArchivedKey.parse(await (await archive(secret.id)).json());
  expect(first.archived_at).not.toBeNull();
  expect(await (await archive(secret.id)).json()).toEqual(first);
  await archive(publishable.id);
  await expectProblem(await readSurveys({ key: secret.key }), "unauthorized");
  await expectProblem(await ask({ key: publishable.key }), "unauthorized");
});

test("a secret key in the address is refused, whatever else is sent", async () => {
  const { write } = workspace;
  for (const path of ["/v1/surveys", "/v1/ask?touchpoint=checkout"]) {
    const address = `${path}${path.includes("?") ? "&" : "?"}key=${write}`;
    const body = await expectProblem(await request(address), "unauthorized");
    expect(JSON.stringify(body)).not.toContain(write);
    await expectProblem(await request(address, { key: write }), "unauthorized");
  }
});

test("a secret key comes as Bearer or as the name of Basic", async () => {
  const schemes = (key: string) => [
    `Bearer ${key}`,
    `bearer ${key}`,
    `Basic ${btoa(`${key}:`)}`,
    `Basic ${btoa(key)}`,
  ];
  for (const authorization of schemes(workspace.read))
    expect((await readSurveys({ headers: { authorization } })).status, authorization).toBe(200);
  for (const authorization of schemes(workspace.publishable))
    expect((await ask({ headers: { authorization } })).status, authorization).toBe(200);
});

const strangers = [
  "",
  "Bearer",
  "Bearer ",
  "Basic",
  "Basic %%%",
  `Basic ${btoa(":")}`,
  "Digest sk_",
  "Bearer sk_0000000000000000000000000000000000000000",
  "Bearer SK_0000000000000000000000000000000000000000",
  "Bearer ' OR 1=1 --",
];
test("whatever is not a key is refused, and the answer says how to come in", async () => {
  for (const authorization of strangers) {
    const answer = await readSurveys({ headers: { authorization } });
    await expectProblem(answer, "unauthorized", undefined, authorization);
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="candor"');
  }
});

test("a key does what its scopes say and nothing else", async () => {
  const { publishable, read, write, writeOnly } = workspace;
  const survey = { json: { name: "a", kind: "nps", subject: "us" } };
  const response = () => ({ json: { id: crypto.randomUUID(), touchpoint: "checkout", rating: 5 } });
  const status = async (path: string, sent: Sent) => (await request(path, sent)).status;
  for (const [key, reads, writes, responds] of [
    [publishable, 403, 403, 201],
    [read, 200, 403, 403],
    [writeOnly, 403, 201, 201],
    [write, 200, 201, 201],
  ] as const) {
    expect(await status("/v1/surveys", { key })).toBe(reads);
    expect(await status("/v1/surveys", { key, ...survey })).toBe(writes);
    expect(await status("/v1/responses", { key, ...response() })).toBe(responds);
  }
});

test("a key gives no scope that it lacks itself", async () => {
  const give = (scopes?: string[]) =>
    request("/v1/keys", { key: workspace.writeOnly, json: { name: "new", kind: "secret", scopes } });
  for (const scopes of [undefined, ["read"], ["read", "write"]])
    expect((await give(scopes)).status).toBe(403);
  expect((await give(["write"])).status).toBe(201);
});

test("a publishable key with origins works on those pages alone", async () => {
  const key = await workspace.boundTo("https://shop.example");
  const from = (headers: Record<string, string>) => ask({ key, headers });
  expect((await from({ origin: "https://shop.example" })).status).toBe(200);
  // A page on Candor's own host: the browser sends no Origin with a GET.
  expect((await from({ "sec-fetch-site": "same-origin" })).status).toBe(200);
  const others = ["https://shop.example.evil.example", "https://evil.example", "null", "http://shop.example"];
  for (const origin of others) await expectProblem(await from({ origin }), "forbidden");
  await expectProblem(await from({}), "forbidden");
  await expectProblem(await from({ "sec-fetch-site": "cross-site" }), "forbidden");
  const both = { origin: "https://evil.example", "sec-fetch-site": "same-origin" };
  await expectProblem(await from(both), "forbidden");
  const json = { id: crypto.randomUUID(), touchpoint: "checkout", rating: 5 };
  const headers = { origin: "https://evil.example" };
  await expectProblem(await request("/v1/responses", { key, json, headers }), "forbidden");
});

test("a star in an origin stands for one label, and for no other part", async () => {
  const { key } = await created({ kind: "publishable", origins: ["https://*.shop.example"] });
  const from = (origin: string) => request("/v1/ask?touchpoint=checkout", { key, headers: { origin } });
  for (const origin of ["https://www.shop.example", "https://a-b.shop.example"])
    expect((await from(origin)).status, origin).toBe(200);
  const others = ["https://shop.example", "https://a.b.shop.example", "http://www.shop.example"];
  for (const origin of [...others, "https://www.shop.example:8443", "https://www.shop.example.evil.example"])
    await expectProblem(await from(origin), "forbidden");
});

test("the origins of a key change at once", async () => {
  const { id, key } = await created({ kind: "publishable", origins: ["https://one.example"] });
  const headers = { origin: "https://two.example" };
  await expectProblem(await ask({ key, headers }), "forbidden");
  const origins = ["https://two.example", "http://localhost:8080"];
  const changed = await request(at(id), { method: "PATCH", key: workspace.write, json: { origins } });
  expect(await changed.json()).toMatchObject({ origins, name: "new" });
  expect((await ask({ key, headers })).status).toBe(200);
});

const refusals: Refusal[] = [
  ["no name", { name: undefined }, ["/name"]],
  ["a kind that is none", { kind: "admin" }, ["/kind"]],
  ["a scope that is none", { scopes: ["admin"] }, ["/scopes/0"]],
  ["no scope at all", { scopes: [] }, ["/scopes"]],
  ["three scopes", { scopes: ["read", "read", "write"] }, ["/scopes"]],
  ["origins on a secret key", { origins: ["https://a.example"] }, ["/origins"]],
  ["scopes on a publishable key", { kind: "publishable", scopes: ["read"] }, ["/scopes"]],
  ["an origin with a path", { kind: "publishable", origins: ["https://a.example/"] }, ["/origins/0"]],
  ["an origin that is a script", { kind: "publishable", origins: ["javascript:alert(1)"] }, ["/origins/0"]],
  ["an origin of any page", { kind: "publishable", origins: ["*"] }, ["/origins/0"]],
  ...["*.com", "*", "a.*.example", "*.*.example", "shop*.shop.example", "*shop.example", "*.shop.*"].map(
    (host): Refusal => [
      `an origin of ${host}`,
      { kind: "publishable", origins: [`https://${host}`] },
      ["/origins/0"],
    ],
  ),
  [
    "an origin of 301 letters",
    { kind: "publishable", origins: [`https://${"a".repeat(293)}`] },
    ["/origins/0"],
  ],
  ["an origin without a host", { kind: "publishable", origins: ["https://"] }, ["/origins/0"]],
  ["an origin that is a file", { kind: "publishable", origins: ["file://"] }, ["/origins/0"]],
  ["an origin with a user", { kind: "publishable", origins: ["https://me@a.example"] }, ["/origins/0"]],
  ["51 origins", { kind: "publishable", origins: Array(51).fill("https://a.example") }, ["/origins"]],
  ["a key of one's own", { key: "sk_mine" }, ["/key"]],
];
test("each wrong field of a key is refused by its name", async () => {
  for (const [what, fields, pointers] of refusals) {
    const answer = await create({ name: "new", kind: "secret", ...Object(fields) });
    await expectProblem(answer, "invalid-input", pointers, what);
  }
});

test("a secret key never gets origins, nor a key new scopes", async () => {
  const { id } = await created({ kind: "secret" });
  const change = (json: unknown) => request(at(id), { method: "PATCH", key: workspace.write, json });
  await expectProblem(await change({ origins: ["https://a.example"] }), "invalid-input", ["/origins"]);
  await expectProblem(await change({ scopes: ["read", "write"] }), "invalid-input", ["/scopes"]);
  expect(await (await change({ name: "renamed" })).json()).toMatchObject({
    name: "renamed",
    scopes: ["read"],
  });
});

test("the list walks all keys once, and only those of the workspace", async () => {
  const other = await newWorkspace();
  const page = async (query: string) =>
    Page.parse(await (await request(`/v1/keys?${query}`, { key: workspace.write })).json());
  const first = await page("limit=3");
  const second = await page(`limit=3&cursor=${first.next_cursor}`);
  const ids = [...first.data, ...second.data].map(({ id }) => id);
  expect(new Set(ids).size).toBe(4);
  expect(second.next_cursor).toBeNull();
  const theirs = Page.parse(await (await request("/v1/keys", { key: other.write })).json());
  expect(theirs.data.filter(({ id }) => ids.includes(id))).toEqual([]);
  for (const { id } of theirs.data) {
    await expectProblem(await request(at(id), { key: workspace.write }), "not-found");
    await expectProblem(await archive(id), "not-found");
  }
  expect((await readSurveys({ key: other.read })).status).toBe(200);
});
