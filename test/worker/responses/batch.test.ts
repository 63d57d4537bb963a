import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import type * as z from "zod";
import { BatchResult } from "../../../shared/contract/responses.ts";
import { dayMs, minuteMs } from "../../../shared/time/durations.ts";
import { drift } from "../../recount.ts";
import { expectProblem } from "../problems.ts";
import { isWrite, recordedDatabase } from "../watched.ts";
import { newWorkspace, request, requestUnlimited, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const row = (fields: object = {}) => ({
  id: crypto.randomUUID(),
  touchpoint: "relationship",
  rating: 9,
  ...fields,
});
const many = (count: number) => Array.from({ length: count }, (_, n) => row({ rating: n % 11 }));
const send = (responses: unknown, key = workspace.write) =>
  request("/v1/responses/batch", { key, json: { responses } });

async function results(responses: unknown[]): Promise<z.infer<typeof BatchResult>["results"]> {
  const answer = await send(responses);
  expect(answer.status).toBe(200);
  return BatchResult.parse(await answer.json()).results;
}

const stored = async () =>
  (await env.DB.prepare("SELECT * FROM responses ORDER BY answered_at, id").all<Record<string, unknown>>())
    .results;

test("five hundred responses are saved at once, and once more changes nothing", async () => {
  const responses = many(500);
  const created = responses.map(({ id }) => ({ id, status: "created" }));
  expect(await results(responses)).toEqual(created);
  const before = await stored();
  expect(before).toHaveLength(500);
  expect(await results(responses)).toEqual(created.map(({ id }) => ({ id, status: "unchanged" })));
  expect(await stored()).toEqual(before);
  expect(await drift(env.DB)).toEqual([]);
});

test("each row has its own result, in order, and a bad one does not stop the others", async () => {
  const clash = row({ touchpoint: "checkout", rating: 3 });
  await results([clash]);
  const good = row();
  const answered = await results([
    row({ id: "nope" }),
    good,
    row({ rating: 99 }),
    null,
    "text",
    [1],
    { ...clash, touchpoint: "relationship" },
    row({ touchpoint: "nowhere" }),
    { ...good, rating: 1, revision: 1 },
    row({ comment: "\0", id: 7 }),
  ]);
  expect(answered.map(({ id, status }) => [status, id])).toEqual([
    ["refused", "nope"],
    ["created", good.id],
    ["refused", expect.any(String)],
    ["refused", null],
    ["refused", null],
    ["refused", null],
    ["refused", clash.id],
    ["refused", expect.any(String)],
    ["updated", good.id],
    ["refused", null],
  ]);
  expect(answered[0]).toMatchObject({ problem: { status: 422, errors: [{ pointer: "/id" }] } });
  expect(answered[2]).toMatchObject({ problem: { errors: [{ pointer: "/rating" }] } });
  expect(answered[6]).toMatchObject({ problem: { status: 409, errors: [{ pointer: "/id" }] } });
  expect(answered[7]).toMatchObject({ problem: { errors: [{ pointer: "/touchpoint" }] } });
  expect(await stored()).toMatchObject([
    { id: clash.id, rating: 3 },
    { id: good.id, rating: 1 },
  ]);
  expect(await drift(env.DB)).toEqual([]);
});

test("an id that stands in the list several times is one response, of its highest revision", async () => {
  const one = row({ rating: 1, revision: 1 });
  const statuses = await results([
    one,
    { ...one, rating: 7, revision: 3, comment: "last" },
    one,
    { ...one, rating: 4, revision: 2 },
    { ...one, id: one.id.toUpperCase() },
  ]);
  expect(statuses.map(({ status }) => status)).toEqual([
    "created",
    "updated",
    "unchanged",
    "unchanged",
    "unchanged",
  ]);
  expect(await stored()).toMatchObject([{ rating: 7, revision: 3, comment: "last" }]);
  expect(await drift(env.DB)).toEqual([]);
});

test("a list of one id alone is one response too", async () => {
  const one = row();
  const same = Array.from({ length: 500 }, (_, revision) => ({ ...one, revision, rating: revision % 11 }));
  expect((await results(same)).at(-1)).toEqual({ id: one.id, status: "updated" });
  expect(await stored()).toMatchObject([{ revision: 499, rating: 499 % 11 }]);
  expect(await drift(env.DB)).toEqual([]);
});

test("an import keeps the time at which it was answered, but no time in the future or before 1970", async () => {
  const at = async (answered: string) => {
    const response = row({ answered_at: answered });
    await results([response]);
    const { answered_at: ms } = (await stored()).find(({ id }) => id === response.id) ?? {};
    return Number(ms);
  };
  expect(await at("2019-03-31T01:30:00.123+02:00")).toBe(Date.parse("2019-03-30T23:30:00.123Z"));
  expect(await at("1970-01-01T00:00:00Z")).toBe(0);
  const now = Date.now();
  const ahead = await at(new Date(now + dayMs - minuteMs).toISOString());
  expect(ahead).toBeGreaterThanOrEqual(now);
  expect(ahead).toBeLessThanOrEqual(Date.now());
  expect(await drift(env.DB)).toEqual([]);
});

test("a row that was answered before 1970 or tomorrow is refused, and the others are saved", async () => {
  const days = ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "2062-01-01T00:00:00Z"];
  const wrong = [...days, new Date(Date.now() + dayMs + minuteMs).toISOString()];
  const good = row();
  const [saved, ...refused] = await results([good, ...wrong.map((answered_at) => row({ answered_at }))]);
  expect(saved).toEqual({ id: good.id, status: "created" });
  expect(refused).toMatchObject(
    wrong.map(() => ({ status: "refused", problem: { errors: [{ pointer: "/answered_at" }] } })),
  );
  expect(await stored()).toMatchObject([{ id: good.id }]);
});

