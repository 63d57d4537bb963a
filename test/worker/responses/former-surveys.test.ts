import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { dayMs } from "../../../shared/time/durations.ts";
import { Cache } from "../../../worker/cache.ts";
import { Database } from "../../../worker/db/database.ts";
import { findSurvey } from "../../../worker/surveys/db/surveys.ts";
import { updateTouchpoint } from "../../../worker/surveys/db/touchpoints.ts";
import { drift } from "../../recount.ts";
import { expectProblem } from "../problems.ts";
import { recordedDatabase } from "../watched.ts";
import { requestUnlimited } from "../workspace.ts";
import { answer, earlier, patch, publicScore, rows, score, setUp, workspace } from "./strangers-fixture.ts";

setUp();

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
    Cache.forget("offered");
  };
  await moved(13 * dayMs);
  const id = crypto.randomUUID();
  expect((await answer({ ...late, id })).status).toBe(201);
  const found = (await rows()).find((row) => row.id === id);
  expect(Number(found?.answered_at)).toBeLessThanOrEqual(Date.now() - 13 * dayMs);
  await moved(2 * dayMs);
  await expectProblem(await answer(late), "invalid-input", ["/survey"]);
  expect((await answer(late, workspace.write)).status).toBe(201);
  // The touchpoint asks it again, so it can be answered again. The survey asked meanwhile keeps its fourteen days.
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

/** The score between two numbers of days ago. */
const scoreOf = async (touchpoint: string, from: number, to: number) => {
  const path = `/v1/touchpoints/${touchpoint}/score?from=${at(Date.now() - from * dayMs)}&to=${at(Date.now() - to * dayMs)}`;
  return Object(await (await requestUnlimited(path, { key: workspace.read })).json());
};

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
  // An import with a write key may bring another survey's history to the touchpoint.
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
  // The NPS was asked until five days ago, the CSAT until three days ago, and then the NPS again.
  for (const [survey, given, counted] of [
    [csat, 9, 5],
    [csat, 4, 4],
    [csat, 1, 3],
    [nps, 9, 9],
    [nps, 4, 3],
    [nps, 1, 1],
  ] as const)
    expect([given, await answeredOn(survey, given)]).toEqual([given, counted]);
  expect(await scoreOf("relationship", 13, 5.1)).toMatchObject({ kind: "nps", n: 1 });
  expect(await scoreOf("relationship", 4.9, 3.1)).toMatchObject({ kind: "csat", n: 1 });
  expect(await scoreOf("relationship", 2.9, 0)).toMatchObject({ kind: "nps", n: 1 });
  // A write key may set the time.
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
  // It was seen long ago but not this time, so its former period stays as it was.
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
    Cache.forget("offered");
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

/** Those that were seen. */
const formerSurveys = async () =>
  (
    await env.DB.prepare(
      "SELECT * FROM former_surveys WHERE asked_until > 0 ORDER BY touchpoint_ref, survey_ref",
    ).all<Record<string, number>>()
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
  // Setting the same survey again changes nothing.
  await ask("checkout", nps);
  await earlier(1);
  const asked = () => env.DB.prepare("SELECT survey_ref, asked_since FROM touchpoints ORDER BY ref").all();
  const before = await asked();
  await ask("checkout", nps);
  expect((await asked()).results).toEqual(before.results);
});

test("a page's answer counts in the time in which its survey was asked also where an isolate has not heard yet that it changed", async () => {
  const { csat, nps } = workspace.surveys;
  const page = { touchpoint: "relationship" };
  // As in an isolate that has just asked, while the change is made in another.
  const elsewhere = async (survey: string) => {
    await see("relationship", nps);
    const kept = new Database(env.DB);
    const { ref } = (await findSurvey(kept, 1, survey)) ?? {};
    await updateTouchpoint(kept, 1, "relationship", { surveyRef: ref ?? null });
  };
  const id = crypto.randomUUID();
  await elsewhere(csat);
  const [changed] = await formerSurveys();
  expect((await answer({ ...page, survey: nps, id, rating: 9 })).status).toBe(201);
  expect(await timeOf(id)).toBe(changed?.asked_until);
  Cache.forget("offered");
  await answer({ ...page, survey: csat, rating: 5 });
  const since = at(Number(changed?.asked_until) + 1);
  const path = `/v1/touchpoints/relationship/score?from=${since}`;
  const found = await requestUnlimited(path, { key: workspace.read });
  expect(await found.json()).toMatchObject({ kind: "csat", n: 1 });
});

test("what nobody was asked is refused also where an isolate still takes it for asked, and none of its repeats is called saved", async () => {
  const { csat, nps } = workspace.surveys;
  await ask("checkout", nps);
  // Asked of nobody: this isolate alone remembers that it stood there.
  await requestUnlimited("/v1/ask?touchpoint=checkout", { key: workspace.publishable });
  const db = new Database(env.DB);
  const { ref } = (await findSurvey(db, 1, csat)) ?? {};
  await updateTouchpoint(db, 1, "checkout", { surveyRef: ref ?? null });
  const id = crypto.randomUUID();
  const before = (await rows()).length;
  const sent = [0, 1, 2].map((revision) =>
    answer({ touchpoint: "checkout", survey: nps, id, rating: 9, revision }),
  );
  for (const refused of await Promise.all(sent)) await expectProblem(refused, "invalid-input", ["/survey"]);
  expect((await rows()).length).toBe(before);
  expect(await drift(env.DB)).toEqual([]);
});

test("an isolate that has refused a survey or a touchpoint looks anew before it refuses it again", async () => {
  const { csat, nps } = workspace.surveys;
  const json = { name: "made-elsewhere", survey: csat };
  await requestUnlimited("/v1/touchpoints", { key: workspace.write, json });
  const other = { touchpoint: "checkout", survey: nps, rating: 9 };
  const unknown = { touchpoint: "later", survey: csat };
  const nothing = { touchpoint: "later" };
  for (const fields of [other, unknown])
    await expectProblem(await answer(fields), "invalid-input", ["/survey"]);
  for (const key of [workspace.publishable, workspace.write])
    await expectProblem(await answer(nothing, key), "invalid-input", ["/touchpoint"]);
  // The changes are made in another isolate.
  const db = new Database(env.DB);
  const { ref } = (await findSurvey(db, 1, nps)) ?? {};
  await updateTouchpoint(db, 1, "checkout", { surveyRef: ref ?? null });
  await env.DB.exec("UPDATE touchpoints SET name = 'later' WHERE name = 'made-elsewhere'");
  for (const fields of [other, unknown, nothing]) expect((await answer(fields)).status).toBe(201);
  expect((await answer(nothing, workspace.write)).status).toBe(201);
  expect((await see("checkout", nps)).status).toBe(204);
});

test("each refusal costs one look into the database, as that of a name never heard does", async () => {
  const { nps } = workspace.surveys;
  for (const touchpoint of ["checkout", "nowhere", "nowhere"]) {
    const { d1, batches } = recordedDatabase(env.DB);
    const json = { id: crypto.randomUUID(), touchpoint, survey: nps, rating: 9 };
    const refused = await requestUnlimited("/v1/responses", { key: workspace.publishable, json }, d1);
    await expectProblem(refused, "invalid-input", ["/survey"]);
    expect(batches.flat().filter(({ sql }) => sql.includes("former_surveys"))).toHaveLength(1);
  }
});
