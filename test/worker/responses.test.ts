import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { Response as ResponseShape, SavedResponse } from "../../shared/contract/responses.ts";
import { expectProblem, type Refusal } from "./problems.ts";
import { newWorkspace, request, type TestWorkspace } from "./workspace.ts";

const dayMs = 86_400_000;
let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const save = (fields: object, key = workspace.publishable) =>
  request("/v1/responses", {
    key,
    json: { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9, ...fields },
  });

/** Saves, and answers the response as it is then read. */
async function saved(fields: object, key = workspace.publishable) {
  const answer = await save(fields, key);
  expect(answer.status).toBe(201);
  const { id } = SavedResponse.parse(await answer.json());
  return read(id);
}

async function read(id: string) {
  const answer = await request(`/v1/responses/${id}`, { key: workspace.read });
  expect(answer.status).toBe(200);
  return ResponseShape.parse(await answer.json());
}

const storedRows = async () =>
  (await env.DB.prepare("SELECT * FROM responses ORDER BY id").all<Record<string, unknown>>()).results;

test("a saved response is read back as it was given", async () => {
  const id = crypto.randomUUID();
  const before = Date.now();
  const answer = await save({
    id: id.toUpperCase(),
    comment: "  schön 🙂 ",
    locale: "de-AT",
    properties: { plan: "pro", seats: 3, trial: false, constructor: "mine" },
    answers: { why: "price", more: ["a", "b"], again: 4 },
  });
  expect([answer.status, await answer.json()]).toEqual([201, { id, status: "created" }]);
  const response = await read(id);
  expect(response).toEqual({
    id,
    touchpoint: "relationship",
    survey: workspace.surveys.nps,
    rating: 9,
    comment: "schön 🙂",
    answers: { why: "price", more: ["a", "b"], again: 4 },
    channel: "widget",
    locale: "de-AT",
    respondent: null,
    claimed_respondent: null,
    properties: { plan: "pro", seats: 3, trial: false, constructor: "mine" },
    excluded: null,
    answered_at: response.received_at,
    received_at: response.received_at,
    updated_at: null,
  });
  expect(Date.parse(response.received_at)).toBeGreaterThanOrEqual(before);
});

test("the channel follows from the key, whatever the body says", async () => {
  expect((await saved({ channel: "import" })).channel).toBe("widget");
  expect((await saved({ channel: "import" }, workspace.write)).channel).toBe("api");
});

test("what only the server decides is ignored in a body, and so are unknown fields", async () => {
  const response = await saved({
    ...{ excluded: "test", exclusion: "test", counted: false, received_at: "2020-01-01T00:00:00Z" },
    ...{ updated_at: "2020-01-01T00:00:00Z", workspace: "wsp_other", workspace_ref: 1, respondent: "victim" },
    ...{ surprise: { nested: [1] }, __proto__: { rating: 1 } },
  });
  expect(response).toMatchObject({ excluded: null, respondent: null, rating: 9, updated_at: null });
  expect(Date.parse(response.received_at)).toBeGreaterThan(Date.parse("2026-01-01T00:00:00Z"));
});

test("a visitor's time of answering is kept within the last 14 days and never lies in the future", async () => {
  const now = Date.now();
  const at = async (ms: number, key?: string) =>
    Date.parse((await saved({ answered_at: new Date(ms).toISOString() }, key)).answered_at);
  expect(await at(now - 3 * dayMs)).toBe(now - 3 * dayMs);
  for (const tooLate of [now + 60_000, now + 400 * dayMs]) {
    const answeredAt = await at(tooLate);
    expect(answeredAt).toBeGreaterThanOrEqual(now);
    expect(answeredAt).toBeLessThanOrEqual(Date.now());
  }
  for (const key of [workspace.publishable, workspace.write]) {
    const answeredAt = await at(now - 15 * dayMs, key);
    expect(answeredAt).toBeGreaterThanOrEqual(now - 14 * dayMs);
    expect(answeredAt).toBeLessThanOrEqual(Date.now() - 14 * dayMs);
  }
});

test("a device whose clock is wrong answers when it did: what it says to have sent now was sent now", async () => {
  const years = 16 * 365 * dayMs;
  for (const skew of [-dayMs, -years, 3 * dayMs, 0])
    for (const keptMs of [0, 2 * dayMs]) {
      const clock = Date.now() + skew;
      const times = { answered_at: new Date(clock - keptMs), sent_at: new Date(clock) };
      const before = Date.now();
      const answeredAt = Date.parse((await saved(times)).answered_at);
      const what = `${skew} ms off, kept for ${keptMs} ms`;
      expect(answeredAt, what).toBeGreaterThanOrEqual(before - keptMs);
      expect(answeredAt, what).toBeLessThanOrEqual(Date.now() - keptMs);
    }
});

