import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { SavedResponse } from "../../../shared/contract/responses.ts";
import { drift } from "../../recount.ts";
import { expectProblem } from "../problems.ts";
import { requestUnlimited } from "../workspace.ts";
import { askSteps, read, setUp, step, workspace } from "./responses-fixture.ts";

setUp();

const id = "01900000-0000-7000-8000-000000000001";

const send = (fields: object) =>
  requestUnlimited("/v1/responses", {
    key: workspace.publishable,
    json: { id, touchpoint: "relationship", rating: 9, ...fields },
  });

const rows = async () =>
  (await env.DB.prepare("SELECT * FROM responses").all<Record<string, unknown>>()).results;
/** Every table that a response changes, to compare before and after. */
const everything = async () => [
  await rows(),
  (await env.DB.prepare("SELECT * FROM rating_counts").all()).results,
];

test("the comment arrives after the rating under the same id, and is one response", async () => {
  expect((await send({})).status).toBe(201);
  const later = await send({ comment: "because", revision: 1 });
  expect([later.status, await later.json()]).toEqual([200, { id, status: "updated" }]);
  expect(await rows()).toMatchObject([{ rating: 9, comment: "because", revision: 1 }]);
});

test("a comment fills the gap at the same revision, and changes nothing else", async () => {
  await send({});
  const filled = await send({ comment: "because", rating: 2 });
  expect(await filled.json()).toEqual({ id, status: "updated" });
  expect(await rows()).toMatchObject([{ rating: 9, comment: "because", revision: 0 }]);
  const second = await send({ comment: "another" });
  expect(await second.json()).toEqual({ id, status: "unchanged" });
  expect(await rows()).toMatchObject([{ rating: 9, comment: "because" }]);
  expect(await drift(env.DB)).toEqual([]);
});

test("a repeat changes nothing at all", async () => {
  const full = { comment: "because", properties: { plan: "pro" }, locale: "de", revision: 3 };
  await send(full);
  const before = await everything();
  for (let tries = 0; tries < 3; tries += 1) {
    const repeat = await send(full);
    expect([repeat.status, await repeat.json()]).toEqual([200, { id, status: "unchanged" }]);
  }
  expect(await everything()).toEqual(before);
});

test("a retry that comes late neither erases nor reverts", async () => {
  await askSteps([step.choice("why", "price", "speed"), step.rating("more"), step.comment]);
  const answers = { why: "price" };
  await send({ rating: 3, comment: "final", revision: 2, properties: { plan: "pro" }, answers });
  const before = await everything();
  for (const late of [
    { rating: 9 },
    { rating: 8, revision: 1 },
    { rating: 7, comment: "old", revision: 1, answers: { why: "speed", more: 1 } },
  ])
    expect(await (await send(late)).json()).toEqual({ id, status: "unchanged" });
  expect(await everything()).toEqual(before);
});

test("a higher revision without a comment keeps the one that was written", async () => {
  await askSteps([step.choice("why", "price", "speed"), step.comment]);
  await send({ comment: "kept", answers: { why: "price" } });
  await send({ rating: 1, revision: 1 });
  const answers = JSON.stringify({ why: "price" });
  expect(await rows()).toMatchObject([{ rating: 1, comment: "kept", answers, revision: 1 }]);
});

const revisions = [0, 1, 2, 3].map((revision) => ({
  revision,
  rating: [9, 2, 10, 6][revision],
  comment: `words of ${revision}`,
  properties: { step: revision },
  answers: { why: [`answer-${revision}`] },
}));

