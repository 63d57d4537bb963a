import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { expectProblem } from "../problems.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const chunk = new Uint8Array(4096).fill(32);

/** A body of `chunks` chunks of 4 kB, and a counter of those that were read. */
function counted(chunks: number) {
  const read = { chunks: 0 };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (read.chunks === chunks) return controller.close();
        read.chunks += 1;
        controller.enqueue(chunk);
      },
    },
    { highWaterMark: 0 },
  );
  return { body, read };
}

const json = { "content-type": "application/json" };

test("whoever is refused by their key has no more read of what they send than a public page may send", async () => {
  const unknown = `sk_${"0".repeat(40)}`;
  for (const [path, key, problem] of [
    ["/v1/surveys", undefined, "unauthorized"],
    ["/v1/surveys", unknown, "unauthorized"],
    ["/v1/surveys", workspace.read, "forbidden"],
    ["/v1/surveys", workspace.publishable, "forbidden"],
    ["/v1/responses/batch", unknown, "unauthorized"],
    ["/v1/responses", unknown, "unauthorized"],
    ["/v1/nowhere", undefined, "not-found"],
  ] as const) {
    const { body, read } = counted(256);
    const sent = { method: "POST", body, headers: json, ...(key && { key }) };
    await expectProblem(await requestUnlimited(path, sent), problem, undefined, path);
    expect([path, read.chunks]).toEqual([path, 5]);
  }
});

test("a short body is read to its end, also of those who are refused", async () => {
  const { body, read } = counted(2);
  await expectProblem(
    await requestUnlimited("/v1/surveys", { method: "POST", body, headers: json }),
    "unauthorized",
  );
  expect(read.chunks).toBe(2);
});

const zipped = (text: string) =>
  new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
const survey = JSON.stringify({ name: "zipped", kind: "nps", subject: "us" });
const post = (body: BodyInit, encoding: string, path = "/v1/surveys", type = "application/json") =>
  requestUnlimited(path, {
    method: "POST",
    key: workspace.write,
    body,
    headers: { "content-type": type, "content-encoding": encoding },
  });

test("a gzip body is read, of JSON and of an upload", async () => {
  for (const encoding of ["gzip", "GZIP"]) {
    const answer = await post(await zipped(survey), encoding);
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ name: "zipped" });
  }
  expect((await post(survey, "identity")).status).toBe(201);
  const mail = { from: { address: "ask@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
  await requestUnlimited("/v1/workspace", { method: "PATCH", key: workspace.write, json: { mail } });
  const campaign = { name: "autumn", touchpoint: "checkout" };
  const made = await requestUnlimited("/v1/campaigns", { key: workspace.write, json: campaign });
  const { id } = await made.json<{ id: string }>();
  const path = `/v1/campaigns/${id}/recipients`;
  const added = await post(await zipped("email\na@shop.example\nb@shop.example\n"), "gzip", path, "text/csv");
  expect(await added.json()).toMatchObject({ added: 2 });
  const broken = await post("email\na@shop.example\n", "gzip", path, "text/csv");
  await expectProblem(broken, "malformed-request");
});

test("an answer of a page may be gzip too", async () => {
  const answer = JSON.stringify({ id: crypto.randomUUID(), touchpoint: "relationship", rating: 9 });
  const sent = { method: "POST", key: workspace.publishable, body: await zipped(answer) };
  const headers = { "content-type": "text/plain", "content-encoding": "gzip" };
  expect((await requestUnlimited("/v1/responses", { ...sent, headers })).status).toBe(201);
});

/** Says a comment through a key, written one byte a letter. */
function say(comment: string, type: string, key: string, isZipped = false) {
  const response = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9, comment };
  const bytes = Uint8Array.from(JSON.stringify(response), (letter) => letter.charCodeAt(0));
  const body = new Blob([bytes]).stream();
  return requestUnlimited("/v1/responses", {
    method: "POST",
    key,
    body: isZipped ? body.pipeThrough(new CompressionStream("gzip")) : bytes,
    headers: { "content-type": type, ...(isZipped && { "content-encoding": "gzip" }) },
  });
}