test("a row says neither its channel nor its exclusion, but its respondent", async () => {
  await results([row({ channel: "widget", excluded: "test", exclusion: "test", respondent: "alice" })]);
  expect(await stored()).toMatchObject([{ channel: "api", exclusion: "", respondent: "alice" }]);
});

test("a batch of answers that were given elsewhere is of the channel import, and no other may be named", async () => {
  const key = workspace.write;
  const json = { responses: [row()], channel: "import" };
  expect((await request("/v1/responses/batch", { key, json })).status).toBe(200);
  expect(await stored()).toMatchObject([{ channel: "import" }]);
  const widget = { responses: [row()], channel: "widget" };
  await expectProblem(await request("/v1/responses/batch", { key, json: widget }), "invalid-input", [
    "/channel",
  ]);
  expect(await stored()).toHaveLength(1);
  expect(await drift(env.DB)).toEqual([]);
});

test("a batch costs a handful of queries, however many rows it has", async () => {
  const recorded = recordedDatabase(env.DB);
  const json = { responses: many(300) };
  const answer = await requestUnlimited("/v1/responses/batch", { key: workspace.write, json }, recorded.d1);
  expect(answer.status).toBe(200);
  // The key, what the touchpoint asks, the triggers (once per isolate) and the write. The free plan allows 50.
  expect(recorded.batches).toHaveLength(4);
});

test("a batch of the most rows asks the same few statements, whatever they name and however often an id comes", async () => {
  const one = row();
  const lists = [
    Array.from({ length: 500 }, (_, n) => row({ touchpoint: `place-${n}`, survey: `srv_${n}` })),
    Array.from({ length: 500 }, (_, n) => ({ ...one, revision: n % 60, rating: n % 11, comment: `${n}` })),
    Array.from({ length: 500 }, (_, n) => ({ ...one, id: n % 2 ? one.id : crypto.randomUUID() })),
  ];
  for (const responses of lists) {
    const recorded = recordedDatabase(env.DB);
    const json = { responses };
    const answer = await requestUnlimited("/v1/responses/batch", { key: workspace.write, json }, recorded.d1);
    expect(answer.status).toBe(200);
    expect(recorded.batches.flat().length).toBeLessThanOrEqual(8);
  }
  expect(await drift(env.DB)).toEqual([]);
});

