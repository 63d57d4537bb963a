import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { Touchpoint } from "../../shared/contract/touchpoints.ts";
import { forgetAsked } from "../../worker/routes/asked.ts";
import { forgetPublicScores } from "../../worker/scores/public.ts";
import { drift } from "../recount.ts";
import { expectProblem } from "./problems.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "./workspace.ts";

/** What somebody can do who knows what every page shows: the publishable key and the ids of surveys. */
let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
  forgetPublicScores();
});

const dayMs = 86_400_000;
const answer = (fields: object, key = workspace.publishable) =>
  requestUnlimited("/v1/responses", { key, json: { id: crypto.randomUUID(), rating: 5, ...fields } });
const patch = (path: string, json: object) =>
  requestUnlimited(path, { method: "PATCH", key: workspace.write, json });
const score = () => requestUnlimited("/v1/touchpoints/relationship/score", { key: workspace.read });
const rows = async () =>
  (await env.DB.prepare("SELECT * FROM responses ORDER BY id").all<Record<string, unknown>>()).results;

/** Shows the score of the NPS to anyone, with three responses to it. */
async function publicScore(): Promise<() => Promise<string>> {
  const changed = await patch("/v1/touchpoints/relationship", {
    public_score: { period: "30d", threshold: 3 },
  });
  const { id } = Touchpoint.parse(await changed.json());
  for (const rating of [10, 10, 10]) await answer({ touchpoint: "relationship", rating });
  return async () => {
    forgetPublicScores();
    return (await requestUnlimited(`/v1/public/${id}/badge.svg`)).text();
  };
}

test("a page answers what its touchpoint asks and nothing else, so that no stranger takes its score or badge away", async () => {
  const badge = await publicScore();
  const before = await badge();
  const { csat } = workspace.surveys;
  const foreign = { touchpoint: "relationship", survey: csat };
  await expectProblem(await answer(foreign), "invalid-input", ["/survey"]);
  const seen = await requestUnlimited("/v1/impressions", { key: workspace.publishable, json: foreign });
  await expectProblem(seen, "invalid-input", ["/survey"]);
  expect(await (await score()).json()).toMatchObject({ kind: "nps", n: 3, score: 100 });
  expect(await badge()).toBe(before);
  expect(before).toContain("100");
});

test("an owner brings what the owner will, and by excluding or erasing it has score and badge back", async () => {
  const badge = await publicScore();
  const before = await badge();
  const { csat } = workspace.surveys;
  for (const undo of ["exclude", "erase"]) {
    const id = crypto.randomUUID();
    const foreign = { id, touchpoint: "relationship", survey: csat };
    expect((await answer(foreign, workspace.write)).status).toBe(201);
    await expectProblem(await score(), "surveys-disagree");
    expect(await badge()).not.toBe(before);
    const path = `/v1/responses/${id}`;
    if (undo === "exclude") await patch(path, { excluded: "test" });
    else await requestUnlimited(path, { method: "DELETE", key: workspace.write });
    const { kind, n, score: value, surveys } = Object(await (await score()).json());
    expect([undo, kind, n, value, surveys]).toEqual([undo, "nps", 3, 100, [workspace.surveys.nps]]);
    expect(await badge()).toBe(before);
  }
  expect(await (await score()).json()).toMatchObject({
    ledger: { received: 5, counted: 3, excluded: { test: 1, erased: 1 } },
  });
  expect(await drift(env.DB)).toEqual([]);
});

test("where nothing is counted, what was left out of two kinds makes no score and no error", async () => {
  const { csat, nps } = workspace.surveys;
  for (const survey of [csat, nps]) {
    const id = crypto.randomUUID();
    await answer({ id, touchpoint: "relationship", survey }, workspace.write);
    await patch(`/v1/responses/${id}`, { excluded: "test" });
  }
  expect(await (await score()).json()).toMatchObject({
    ...{ kind: null, score: null, n: 0, surveys: [] },
    ledger: { received: 2, counted: 0, excluded: { test: 2 } },
  });
});

