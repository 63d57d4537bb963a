import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { BatchResult, SavedResponse } from "../../../shared/contract/responses.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import type { NewResponse } from "../../../worker/responses/db/response.ts";
import { saveResponses } from "../../../worker/responses/db/save.ts";
import { recordedDatabase } from "../watched.ts";
import { requestUnlimited } from "../workspace.ts";
import { askSteps, read, setUp, step, workspace } from "./responses-fixture.ts";

setUp();

const isLate = [{ step: "faults", is: ["late"] }];
const faults = step.choices("faults", "late", "broken", "rude");
const why = { ...step.text("why"), when: isLate };

/** Sends what a page with the old steps does, and answers what was left out and how it is read back. */
async function send(fields: object, key = workspace.publishable) {
  const json = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9, ...fields };
  const answer = await requestUnlimited("/v1/responses", { key, json });
  expect(answer.ok).toBe(true);
  const { id, ignored = [] } = SavedResponse.parse(await answer.json());
  const { comment, answers } = await read(id);
  return { ignored: ignored.map(({ pointer }) => pointer), comment, answers };
}

/** Moves the last changes of steps into the past. */
const earlier = (days: number) =>
  env.DB.exec(`UPDATE former_steps SET asked_until = asked_until - ${days * dayMs}`);

const formerSteps = async () =>
  (await env.DB.prepare("SELECT version, steps FROM former_steps ORDER BY version").all()).results;

test("an answer that a page gives to the steps it was made with is stored whole for fourteen days, whatever an owner changed", async () => {
  await askSteps([faults, why, step.comment]);
  const answers = { faults: ["late", "rude"], why: "It took a week" };
  const id = crypto.randomUUID();
  const said = { comment: "Thanks", answers };
  await send({ id, revision: 1, ...said });
  const fewer = step.choices("faults", "late", "broken");
  const changes = [
    [fewer, why, step.comment],
    [step.text("where")],
    [{ ...fewer, when: [{ bucket: ["detractor"] }] }, why],
    null,
    [],
  ];
  for (const [index, changed] of changes.entries()) {
    await askSteps(changed);
    const whole = { ignored: [], ...said };
    expect(await send({ id, revision: index + 2, ...said }), `${index}`).toEqual(whole);
    expect(await send(said), `${index}`).toEqual(whole);
    expect(await send(said, workspace.write), `${index}`).toEqual(whole);
    const row = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9, ...said };
    const json = { responses: [row] };
    const batch = await requestUnlimited("/v1/responses/batch", { key: workspace.write, json });
    expect(BatchResult.parse(await batch.json()).results).toEqual([{ id: row.id, status: "created" }]);
    expect(await read(row.id)).toMatchObject(said);
  }
  await earlier(13);
  expect((await send(said)).ignored).toEqual([]);
  await earlier(2);
  const late = { ignored: ["/answers/faults", "/answers/why", "/comment"], comment: null, answers: {} };
  expect(await send(said)).toEqual(late);
  // What is stored stays, whatever is left out of a later message.
  expect(await send({ id, revision: 9, ...said })).toEqual({ ...late, ...said });
});

test("the comment of a page that asks for nothing else is stored after steps were added, and a step's answer after none are left", async () => {
  await askSteps([step.choice("why", "price", "speed")]);
  expect(await send({ comment: "Too dear", answers: {} })).toEqual({
    ignored: [],
    comment: "Too dear",
    answers: {},
  });
  await askSteps(null);
  expect(await send({ answers: { why: "price" } })).toMatchObject({ ignored: [], answers: { why: "price" } });
  // The two were never asked together.
  expect(await send({ comment: "Too dear", answers: { why: "price" } })).toEqual({
    ignored: ["/answers/why"],
    comment: "Too dear",
    answers: {},
  });
});

test("what no version takes is left out of the message alone: of it and of what hangs on it, what was stored stays", async () => {
  await askSteps([step.choice("fault", "late", "rude"), { ...why, when: [{ step: "fault", is: ["late"] }] }]);
  const id = crypto.randomUUID();
  const answers = { fault: "late", why: "It took a week" };
  await send({ id, revision: 1, answers });
  const gone = { ...answers, fault: "gone" };
  expect(await send({ id, revision: 2, answers: gone })).toMatchObject({
    ignored: ["/answers/fault"],
    answers,
  });
  const json = {
    responses: [3, 4].map((revision) => ({
      id,
      touchpoint: "relationship",
      rating: 9,
      revision,
      answers: { fault: "gone", why: `${revision}` },
    })),
  };
  await requestUnlimited("/v1/responses/batch", { key: workspace.write, json });
  expect((await read(id)).answers).toEqual({ fault: "late", why: "4" });
  // It says that the fault is another, which takes away what hung on it.
  expect((await send({ id, revision: 5, answers: { fault: "rude" } })).answers).toEqual({ fault: "rude" });
});

test("a step that has become one of another kind or scale is another question, whose answers are not mixed", async () => {
  const scaled = (max: number) => ({ ...step.rating("stars"), scale: { min: 1, max } });
  await askSteps([step.text("why"), scaled(10)]);
  await askSteps([step.choice("why", "price", "speed"), scaled(5)]);
  expect(await send({ answers: { why: "It was dear" } })).toMatchObject({ answers: {} });
  expect(await send({ answers: { stars: 9 } })).toMatchObject({ answers: {} });
});

