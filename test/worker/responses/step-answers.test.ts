import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import * as z from "zod";
import { BatchResult, SavedResponse } from "../../../shared/contract/responses.ts";
import { requestUnlimited } from "../workspace.ts";
import { askSteps, read, setUp, step, workspace } from "./responses-fixture.ts";

setUp();

const steps = [
  step.rating("stars"),
  step.choice("why", "price", "speed"),
  step.choices("more", "price", "speed"),
  step.text("where"),
];
const right = { stars: 5, why: "price", more: ["speed", "price"], where: "Shop" };

/** Sends a response by each way but an import, and answers what was ignored and how it is read back. */
async function sentEachWay(fields: object) {
  const outcomes = [];
  const row = () => ({ id: crypto.randomUUID(), touchpoint: "relationship", rating: 9, ...fields });
  for (const key of [workspace.publishable, workspace.write]) {
    const answer = await requestUnlimited("/v1/responses", { key, json: row() });
    expect(answer.ok).toBe(true);
    outcomes.push(SavedResponse.parse(await answer.json()));
  }
  const json = { responses: [row()] };
  const batch = await requestUnlimited("/v1/responses/batch", { key: workspace.write, json });
  outcomes.push(
    ...BatchResult.parse(await batch.json()).results.map((result) => SavedResponse.parse(result)),
  );
  return Promise.all(
    outcomes.map(async ({ id, ignored = [] }) => {
      const { rating, answers, comment } = await read(id);
      expect(rating).toBe(9);
      return { ignored, answers, comment };
    }),
  );
}

const wrong: [string, object][] = [
  ["a rating beyond the scale", { stars: 99 }],
  ["a rating below the scale", { stars: 0 }],
  ["a rating between two", { stars: 4.5 }],
  ["a rating spelt as a text", { stars: "5" }],
  ["a list for a rating", { stars: ["5"] }],
  ["a text for a choice", { why: "It was dear" }],
  ["a list for a single choice", { why: ["price"] }],
  ["a number for a choice", { why: 1 }],
  ["one choice for a list", { more: "price" }],
  ["unknown choices alone", { more: ["colour"] }],
  ["a number for a text", { where: 7 }],
  ["a list for a text", { where: ["Shop"] }],
  ["a step that the survey does not have", { wrong: "text" }],
  ["a step that is a name of every object", { constructor: "text" }],
  ["a comment among the answers", { comment: "Dear" }],
];

test("of the answers only what a step can have is stored; the rest is named and costs no rating", async () => {
  await askSteps([...steps, step.comment]);
  for (const outcome of await sentEachWay({ answers: right, comment: "Thanks" }))
    expect(outcome).toEqual({ ignored: [], answers: right, comment: "Thanks" });
  for (const [what, one] of wrong) {
    const [id = ""] = Object.keys(one);
    const kept = Object.fromEntries(Object.entries(right).filter(([other]) => other !== id));
    for (const { ignored, answers } of await sentEachWay({ answers: { ...right, ...one } })) {
      expect(answers, what).toEqual(kept);
      const detail = Object.hasOwn(right, id) ? "is no answer to that step" : "is no step of this survey";
      expect(ignored, what).toEqual([{ pointer: `/answers/${id}`, detail }]);
    }
  }
});

test("of several choices those that the step has are stored, each once", async () => {
  await askSteps(steps);
  for (const more of [
    ["price", "colour"],
    ["price", "price"],
  ])
    for (const { ignored, answers } of await sentEachWay({ answers: { ...right, more } })) {
      expect(answers).toEqual({ ...right, more: ["price"] });
      expect(ignored).toEqual([{ pointer: "/answers/more", detail: "is no answer to that step" }]);
    }
});

test("what a survey does not ask after the rating is not stored: neither answers nor, where it asks none, a comment", async () => {
  const sent = { answers: { wrong: "text" }, comment: "Thanks" };
  const pointers = (ignored: { pointer: string }[]) => ignored.map(({ pointer }) => pointer);
  for (const outcome of await sentEachWay(sent)) {
    expect(pointers(outcome.ignored)).toEqual(["/answers/wrong"]);
    expect(outcome).toMatchObject({ answers: {}, comment: "Thanks" });
  }
  for (const asked of [[], steps]) {
    await askSteps(asked);
    for (const outcome of await sentEachWay(sent)) {
      expect(pointers(outcome.ignored)).toEqual(["/answers/wrong", "/comment"]);
      expect(outcome).toMatchObject({ answers: {}, comment: null });
    }
  }
});

test("a page that still asks a step as a text does not store its text as a choice", async () => {
  await askSteps([step.text("why")]);
  for (const { answers } of await sentEachWay({ answers: { why: "It was dear" } }))
    expect(answers).toEqual({ why: "It was dear" });
  await askSteps([step.choice("why", "price", "speed")]);
  for (const { answers } of await sentEachWay({ answers: { why: "It was dear" } }))
    expect(answers).toEqual({});
});

test("an answer that is left out takes no stored one away, whether it is repeated or revised", async () => {
  await askSteps([...steps, step.comment]);
  const id = crypto.randomUUID();
  const send = async (fields: object) => {
    const json = { id, touchpoint: "relationship", rating: 9, ...fields };
    await requestUnlimited("/v1/responses", { key: workspace.publishable, json });
    return read(id);
  };
  await send({ revision: 1, answers: right, comment: "Thanks" });
  for (const revision of [1, 2, 3])
    for (const answers of [{ wrong: "text" }, { stars: 99, why: "It was dear" }])
      expect(await send({ revision, answers })).toMatchObject({ answers: right, comment: "Thanks" });
  await askSteps(steps);
  // No page that still asks for the comment is left.
  await env.DB.exec("DELETE FROM former_steps");
  expect(await send({ revision: 4, comment: "Bye" })).toMatchObject({ answers: right, comment: "Thanks" });
});

test("an import keeps what it brings, whatever the survey asks now", async () => {
  await askSteps([]);
  const brought = { answers: { why: "price", stars: 99, more: ["x", "x"] }, comment: "Thanks" };
  const row = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9, ...brought };
  const json = { channel: "import", responses: [row] };
  const answer = await requestUnlimited("/v1/responses/batch", { key: workspace.write, json });
  const { results } = z.object({ results: z.array(SavedResponse) }).parse(await answer.json());
  expect(results).toEqual([{ id: row.id, status: "created" }]);
  expect(await read(row.id)).toMatchObject(brought);
});

test("an answer to a step that was added a moment ago is stored also where an isolate has not heard of it", async () => {
  await askSteps([step.text("where")]);
  const answers = { where: "Shop" };
  const sent = (json: object) =>
    requestUnlimited("/v1/responses", {
      key: workspace.publishable,
      json: { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9, ...json },
    });
  // This isolate remembers the survey; the step is added in another one.
  await sent({ answers });
  await env.DB.exec(
    "UPDATE surveys SET steps = json_insert(steps, '$[#]', json_set(steps -> 0, '$.id', 'what'))",
  );
  const saved = SavedResponse.parse(await (await sent({ answers: { ...answers, what: "Shoes" } })).json());
  expect(saved.ignored).toBeUndefined();
  expect((await read(saved.id)).answers).toEqual({ where: "Shop", what: "Shoes" });
});