const comments = async () =>
  (await env.DB.prepare("SELECT comment FROM responses ORDER BY comment").all()).results.map(
    ({ comment }) => comment,
  );

test.each([false, true])(
  "bytes that are not UTF-8 are refused, and nothing is stored; gzip: %s",
  async (zip) => {
    for (const key of [workspace.write, workspace.publishable]) {
      for (const type of [
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=x-1",
      ]) {
        const { detail } = await expectProblem(await say("schön", type, key, zip), "malformed-request");
        expect(detail).toMatch(/^The body is not UTF-8/);
      }
    }
    const shift = "application/json; charset=shift_jis";
    const { detail } = await expectProblem(
      await say("\x83 ", shift, workspace.write, zip),
      "malformed-request",
    );
    expect(detail).toBe("The body is not shift_jis, as its content-type says");
    expect(await comments()).toEqual([]);
  },
);

test("a body is read in the encoding that its content type says", async () => {
  const [zipped, plain] = ["caf\xe9", "sch\xf6n"];
  expect((await say(plain, "application/json; charset=iso-8859-1", workspace.write)).status).toBe(201);
  expect((await say(zipped, 'application/json; Charset="latin1"', workspace.write, true)).status).toBe(201);
  expect(await comments()).toEqual(["café", "schön"]);
});

test("what is no gzip is a 400, another encoding a 415 that says which is read", async () => {
  await expectProblem(await post(survey, "gzip"), "malformed-request");
  const cut = (await zipped(survey)).slice(0, 20);
  await expectProblem(await post(cut, "gzip"), "malformed-request");
  for (const encoding of ["br", "deflate", "gzip, gzip", "zstd"]) {
    const answer = await post(await zipped(survey), encoding);
    expect(answer.headers.get("accept-encoding")).toBe("gzip");
    await expectProblem(answer, "unsupported-media-type");
  }
});

test("a gzip body counts by what comes out of it, and a bomb is left as soon as it is too large", async () => {
  const spaces = (count: number) => zipped(`{"name":"${" ".repeat(count)}"}`);
  await expectProblem(await post(await spaces(2_000_000), "gzip"), "body-too-large");
  await expectProblem(await post(await spaces(900_000), "gzip"), "invalid-input");
  const bomb = new Uint8Array(await zipped("\0".repeat(50_000_000)));
  const read = { bytes: 0 };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (read.bytes >= bomb.length) return controller.close();
        controller.enqueue(bomb.slice(read.bytes, read.bytes + 256));
        read.bytes += 256;
      },
    },
    { highWaterMark: 0 },
  );
  await expectProblem(await post(body, "gzip"), "body-too-large");
  expect(read.bytes).toBeLessThan(bomb.length / 10);
});

test.each([
  "__proto__[period]=7d",
  "__proto__=7d",
  "constructor[period]=7d",
  "toString=1",
  "property[__proto__]=x",
])("a parameter that does not exist is refused, whatever JavaScript makes of its name: %s", async (query) => {
  const answer = await requestUnlimited(`/v1/scores?${query}`, { key: workspace.read });
  const { errors } = await expectProblem(answer, "invalid-input");
  expect(errors?.map(({ pointer }) => pointer)).toEqual([
    `?${query.split("=")[0]?.replace(/^(?!property)(\w+)\[.*/, "$1")}`,
  ]);
});

test("names of JavaScript's own are properties like others", async () => {
  const properties = { constructor: "a", toString: "b", hasOwnProperty: "c" };
  const response = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9, properties };
  const saved = await requestUnlimited("/v1/responses", { key: workspace.write, json: response });
  expect(saved.status).toBe(201);
  const read = await requestUnlimited(`/v1/responses/${response.id}`, { key: workspace.read });
  expect(await read.json()).toMatchObject({ properties });
  const scored = await requestUnlimited("/v1/scores?property[constructor]=a&touchpoint=relationship", {
    key: workspace.read,
  });
  expect(await scored.json()).toMatchObject({ data: [{ n: 1 }] });
});