test("a step that has become another question costs a page none of its other words, nor what hung on it", async () => {
  const scaled = (max: number) => ({ ...step.rating("stars"), scale: { min: 1, max } });
  const where = { ...step.text("where"), when: [{ step: "stars", is: [1, 2] }] };
  await askSteps([step.text("why"), scaled(5), where, step.comment]);
  await askSteps([step.choice("why", "price", "speed"), scaled(10)]);
  const id = crypto.randomUUID();
  await send({ id, answers: { why: "price", stars: 9 } });
  const answers = { why: "It was dear", stars: 2, where: "In the shop" };
  const said = { comment: "A long comment", answers };
  const taken = { comment: said.comment, answers: { where: "In the shop" } };
  expect(await send(said)).toEqual({ ignored: ["/answers/why", "/answers/stars"], ...taken });
  expect(await send({ comment: "Slow", answers: { stars: 4 } })).toEqual({
    ignored: ["/answers/stars"],
    comment: "Slow",
    answers: {},
  });
  // What was answered to the present questions stays.
  expect(await send({ id, revision: 1, ...said })).toMatchObject({
    ...taken,
    answers: { why: "price", stars: 9, where: "In the shop" },
  });
});

test("an isolate that has not heard of the new steps takes away no answer to what is asked now", async () => {
  await askSteps([{ ...step.comment, when: [{ bucket: ["promoter"] }] }, step.text("where")]);
  const sent = { comment: "Thanks", answers: { where: "Shop" } };
  const once = crypto.randomUUID();
  const twice = crypto.randomUUID();
  for (const id of [once, twice]) await send({ id, revision: 1, ...sent });
  // The change is made in another isolate, while this one remembers the survey.
  await env.DB.exec(
    "UPDATE surveys SET steps = json_remove(steps, '$[0].when'), steps_version = steps_version + 1 WHERE steps IS NOT NULL",
  );
  expect(await send({ id: once, revision: 2, rating: 2 })).toMatchObject(sent);
  // Messages that come together are merged before they are stored.
  await Promise.all([2, 3, 4].map((revision) => send({ id: twice, revision, rating: 2 })));
  expect(await read(twice)).toMatchObject(sent);
});

test("former steps are looked up where a step is lacking, not for a time ahead alone", async () => {
  for (const [fields, ignored, lookUps] of [
    [{ answered_at: new Date(Date.now() + dayMs).toISOString() }, "/answered_at", 0],
    [{ answers: { gone: "x" } }, "/answers/gone", 1],
  ] as const)
    for (const path of ["/v1/responses", "/v1/responses/batch"]) {
      const { d1, batches } = recordedDatabase(env.DB);
      const row = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9, ...fields };
      const json = path.endsWith("batch") ? { responses: [row] } : row;
      const answer = await requestUnlimited(path, { key: workspace.write, json }, d1);
      expect(await answer.text(), path).toContain(ignored);
      const asked = batches.flat().filter(({ sql }) => sql.includes("former_steps"));
      expect(asked, path).toHaveLength(lookUps);
    }
});

test("a message takes away what it does alone, also beside one that was read by older steps", async () => {
  await askSteps([step.comment]);
  const id = crypto.randomUUID();
  await send({ id, comment: "Thanks" });
  const stored = await env.DB.prepare(
    `SELECT responses.id, touchpoint_ref AS touchpointRef, survey_ref AS surveyRef, rating, NULL AS comment, channel,
       responses.locale, respondent, properties, answered_at AS answeredAt, steps_version AS stepsVersion
     FROM responses JOIN surveys ON surveys.ref = survey_ref`,
  ).first<NewResponse>();
  if (!stored) throw new Error("nothing was stored");
  const present = { ...stored, revision: 1, unasked: ["comment"] };
  const older = { ...stored, revision: 1, stepsVersion: 0 };
  await saveResponses(workspace.db, workspace.ref, [older, present], Date.now());
  expect((await read(id)).comment).toBe(null);
});

test("of a survey that is changed again and again the last twenty versions are kept, and a change to the same is none", async () => {
  for (let number = 0; number < 25; number += 1) await askSteps([step.text(`step${number}`)]);
  const before = await formerSteps();
  expect(before.map(({ version }) => version)).toEqual(Array.from({ length: 20 }, (_, index) => index + 5));
  await askSteps([step.text("step24")]);
  expect(await formerSteps()).toEqual(before);
  await earlier(15);
  await askSteps(null);
  expect(await formerSteps()).toMatchObject([{ version: 25 }]);
});

test("a change of words alone is no other version, and pushes none out", async () => {
  const worded = (words: string) => [
    { ...step.text("why"), texts: { en: { question: words } } },
    {
      ...step.choices("faults", "late", "rude"),
      choices: ["late", "rude"].map((id) => ({ id, texts: { en: words } })),
    },
  ];
  await askSteps([...worded("Why?"), step.text("where")]);
  await askSteps(worded("Why?"));
  const before = await formerSteps();
  for (let number = 0; number < 25; number += 1) await askSteps(worded(`Why? ${number}`));
  expect(await formerSteps()).toEqual(before);
  const said = { answers: { why: "It was dear", faults: ["late"], where: "In the shop" } };
  expect(await send(said)).toMatchObject({ ignored: [], ...said });
  for (const changed of [
    step.choices("faults", "late", "dear"),
    { ...faults, when: [{ bucket: ["detractor"] }] },
  ]) {
    const { length } = await formerSteps();
    await askSteps([changed]);
    expect(await formerSteps()).toHaveLength(length + 1);
  }
});
