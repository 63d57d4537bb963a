import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import * as z from "zod";
import { BatchResult, Response as ResponseShape, SavedResponse } from "../../../shared/contract/responses.ts";
import { dayMs, hourMs, minuteMs } from "../../../shared/time/durations.ts";
import { drift } from "../../recount.ts";
import { expectProblem } from "../problems.ts";
import { newWorkspace, request } from "../workspace.ts";
import { askSteps, read, save, saved, setUp, step, storedRows, workspace } from "./responses-fixture.ts";

setUp();

test("a saved response is read back as it was given", async () => {
  const steps = [step.choice("why", "price", "speed"), step.choices("more", "a", "b"), step.rating("again")];
  await askSteps([...steps, step.comment]);
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
    survey_version: 2,
    rating: 9,
    comment: "schön 🙂",
    answers: { why: "price", more: ["a", "b"], again: 4 },
    channel: "widget",
    locale: "de-AT",
    respondent: null,
    claimed_respondent: null,
    properties: { plan: "pro", seats: 3, trial: false, constructor: "mine" },
    excluded: null,
    excluded_at: null,
    excluded_by: null,
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
    excluded: "test",
    excluded_at: "2020-01-01T00:00:00Z",
    excluded_by: "key_other",
    exclusion: "test",
    counted: false,
    received_at: "2020-01-01T00:00:00Z",
    updated_at: "2020-01-01T00:00:00Z",
    workspace: "wsp_other",
    workspace_ref: 1,
    respondent: "victim",
    surprise: { nested: [1] },
    __proto__: { rating: 1 },
  });
  expect(response).toMatchObject({
    excluded: null,
    excluded_at: null,
    excluded_by: null,
    respondent: null,
    rating: 9,
    updated_at: null,
  });
  expect(Date.parse(response.received_at)).toBeGreaterThan(Date.parse("2026-01-01T00:00:00Z"));
});

test("a visitor's time of answering is kept within the last 14 days and never lies in the future", async () => {
  const now = Date.now();
  const at = async (ms: number, key?: string) =>
    Date.parse((await saved({ answered_at: new Date(ms).toISOString() }, key)).answered_at);
  expect(await at(now - 3 * dayMs)).toBe(now - 3 * dayMs);
  for (const tooLate of [now + minuteMs, now + 400 * dayMs]) {
    const answeredAt = await at(tooLate);
    expect(answeredAt).toBeGreaterThanOrEqual(now);
    expect(answeredAt).toBeLessThanOrEqual(Date.now());
  }
  const answeredAt = await at(now - 15 * dayMs);
  expect(answeredAt).toBeGreaterThanOrEqual(now - 14 * dayMs);
  expect(answeredAt).toBeLessThanOrEqual(Date.now() - 14 * dayMs);
});

test("a time that a server tells is kept, however long ago, alone as in a batch", async () => {
  for (const answered_at of ["1970-01-01T00:00:00.000Z", new Date(Date.now() - 183 * dayMs).toISOString()]) {
    const id = crypto.randomUUID();
    const answer = await save({ id, answered_at }, workspace.write);
    expect([answer.status, await answer.json()]).toEqual([201, { id, status: "created" }]);
    const row = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9, answered_at };
    await request("/v1/responses/batch", { key: workspace.write, json: { responses: [row] } });
    for (const one of [id, row.id]) expect((await read(one)).answered_at).toBe(answered_at);
  }
  expect(await drift(env.DB)).toEqual([]);
});

test("a server's time ahead that is moved to another day is named, alone as in a batch", async () => {
  const send = async (answered_at: Date) => {
    const row = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9, answered_at };
    const alone = await save(row, workspace.write);
    const batch = await request("/v1/responses/batch", {
      key: workspace.write,
      json: { responses: [{ ...row, id: crypto.randomUUID() }] },
    });
    const { results } = BatchResult.parse(await batch.json());
    return [SavedResponse.parse(await alone.json()), ...results];
  };
  const midnight = Math.ceil(Date.now() / dayMs) * dayMs;
  const moved = { status: "created", ignored: [{ pointer: "/answered_at" }] };
  expect(await send(new Date(midnight))).toMatchObject([moved, moved]);
  for (const answer of await send(new Date(Math.min(midnight - 1, Date.now() + 60_000))))
    expect(answer).not.toHaveProperty("ignored");
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
  // From a clock that is years ahead, as its sent_at shows.
  const clock = { answered_at: "2062-01-01T00:00:00Z", sent_at: "2062-01-01T00:00:00Z" };
  expect(Date.parse((await saved(clock, workspace.write)).answered_at)).toBeLessThanOrEqual(Date.now());
});

test("an instant with an offset is the same instant in UTC", async () => {
  const at = new Date(Date.now() - dayMs);
  const local = new Date(at.getTime() + 5.5 * hourMs).toISOString().replace("Z", "+05:30");
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

test("erasing a response forgets what was answered to its steps", async () => {
  await askSteps([step.text("why")]);
  const { id } = await saved({ answers: { why: "price" } });
  expect((await read(id)).answers).toEqual({ why: "price" });
  await request(`/v1/responses/${id}`, { key: workspace.write, method: "DELETE" });
  expect(await storedRows()).toMatchObject([{ id, answers: null, exclusion: "erased" }]);
});

test("a batch takes answers too", async () => {
  await askSteps([step.choices("why", "a", "b")]);
  const id = crypto.randomUUID();
  const row = { id, touchpoint: "relationship", rating: 9, answers: { why: ["a"] } };
  await request("/v1/responses/batch", { key: workspace.write, json: { responses: [row] } });
  expect((await read(id)).answers).toEqual({ why: ["a"] });
});