test("what a touchpoint asked before is answered for fourteen days more, and counts in the time before", async () => {
  const { csat, nps } = workspace.surveys;
  const change = async (survey: string | null) =>
    expect((await patch("/v1/touchpoints/checkout", { survey })).status).toBe(200);
  const late = { touchpoint: "checkout", survey: csat };
  await answer(late);
  await change(nps);
  expect((await answer(late)).status).toBe(201);
  expect((await answer({ ...late, survey: nps })).status).toBe(201);
  const moved = async (ms: number) => {
    await env.DB.prepare("UPDATE former_surveys SET asked_until = asked_until - ?").bind(ms).run();
    forgetAsked();
  };
  await moved(13 * dayMs);
  const id = crypto.randomUUID();
  expect((await answer({ ...late, id })).status).toBe(201);
  const found = (await rows()).find((row) => row.id === id);
  expect(Number(found?.answered_at)).toBeLessThanOrEqual(Date.now() - 13 * dayMs);
  await moved(2 * dayMs);
  await expectProblem(await answer(late), "invalid-input", ["/survey"]);
  expect((await answer(late, workspace.write)).status).toBe(201);
  // Asked there again it is answered again, and what was asked meanwhile for its fourteen days.
  await change(csat);
  expect((await answer(late)).status).toBe(201);
  expect((await answer({ ...late, survey: nps })).status).toBe(201);
  await change(null);
  expect((await answer(late)).status).toBe(201);
});

const at = (time: number) => new Date(time).toISOString();
const ask = async (touchpoint: string, survey: string | null) =>
  expect((await patch(`/v1/touchpoints/${touchpoint}`, { survey })).status).toBe(200);
const see = (touchpoint: string, survey: string) =>
  requestUnlimited("/v1/impressions", { key: workspace.publishable, json: { touchpoint, survey } });
/** The score of some days ago, up to others. */
const scoreOf = async (touchpoint: string, from: number, to: number) => {
  const path = `/v1/touchpoints/${touchpoint}/score?from=${at(Date.now() - from * dayMs)}&to=${at(Date.now() - to * dayMs)}`;
  return Object(await (await requestUnlimited(path, { key: workspace.read })).json());
};
/** As if all that was asked and seen had been so many days before. */
async function earlier(days: number): Promise<void> {
  for (const sql of [
    `UPDATE touchpoints SET asked_since = asked_since - ${days * dayMs}`,
    `UPDATE former_surveys SET asked_since = asked_since - ${days * dayMs}, asked_until = asked_until - ${days * dayMs}`,
    `UPDATE impression_counts SET day = day - ${days}`,
  ])
    await env.DB.exec(sql);
  forgetAsked();
}
const timeOf = async (id: string) => Number((await rows()).find((row) => row.id === id)?.answered_at);

test("a page's answer to a survey counts in no time before that was asked, so that the score of days before stays", async () => {
  const { csat, nps } = workspace.surveys;
  const eightDaysAgo = at(Date.now() - 8 * dayMs);
  for (const rating of [5, 5, 4]) await answer({ touchpoint: "checkout", rating, answered_at: eightDaysAgo });
  const changed = Math.floor(Date.now() / 1000) * 1000;
  await ask("checkout", nps);
  const id = crypto.randomUUID();
  const late = { id, touchpoint: "checkout", answered_at: eightDaysAgo };
  expect((await answer(late)).status).toBe(201);
  expect(await timeOf(id)).toBeGreaterThanOrEqual(changed);
  expect(await scoreOf("checkout", 9, 7)).toMatchObject({ kind: "csat", n: 3 });
  // Where another survey's history was brought, and by whoever may bring it.
  await requestUnlimited("/v1/touchpoints", { key: workspace.write, json: { name: "new", survey: nps } });
  const imported = { touchpoint: "new", survey: csat, answered_at: eightDaysAgo };
  await answer(imported, workspace.write);
  await answer({ touchpoint: "new", answered_at: eightDaysAgo });
  expect(await scoreOf("new", 9, 7)).toMatchObject({ kind: "csat", n: 1 });
  expect(await drift(env.DB)).toEqual([]);
});

test("an answer to what was asked for a while counts in that while", async () => {
  const { csat, nps } = workspace.surveys;
  await see("relationship", nps);
  await ask("relationship", csat);
  await see("relationship", csat);
  await earlier(2);
  await ask("relationship", nps);
  await earlier(3);
  const answeredOn = async (survey: string, daysAgo: number) => {
    const id = crypto.randomUUID();
    const answered_at = at(Date.now() - daysAgo * dayMs);
    expect((await answer({ id, touchpoint: "relationship", survey, answered_at })).status).toBe(201);
    return Math.round((10 * (Date.now() - (await timeOf(id)))) / dayMs) / 10;
  };
  // The NPS until five days ago, the CSAT until three days ago, and the NPS again.
  for (const [survey, given, counted] of [
    [csat, 9, 5],
    [csat, 4, 4],
    [csat, 1, 3],
    [nps, 9, 3],
    [nps, 4, 3],
    [nps, 1, 1],
  ] as const)
    expect([given, await answeredOn(survey, given)]).toEqual([given, counted]);
  expect(await scoreOf("relationship", 13, 5.1)).toMatchObject({ n: 0 });
  expect(await scoreOf("relationship", 4.9, 3.1)).toMatchObject({ kind: "csat", n: 1 });
  expect(await scoreOf("relationship", 2.9, 0)).toMatchObject({ kind: "nps", n: 1 });
  // Whoever may write says when it was.
  const id = crypto.randomUUID();
  const answered_at = at(Date.now() - 9 * dayMs);
  await answer({ id, touchpoint: "relationship", survey: csat, answered_at }, workspace.write);
  expect(at(await timeOf(id))).toBe(answered_at);
});