test("a time of sending that is none costs no answer", async () => {
  const answer = await save({ sent_at: "yesterday" });
  expect(SavedResponse.parse(await answer.json())).toMatchObject({
    status: "created",
    ignored: [{ pointer: "/sent_at" }],
  });
});

test("a server that names a time before 1970 or of tomorrow is told so; a page's clock costs no answer", async () => {
  const days = ["1950-06-01T00:00:00Z", "2062-01-01T00:00:00Z", new Date(Date.now() + 2 * dayMs)];
  for (const answered_at of days) {
    const refused = await save({ answered_at }, workspace.write);
    await expectProblem(refused, "invalid-input", ["/answered_at"], String(answered_at));
    expect((await save({ answered_at })).status).toBe(201);
  }
  const ahead = { answered_at: new Date(Date.now() + dayMs / 2) };
  expect(Date.parse((await saved(ahead, workspace.write)).answered_at)).toBeLessThanOrEqual(Date.now());
  // By a clock that is years off, and says so.
  const clock = { answered_at: "2062-01-01T00:00:00Z", sent_at: "2062-01-01T00:00:00Z" };
  expect(Date.parse((await saved(clock, workspace.write)).answered_at)).toBeLessThanOrEqual(Date.now());
});

test("an instant with an offset is the same instant in UTC", async () => {
  const at = new Date(Date.now() - dayMs);
  const local = new Date(at.getTime() + 5.5 * 3_600_000).toISOString().replace("Z", "+05:30");
  expect((await saved({ answered_at: local })).answered_at).toBe(at.toISOString());
});

test("a survey that is asked there no more still takes its answers, and a rating is judged by its scale", async () => {
  const { csat, nps } = workspace.surveys;
  await expectProblem(await save({ touchpoint: "checkout", rating: 9 }), "invalid-input", ["/rating"]);
  await expectProblem(await save({ touchpoint: "checkout", rating: 0 }), "invalid-input", ["/rating"]);
  const change = (survey: string) =>
    request("/v1/touchpoints/checkout", { method: "PATCH", key: workspace.write, json: { survey } });
  await saved({ touchpoint: "checkout", rating: 5 });
  await change(nps);
  expect(await saved({ touchpoint: "checkout", rating: 5, survey: csat })).toMatchObject({ survey: csat });
  await saved({ touchpoint: "checkout", rating: 9 });
  await change(csat);
  expect(await saved({ touchpoint: "checkout", rating: 9, survey: nps })).toMatchObject({ survey: nps });
  await request(`/v1/surveys/${csat}`, { method: "DELETE", key: workspace.write });
  await expectProblem(await save({ touchpoint: "checkout", rating: 5 }), "invalid-input", ["/touchpoint"]);
  expect(await saved({ touchpoint: "checkout", rating: 5, survey: csat })).toMatchObject({ survey: csat });
});

test("plain text carries JSON, so that a closing page can send without a preflight", async () => {
  const id = crypto.randomUUID();
  const body = JSON.stringify({ id, touchpoint: "relationship", rating: 3 });
  for (const type of ["text/plain", "text/plain;charset=UTF-8", "Application/JSON; charset=utf-8"]) {
    const answer = await request("/v1/responses", {
      key: workspace.publishable,
      body,
      headers: { "content-type": type },
    });
    expect(answer.ok, type).toBe(true);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  }
  expect(await read(id)).toMatchObject({ rating: 3 });
});