test("statuses and rows of a list are what its messages would come to one by one", async () => {
  const ids = [0, 1, 2].map((n) => `01900000-0000-7000-8000-00000000000${n}`);
  const lower = { low: ["c"], other: 2 };
  const Message = fc.record(
    {
      id: fc.constantFrom(...ids),
      touchpoint: fc.constantFrom("relationship", "relationship", "relationship", "checkout"),
      // Of a detractor, a passive and a promoter; the other touchpoint takes the first two.
      rating: fc.constantFrom(1, 5, 7, 9),
      revision: fc.integer({ min: 0, max: 3 }),
      comment: fc.constantFrom("one", "two", null),
      answers: fc.constantFrom({}, { high: "a" }, { high: "a", low: ["b"], other: 1 }, lower, { wrong: 1 }),
      properties: fc.constantFrom({ plan: "pro" }, { plan: "free" }),
      respondent: fc.constantFrom("ann", "bob"),
    },
    { requiredKeys: ["id", "touchpoint", "rating", "revision"] },
  );
  // Messages of one version that answer differently, as chance hardly makes them.
  const version = { id: ids[0], touchpoint: "relationship", rating: 7, revision: 1 };
  const listsOf = (message: fc.Arbitrary<object>) =>
    fc.tuple(fc.array(message, { maxLength: 2 }), fc.array(message, { minLength: 2, maxLength: 7 }));
  const lists = fc.oneof(listsOf(Message), listsOf(Message.map((message) => ({ ...message, ...version }))));
  const texts = { en: { question: "And?" } };
  const choices = ["a", "b"].map((id) => ({ id, texts: { en: id } }));
  const steps = [
    { id: "high", kind: "text", texts, when: [{ bucket: ["promoter"] }] },
    { id: "low", kind: "choices", texts, choices, when: [{ bucket: ["detractor"] }] },
    { id: "other", kind: "rating", texts },
    { id: "comment", kind: "text", when: [{ bucket: ["passive"] }, { step: "other", is: [1] }] },
  ];
  const patched = { method: "PATCH", key: workspace.write, json: { steps } };
  await request(`/v1/surveys/${workspace.surveys.nps}`, patched);
  const at = new Date(0).toISOString();
  // An object's keys have no order.
  const answers = `IIF(answers IS NULL, NULL, (SELECT json_group_array(json_array(key, value))
    FROM (SELECT key, value FROM json_each(responses.answers) ORDER BY key)))`;
  const apart = `revision, rating, comment, ${answers} AS answers, properties, respondent, touchpoint_ref`;
  const rows = async () =>
    (await env.DB.prepare(`SELECT id, ${apart} FROM responses ORDER BY id`).all()).results.map((one) =>
      JSON.stringify(one),
    );
  const statusesOf = async (messages: object[]) => {
    const json = { responses: messages.map((message) => ({ ...message, answered_at: at })) };
    const answer = await requestUnlimited("/v1/responses/batch", { key: workspace.write, json });
    return BatchResult.parse(await answer.json()).results.map(({ status }) => status);
  };
  // As an erasure leaves the texts that it takes out.
  const forgetting = `UPDATE responses SET comment = IIF(comment IS NULL, NULL, ''),
    answers = json_replace(answers, '$.high', '', '$.low', '')`;
  const property = fc.asyncProperty(lists, fc.boolean(), async ([before, messages], isForgotten) => {
    const outcomes = [];
    for (const parts of [[messages], messages.map((message) => [message])]) {
      await env.DB.prepare("DELETE FROM responses").run();
      for (const message of before) await statusesOf([message]);
      if (isForgotten) await env.DB.prepare(forgetting).run();
      const statuses = [];
      for (const part of parts) statuses.push(...(await statusesOf(part)));
      outcomes.push({ statuses, rows: await rows() });
    }
    expect(outcomes[0]).toEqual(outcomes[1]);
  });
  await fc.assert(property, { seed: 20_261_128, numRuns: 150, endOnFailure: true });
  expect(await drift(env.DB)).toEqual([]);
});

test("a batch whose rows are longer than a value may be is saved in parts, each row told in its place", async () => {
  // A euro sign is one byte in windows-1252 and three in UTF-8.
  const rows = Array.from({ length: 280 }, (_, n) => row({ rating: n % 11, comment: "#".repeat(3_500) }));
  const text = new TextEncoder()
    .encode(JSON.stringify({ responses: rows }))
    .map((byte) => (byte === 35 ? 0x80 : byte));
  const recorded = recordedDatabase(env.DB);
  const headers = { "content-type": "application/json; charset=windows-1252" };
  const sent = { key: workspace.write, body: text, headers };
  const answer = await requestUnlimited("/v1/responses/batch", sent, recorded.d1);
  const { results: told } = BatchResult.parse(await answer.json());
  expect(told).toEqual(rows.map(({ id }) => ({ id, status: "created" })));
  const bytes = recorded.batches.flat().flatMap(({ values }) => values.map((value) => String(value)));
  expect(Math.max(...bytes.map((value) => new TextEncoder().encode(value).length))).toBeLessThan(2_000_000);
  expect((await stored()).map(({ comment }) => comment)).toEqual(rows.map(() => "€".repeat(3_500)));
  expect(recorded.batches.filter(isWrite)).toHaveLength(1);
  expect(await drift(env.DB)).toEqual([]);
});

const wrongBatches = [
  ["no rows", { responses: [] }, ["/responses"]],
  ["501 rows", { responses: Array.from({ length: 501 }, () => 0) }, ["/responses"]],
  ["rows that are no list", { responses: {} }, ["/responses"]],
  ["an unknown field beside the rows", { responses: [0], dry_run: true }, ["/dry_run"]],
  ["a bare list", [row()], [""]],
] as const;
test("a list that is empty, too long or none is refused as a whole", async () => {
  for (const [what, json, pointers] of wrongBatches) {
    const answer = await request("/v1/responses/batch", { key: workspace.write, json });
    await expectProblem(answer, "invalid-input", pointers, what);
  }
  expect(await stored()).toEqual([]);
});

test("a batch is for servers alone: neither a publishable nor a reading key may send it, nor plain text", async () => {
  await expectProblem(await send([row()], workspace.publishable), "forbidden");
  await expectProblem(await send([row()], workspace.read), "forbidden");
  const body = JSON.stringify({ responses: [row()] });
  const plain = { key: workspace.write, body, headers: { "content-type": "text/plain" } };
  await expectProblem(await request("/v1/responses/batch", plain), "unsupported-media-type");
  expect(await stored()).toEqual([]);
});

test("a batch beyond one megabyte is refused", async () => {
  const answer = await send([row({ ignored: "x".repeat(1_100_000) })]);
  await expectProblem(answer, "body-too-large");
});