/** Every order of every subset: what remains when the network loses and reorders messages. */
function arrivals<Item>(items: readonly Item[]): Item[][] {
  return [
    [],
    ...items.flatMap((item) =>
      arrivals(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
    ),
  ];
}

test("whatever arrives of four revisions, in whatever order, the highest of them stands", async () => {
  await askSteps([step.choices("why", ...revisions.flatMap(({ answers }) => answers.why)), step.comment]);
  const orders = arrivals(revisions).filter((order) => order.length > 0);
  expect(orders).toHaveLength(64);
  for (const [index, order] of orders.entries()) {
    const ownId = `01900000-0000-7000-8000-${String(index).padStart(12, "0")}`;
    for (const revision of order) await send({ id: ownId, ...revision });
    const highest = order.reduce((one, other) => (one.revision > other.revision ? one : other));
    const row = await env.DB.prepare("SELECT * FROM responses WHERE id = ?").bind(ownId).first();
    const { properties, answers, ...plain } = highest;
    const path = order.map(({ revision }) => revision).join(" ");
    expect(row, path).toMatchObject({
      ...plain,
      properties: JSON.stringify(properties),
      answers: JSON.stringify(answers),
    });
  }
  expect(await drift(env.DB)).toEqual([]);
});

test("an id that was used for another survey or touchpoint is a conflict and changes nothing", async () => {
  await send({ comment: "first" });
  const before = await everything();
  for (const revision of [0, 5]) {
    const elsewhere = await send({ touchpoint: "checkout", rating: 5, revision, comment: "second" });
    await expectProblem(elsewhere, "conflict", ["/id"]);
    const json = { id, touchpoint: "relationship", survey: workspace.surveys.csat, rating: 5, revision };
    const otherSurvey = await requestUnlimited("/v1/responses", { key: workspace.write, json });
    await expectProblem(otherSurvey, "conflict", ["/id"]);
  }
  expect(await everything()).toEqual(before);
});

test("twenty different corrections at once end in the highest revision, counted once", async () => {
  const corrections = Array.from({ length: 20 }, (_, revision) => ({ revision, rating: revision % 11 }));
  await Promise.all(corrections.reverse().map((correction) => send(correction)));
  expect(await rows()).toMatchObject([{ revision: 19, rating: 8 }]);
  expect(await drift(env.DB)).toEqual([]);
});

test("a comment that is taken back is gone, in whatever order and together with whatever its messages arrive", async () => {
  const said = [
    { revision: 1, comment: "Dear" },
    { revision: 2, comment: null },
    { revision: 3, comment: null, rating: 8 },
    { revision: 4, comment: "Cheap" },
  ];
  const orders = [...arrivals(said.slice(0, 3)), said, said.toReversed()].filter(({ length }) => length > 0);
  const ways = {
    alone: async (messages: object[]) => {
      for (const message of messages) expect((await send(message)).ok).toBe(true);
    },
    together: (messages: object[]) => Promise.all(messages.map(send)),
    batch: (messages: object[]) => {
      const responses = messages.map((message) => ({ touchpoint: "relationship", rating: 9, ...message }));
      return requestUnlimited("/v1/responses/batch", { key: workspace.write, json: { responses } });
    },
  };
  for (const steps of [null, [step.text("where"), step.comment]]) {
    await askSteps(steps);
    for (const [way, sendAll] of Object.entries(ways))
      for (const order of orders) {
        const ownId = crypto.randomUUID();
        await sendAll(order.map((message) => ({ id: ownId, ...message })));
        const path = `${way} ${order.map(({ revision }) => revision).join(" ")}`;
        const highest = order.reduce((one, other) => (one.revision > other.revision ? one : other));
        expect((await read(ownId)).comment, path).toBe(highest.comment);
      }
  }
  expect(await drift(env.DB)).toEqual([]);
});

test("a comment that was taken back is none in lists, and its words do not come back with a late message", async () => {
  await send({ comment: "Dear", revision: 1 });
  const list = async (comment: boolean) =>
    (await requestUnlimited(`/v1/responses?comment=${comment}`, { key: workspace.read })).json();
  expect(await list(true)).toMatchObject({ data: [{ id }] });
  expect(await (await send({ comment: null, revision: 2 })).json()).toEqual({ id, status: "updated" });
  expect(await list(true)).toMatchObject({ data: [] });
  expect(await list(false)).toMatchObject({ data: [{ id, comment: null }] });
  for (const late of [{ comment: "Dear", revision: 1 }, { comment: "Dear", revision: 2 }, { comment: null }])
    expect(await (await send(late)).json()).toEqual({ id, status: "unchanged" });
  expect((await read(id)).comment).toBeNull();
  await send({ revision: 3 });
  expect((await read(id)).comment).toBeNull();
  await send({ comment: "Cheap", revision: 4 });
  expect((await read(id)).comment).toBe("Cheap");
});

test("a first message without a revision that says null of its comment says nothing of it, so that the comment still comes", async () => {
  for (const key of [workspace.publishable, workspace.write]) {
    const ownId = crypto.randomUUID();
    const say = async (comment: string | null, revision?: number) => {
      const json = { id: ownId, touchpoint: "relationship", rating: 9, comment, revision };
      const answer = await requestUnlimited("/v1/responses", { key, json });
      const { status } = SavedResponse.parse(await answer.json());
      return [status, (await read(ownId)).comment];
    };
    expect(await say(null)).toEqual(["created", null]);
    expect(await say("Dear")).toEqual(["updated", "Dear"]);
    // What stands is taken back by a higher revision alone.
    expect(await say(null)).toEqual(["unchanged", "Dear"]);
    expect(await say(null, 1)).toEqual(["updated", null]);
  }
});