const long = (length: number) => "x".repeat(length);
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, n]));
const refusals: Refusal[] = [
  ["an id that is no UUID", { id: "1" }, ["/id"]],
  ["an id that is a number", { id: 7 }, ["/id"]],
  ["no id", { id: undefined }, ["/id"]],
  ["a touchpoint with capitals", { touchpoint: "Checkout" }, ["/touchpoint"]],
  ["a touchpoint of 65 letters", { touchpoint: long(65) }, ["/touchpoint"]],
  ["an unknown touchpoint", { touchpoint: "nowhere" }, ["/touchpoint"]],
  ["an unknown survey", { survey: "srv_nothing" }, ["/survey"]],
  ["a survey of 41 letters", { survey: long(41) }, ["/survey"]],
  ["a rating above the scale", { rating: 11 }, ["/rating"]],
  ["a rating below the scale", { rating: -1 }, ["/rating"]],
  ["half a rating", { rating: 4.5 }, ["/rating"]],
  ["a rating as text", { rating: "9" }, ["/rating"]],
  ["an empty rating", { rating: "" }, ["/rating"]],
  ["a rating of null", { rating: null }, ["/rating"]],
  ["no rating", { rating: undefined }, ["/rating"]],
  ["a comment of 4001 letters", { comment: long(4001) }, ["/comment"]],
  ["a negative revision", { revision: -1 }, ["/revision"]],
  ["a fractional revision", { revision: 0.5 }, ["/revision"]],
  ["a revision beyond exact integers", { revision: 2 ** 53 }, ["/revision", "/revision"]],
  ["two wrong fields at once", { rating: "x", locale: 1 }, ["/rating", "/locale"]],
];
/** What the page says and not its visitor. */
const pageMistakes: Refusal[] = [
  ["a comment that is not text", { comment: 1 }, ["/comment"]],
  ["a comment of null", { comment: null }, ["/comment"]],
  ["an empty comment", { comment: "" }, ["/comment"]],
  ["a comment of white space", { comment: "  \n" }, ["/comment"]],
  ["a comment with NUL", { comment: "a\0b" }, ["/comment"]],
  ["a comment with half a surrogate pair", { comment: "a\ud83d" }, ["/comment"]],
  ["a time without zone", { answered_at: "2026-10-01T00:00:00" }, ["/answered_at"]],
  ["a time as people write it", { answered_at: "28.11.2026" }, ["/answered_at"]],
  ["a day that does not exist", { answered_at: "2026-02-30T00:00:00Z" }, ["/answered_at"]],
  ["a time as a number", { answered_at: 1 }, ["/answered_at"]],
  ["a locale that is none", { locale: "../etc" }, ["/locale"]],
  ["a locale with an underscore", { locale: "en_US" }, ["/locale"]],
  ["an empty locale", { locale: "" }, ["/locale"]],
  ["21 properties", { properties: many(21) }, ["/properties/p20"]],
  ["a property's name with a space", { properties: { "a b": 1 } }, ["/properties/a b"]],
  ["a nested property", { properties: { plan: {} } }, ["/properties/plan"]],
  ["a property of null", { properties: { plan: null } }, ["/properties/plan"]],
  ["a property of 501 letters", { properties: { plan: long(501) } }, ["/properties/plan"]],
  ["a property with NUL", { properties: { plan: "\0" } }, ["/properties/plan"]],
  ["a property with half a surrogate pair", { properties: { plan: "\udc00" } }, ["/properties/plan"]],
  ["properties as a list", { properties: [] }, ["/properties"]],
  ["a respondent of 201 letters", { respondent: long(201) }, ["/respondent"]],
  ["a respondent with NUL", { respondent: "a\0" }, ["/respondent"]],
  ["an empty respondent", { respondent: "" }, ["/respondent"]],
  ["a hash of 129 letters", { respondent_hash: long(129) }, ["/respondent_hash"]],
];
test("each wrong field is refused by its name, and nothing is stored", async () => {
  for (const [what, fields, pointers] of refusals)
    await expectProblem(await save(Object(fields)), "invalid-input", pointers, what);
  for (const [what, fields, pointers] of [...refusals, ...pageMistakes])
    await expectProblem(await save(Object(fields), workspace.write), "invalid-input", pointers, what);
  expect(await storedRows()).toEqual([]);
});

test("what a page gets wrong costs no answer: it is left out and named, and a wrong answer is still refused", async () => {
  for (const [what, fields, pointers] of pageMistakes) {
    const answer = await save(Object(fields));
    const { ignored } = SavedResponse.parse(await answer.json());
    expect([answer.status, ignored?.map(({ pointer }) => pointer)], what).toEqual([201, pointers]);
    const wrong = await save({ rating: "x", ...Object(fields) });
    await expectProblem(wrong, "invalid-input", ["/rating", ...pointers], what);
  }
  expect(await storedRows()).toHaveLength(pageMistakes.length);
});

test("of what a visitor wrote only what cannot be stored is taken away, and a page is told", async () => {
  const sent = { comment: " \0Great \ud83d\r\nshop\0 ", answers: { why: "cut \udc00", what: "\0" } };
  const answer = await save(sent);
  const { id, ignored } = SavedResponse.parse(await answer.json());
  expect(ignored?.map(({ pointer }) => pointer)).toEqual(["/comment", "/answers/why", "/answers/what"]);
  expect(await read(id)).toMatchObject({ comment: "Great \ufffd\nshop", answers: { why: "cut \ufffd" } });
});

test("of a page's properties the valid ones are kept, and of those the first twenty", async () => {
  const { properties } = await saved({ properties: { "a b": 1, cart: {}, ...many(25), plan: null } });
  expect(properties).toEqual(many(20));
});