test("a survey that stood at a touchpoint unseen is not answered there, so that no stranger takes score or badge away", async () => {
  const badge = await publicScore();
  const before = await badge();
  const { csat, nps } = workspace.surveys;
  await ask("relationship", csat);
  await ask("relationship", nps);
  const foreign = { touchpoint: "relationship", survey: csat };
  await expectProblem(
    await answer({ ...foreign, answered_at: at(Date.now() - 3 * dayMs) }),
    "invalid-input",
    ["/survey"],
  );
  await expectProblem(await see("relationship", csat), "invalid-input", ["/survey"]);
  expect(await (await score()).json()).toMatchObject({ kind: "nps", n: 3, score: 100 });
  expect(await badge()).toBe(before);
  // Seen long ago and unseen this time, it is answered as it was before.
  await see("checkout", csat);
  await ask("checkout", nps);
  const { asked_until } = (await formerSurveys())[1] ?? {};
  await earlier(3);
  await ask("checkout", csat);
  await ask("checkout", null);
  expect((await formerSurveys())[1]).toMatchObject({ asked_until: Number(asked_until) - 3 * dayMs });
});

test("what was archived is answered and seen by pages for fourteen days more, and counts in the time before", async () => {
  const { csat, nps } = workspace.surveys;
  const ended = { checkout: csat, relationship: nps };
  await requestUnlimited("/v1/touchpoints/checkout", { method: "DELETE", key: workspace.write });
  await requestUnlimited(`/v1/surveys/${nps}`, { method: "DELETE", key: workspace.write });
  const archivedBefore = async (days: number) => {
    for (const table of ["touchpoints", "surveys"])
      await env.DB.exec(
        `UPDATE ${table} SET archived_at = ${Date.now() - days * dayMs} WHERE archived_at > 0`,
      );
    forgetAsked();
  };
  for (const [touchpoint, survey] of Object.entries(ended)) {
    const late = { touchpoint, survey };
    await archivedBefore(13);
    const id = crypto.randomUUID();
    expect((await answer({ ...late, id })).status).toBe(201);
    expect(await timeOf(id)).toBeLessThanOrEqual(Date.now() - 13 * dayMs);
    expect((await see(touchpoint, survey)).status).toBe(204);
    await archivedBefore(15);
    const before = await scoreOf(touchpoint, 40, 0);
    await expectProblem(await answer(late), "invalid-input", ["/survey"]);
    await expectProblem(await see(touchpoint, survey), "invalid-input", ["/survey"]);
    expect(await scoreOf(touchpoint, 40, 0)).toMatchObject({ n: before.n, ledger: before.ledger });
    expect((await answer(late, workspace.write)).status).toBe(201);
  }
});

const formerSurveys = async () =>
  (
    await env.DB.prepare("SELECT * FROM former_surveys ORDER BY touchpoint_ref, survey_ref").all<
      Record<string, number>
    >()
  ).results;

test("of surveys that take each other's place at once, again and again, none is asked before the one before has ended", async () => {
  const { csat, nps, ces } = workspace.surveys;
  const surveys = [csat, nps, null, ces, nps, nps, csat, ces];
  for (const survey of [csat, nps, ces]) await answer({ touchpoint: "checkout", survey }, workspace.write);
  await Promise.all(surveys.map((survey) => ask("checkout", survey)));
  const { results } = await env.DB.prepare(
    `SELECT asked_until < touchpoints.asked_since AS ended, former_surveys.asked_since <= asked_until + 1 AS began
     FROM former_surveys JOIN touchpoints ON ref = touchpoint_ref`,
  ).all();
  expect(results.length).toBeGreaterThanOrEqual(2);
  for (const row of results) expect(row).toEqual({ ended: 1, began: 1 });
  // The same once more changes nothing.
  await ask("checkout", nps);
  await earlier(1);
  const asked = () => env.DB.prepare("SELECT survey_ref, asked_since FROM touchpoints ORDER BY ref").all();
  const before = await asked();
  await ask("checkout", nps);
  expect((await asked()).results).toEqual(before.results);
});

test("a page changes no answer that was imported, or that a server saved, and takes the place of none", async () => {
  const json = (channel: string, row: object) => ({ channel, responses: [row] });
  for (const channel of ["import", "api"]) {
    const row = {
      id: crypto.randomUUID(),
      touchpoint: "checkout",
      rating: 5,
      comment: "mine",
      respondent: "ann",
    };
    const batch = { key: workspace.write, json: json(channel, row) };
    await requestUnlimited("/v1/responses/batch", batch);
    const before = await rows();
    for (const fields of [{ rating: 1, comment: "theirs", revision: 9 }, { properties: { plan: "pro" } }, {}])
      await expectProblem(await answer({ id: row.id, touchpoint: "checkout", ...fields }), "conflict", [
        "/id",
      ]);
    expect(await rows()).toEqual(before);
    // Whoever may write may change what a page gave.
    const id = crypto.randomUUID();
    await answer({ id, touchpoint: "checkout" });
    const changed = { key: workspace.write, json: json(channel, { ...row, id, revision: 1, rating: 2 }) };
    expect(await (await requestUnlimited("/v1/responses/batch", changed)).json()).toEqual({
      results: [{ id, status: "updated" }],
    });
  }
  expect(await drift(env.DB)).toEqual([]);
});

test("an import keeps an earlier id that only an import has, so that nobody takes its place", async () => {
  const [earlier, taken, id, other] = Array.from({ length: 4 }, () => crypto.randomUUID());
  const save = async (fields: object) => {
    const row = { touchpoint: "checkout", rating: 5, ...fields };
    const batch = { channel: "import", responses: [row] };
    return (await requestUnlimited("/v1/responses/batch", { key: workspace.write, json: batch })).json();
  };
  await save({ id: earlier });
  await answer({ id: taken, touchpoint: "checkout", rating: 1 });
  expect(await save({ id, earlier_id: earlier })).toEqual({
    results: [{ id, stored_id: earlier, status: "unchanged" }],
  });
  expect(await save({ id: other, earlier_id: taken })).toEqual({
    results: [{ id: other, status: "created" }],
  });
  expect((await rows()).map((row) => [row.id, row.channel, row.rating])).toEqual(
    [
      [earlier, "import", 5],
      [taken, "widget", 1],
      [other, "import", 5],
    ].sort(),
  );
});

/** An id as a device makes it whose clock is so far ahead. */
const idAhead = (ms: number) => {
  const hex = (Date.now() + ms).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8def-${crypto.randomUUID().slice(-12)}`;
};

test("an id of a day to come is kept without its time, and its retries and changes are the same response", async () => {
  const id = idAhead(365 * dayMs);
  const storedId = id.replace("-7abc-", "-8abc-");
  const sent = { id, touchpoint: "checkout" };
  const told = { id, stored_id: storedId };
  const answered = async (fields: object = {}) => (await answer({ ...sent, ...fields })).json();
  expect(await answered()).toEqual({ ...told, status: "created" });
  expect(await answered()).toEqual({ ...told, status: "unchanged" });
  expect(await answered({ rating: 2, revision: 1 })).toEqual({ ...told, status: "updated" });
  expect(await rows()).toMatchObject([{ id: storedId, rating: 2 }]);
  const soon = idAhead(dayMs / 2);
  expect(await (await answer({ id: soon, touchpoint: "checkout" })).json()).toEqual({
    id: soon,
    status: "created",
  });
  // Whoever may write says what ids are.
  const owned = idAhead(365 * dayMs);
  const own = await answer({ id: owned, touchpoint: "checkout" }, workspace.write);
  expect(await own.json()).toEqual({ id: owned, status: "created" });
  expect(await drift(env.DB)).toEqual([]);
});

test("sent again when its day has come, such an answer is still the same response", async () => {
  const id = idAhead(dayMs / 2);
  const storedId = id.replace("-7abc-", "-8abc-");
  const sent = { id, touchpoint: "checkout" };
  // As it was kept while that time was more than a day away.
  await answer({ ...sent, id: storedId });
  expect(await (await answer(sent)).json()).toEqual({ id, stored_id: storedId, status: "unchanged" });
  const changed = await answer({ ...sent, rating: 1, revision: 1 });
  expect(await changed.json()).toEqual({ id, stored_id: storedId, status: "updated" });
  expect(await rows()).toMatchObject([{ id: storedId, rating: 1 }]);
});