test("the limits themselves are accepted", async () => {
  const response = await saved({
    comment: "🙂".repeat(2000),
    properties: { ...many(19), text: long(500) },
    revision: Number.MAX_SAFE_INTEGER,
  });
  expect(response.comment).toBe("🙂".repeat(2000));
  expect(Object.keys(response.properties)).toHaveLength(20);
});

test("a body that is not JSON cannot be read, and one that is no object is not valid", async () => {
  const headers = { "content-type": "application/json" };
  const send = (body: string) =>
    request("/v1/responses", { key: workspace.publishable, body, headers, method: "POST" });
  for (const body of ["null", "[]", '"text"', "1", "true"])
    await expectProblem(await send(body), "invalid-input", [""], body);
  for (const body of ["", "{", "rating=9", '{"rating":NaN}', "{'rating':9}"])
    await expectProblem(await send(body), "malformed-request", undefined, body);
});

test("a form, and whatever else is not JSON, is not taken", async () => {
  const form = ["application/x-www-form-urlencoded", "multipart/form-data"];
  for (const type of [...form, "text/html", "application/jsonp"]) {
    const sent = { key: workspace.publishable, body: "{}", headers: { "content-type": type } };
    await expectProblem(await request("/v1/responses", sent), "unsupported-media-type", undefined, type);
  }
});

test("a body beyond 16 kB is refused, and the page may read why", async () => {
  const answer = await save({ ignored: long(17_000) });
  await expectProblem(answer, "body-too-large");
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
});

test("a response that was never saved and one of another workspace are the same 404", async () => {
  const { id } = await saved({});
  const other = await newWorkspace();
  for (const method of ["GET", "PATCH", "DELETE"]) {
    const json = method === "PATCH" ? { json: { excluded: "test" } } : {};
    const foreign = await request(`/v1/responses/${id}`, { method, key: other.write, ...json });
    const absent = await request(`/v1/responses/${crypto.randomUUID()}`, {
      method,
      key: other.write,
      ...json,
    });
    const [one, two] = [await expectProblem(foreign, "not-found"), await expectProblem(absent, "not-found")];
    expect({ ...one, request_id: "" }).toEqual({ ...two, request_id: "" });
  }
  expect(await read(id)).toMatchObject({ excluded: null, rating: 9 });
});

test("two workspaces may use the same id without meeting", async () => {
  const other = await newWorkspace();
  const { id } = await saved({ comment: "mine" });
  expect((await save({ id, rating: 2, comment: "theirs" }, other.publishable)).status).toBe(201);
  expect(await read(id)).toMatchObject({ rating: 9, comment: "mine" });
  const list = await request("/v1/responses", { key: other.read });
  const { data } = z.object({ data: z.array(ResponseShape) }).parse(await list.json());
  expect(data.map(({ comment }) => comment)).toEqual(["theirs"]);
});

const badAnswers: [unknown, unknown, string[]][] = [
  ["price", {}, ["/answers"]],
  [{ Why: "price", ok: 1 }, { ok: 1 }, ["/answers/Why"]],
  [{ why: "x".repeat(501), ok: 1 }, { ok: 1 }, ["/answers/why"]],
  [{ why: null, more: ["a"] }, { more: ["a"] }, ["/answers/why"]],
  [{ more: ["\0", "a"], ok: 1 }, { ok: 1 }, ["/answers/more/0"]],
  [{ more: Array(13).fill("a"), ok: 1 }, { ok: 1 }, ["/answers/more"]],
  [{ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 }, {}, ["/answers"]],
];
test("a wrong answer to a step is left out, and costs a page neither the others nor the rating", async () => {
  for (const [answers, kept, pointers] of badAnswers) {
    const answer = await save({ answers });
    const { id, ignored } = SavedResponse.parse(await answer.json());
    expect(ignored?.map(({ pointer }) => pointer)).toEqual(pointers);
    expect(await read(id)).toMatchObject({ rating: 9, answers: kept });
    await expectProblem(await save({ answers }, workspace.write), "invalid-input", pointers);
  }
});

test("erasing a response forgets what was answered to its steps", async () => {
  const { id } = await saved({ answers: { why: "price" } });
  await request(`/v1/responses/${id}`, { key: workspace.write, method: "DELETE" });
  expect(await storedRows()).toMatchObject([{ id, answers: null, exclusion: "erased" }]);
});

test("a batch takes answers too", async () => {
  const id = crypto.randomUUID();
  const row = { id, touchpoint: "relationship", rating: 9, answers: { why: ["a"] } };
  await request("/v1/responses/batch", { key: workspace.write, json: { responses: [row] } });
  expect((await read(id)).answers).toEqual({ why: ["a"] });
});
