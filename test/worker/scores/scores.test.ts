import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { Scores, TouchpointScore } from "../../../shared/contract/scores.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import { removeResponses } from "../../../worker/responses/db/responses.ts";
import { expectProblem } from "../problems.ts";
import { newWorkspace, request, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const day = "2026-10-01T";
const october = "from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z";

async function answer(touchpoint: string, ratings: number[], fields: object = {}) {
  const responses = ratings.map((rating) => ({
    id: crypto.randomUUID(),
    touchpoint,
    rating,
    answered_at: `${day}12:00:00Z`,
    ...fields,
  }));
  const sent = await request("/v1/responses/batch", { key: workspace.write, json: { responses } });
  const { results } = z
    .object({ results: z.array(z.object({ status: z.string() })) })
    .parse(await sent.json());
  expect(results.every(({ status }) => status === "created")).toBe(true);
  return responses;
}

const get = (path: string) => request(path, { key: workspace.read });
async function score(touchpoint: string, query = october) {
  const sent = await get(`/v1/touchpoints/${touchpoint}/score?${query}`);
  return z.strictObject(TouchpointScore.shape).parse(await sent.json());
}
async function scores(query: string) {
  const sent = await get(`/v1/scores?${october}&${query}`);
  const { data } = Scores.parse(await sent.json());
  return data;
}

test("an NPS is the share of promoters minus the share of detractors", async () => {
  await answer("relationship", [10, 9, 9, 8, 7, 6, 0]);
  expect(await score("relationship")).toMatchObject({
    touchpoint: "relationship",
    kind: "nps",
    unit: "points",
    n: 7,
    small_sample: true,
    score: expect.closeTo((100 * (3 - 2)) / 7, 9),
    surveys: [workspace.surveys.nps],
    period: { from: "2026-10-01T00:00:00.000Z", to: "2026-11-01T00:00:00.000Z" },
    scale: { min: 0, max: 10 },
    buckets: [
      { name: "detractor", from: 0, to: 6, count: 2 },
      { name: "passive", from: 7, to: 8, count: 2 },
      { name: "promoter", from: 9, to: 10, count: 3 },
    ],
    ledger: { received: 7, counted: 7, excluded: {} },
  });
});

test("a CSAT is the share of the two best ratings, and a CES the mean", async () => {
  await answer("checkout", [5, 4, 3, 1]);
  await answer("ticket-closed", [7, 6, 2]);
  expect(await score("checkout")).toMatchObject({ kind: "csat", unit: "percent", score: 50 });
  expect(await score("ticket-closed")).toMatchObject({ kind: "ces", unit: "rating", score: 5 });
});

test("without responses there is no score, and nothing is made up", async () => {
  expect(await score("checkout")).toEqual({
    touchpoint: "checkout",
    kind: null,
    scale: null,
    surveys: [],
    unit: null,
    score: null,
    n: 0,
    interval: null,
    small_sample: true,
    mean: null,
    percentage: null,
    distribution: [],
    buckets: [],
    mixed_scales: false,
    response_rate: null,
    answers_needed: null,
    last_answered_at: null,
    source: "counts",
    time_zone: "UTC",
    ledger: { received: 0, counted: 0, excluded: {} },
    period: { from: "2026-10-01T00:00:00.000Z", to: "2026-11-01T00:00:00.000Z" },
  });
});

test("where every response is excluded the score is null and the ledger still adds up", async () => {
  for (const { id } of await answer("checkout", [5, 4])) {
    const json = { excluded: "test" };
    await request(`/v1/responses/${id}`, { method: "PATCH", key: workspace.write, json });
  }
  expect(await score("checkout")).toMatchObject({
    kind: "csat",
    score: null,
    n: 0,
    interval: null,
    ledger: { received: 2, counted: 0, excluded: { test: 2 } },
  });
});

test("the period is half-open, to the millisecond", async () => {
  const at = (time: string) => answer("checkout", [5], { answered_at: `${day}${time}Z` });
  for (const time of ["11:59:59.999", "12:00:00.000", "12:00:00.001", "12:14:59.999", "12:15:00.000"])
    await at(time);
  const n = async (from: string, to: string) =>
    (await score("checkout", `from=${day}${from}Z&to=${day}${to}Z`)).n;
  expect(await n("12:00:00", "12:15:00")).toBe(3);
  expect(await n("12:00:00.001", "12:15:00.001")).toBe(3);
  expect(await n("12:00:00", "12:00:00.001")).toBe(1);
  expect(await n("11:59:59.999", "12:00:00")).toBe(1);
  expect(await n("00:00:00", "23:59:59.999")).toBe(5);
});

test("without a period the last 30 days count, today among them", async () => {
  const midnight = Math.floor(Date.now() / dayMs) * dayMs;
  const ago = (days: number) => new Date(midnight - days * dayMs).toISOString();
  await answer("checkout", [5], { answered_at: ago(1) });
  await answer("checkout", [5], { answered_at: ago(29) });
  await answer("checkout", [5], { answered_at: ago(29.01) });
  expect((await score("checkout", "")).n).toBe(2);
  expect((await score("checkout", `to=${encodeURIComponent(ago(10))}`)).n).toBe(2);
});

test("the channel chooses whose responses count", async () => {
  await answer("checkout", [5, 5]);
  const json = { id: crypto.randomUUID(), touchpoint: "checkout", rating: 1 };
  await request("/v1/responses", { key: workspace.publishable, json });
  const n = async (query: string) =>
    (await score("checkout", `from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z&${query}`)).n;
  expect([await n(""), await n("channel=api"), await n("channel=widget"), await n("channel=link")]).toEqual([
    3, 2, 1, 0,
  ]);
});

test("surveys that differ in kind or scale have no common score, and the problem names two of them", async () => {
  const { nps, csat } = workspace.surveys;
  await answer("checkout", [5]);
  await answer("checkout", [9], { survey: nps });
  for (const path of [`/v1/touchpoints/checkout/score?${october}`, `/v1/scores?${october}`]) {
    const { detail } = await expectProblem(await get(path), "surveys-disagree");
    expect(detail).toContain(`${nps} (nps 0-10)`);
    expect(detail).toContain(`${csat} (csat 1-5)`);
  }
  await expectProblem(await get(`/v1/scores?${october}&group_by=touchpoint`), "surveys-disagree");
  expect(await score("checkout", `${october}&survey=${nps}`)).toMatchObject({ kind: "nps", n: 1 });
  expect(await score("checkout", `${october}&kind=csat,ces`)).toMatchObject({ kind: "csat", n: 1 });
  expect((await scores("group_by=survey")).map(({ group, n }) => [group.survey, n])).toEqual(
    expect.arrayContaining([
      [nps, 1],
      [csat, 1],
    ]),
  );
});

test("a survey whose last response has left the period does not stand in the way of a score", async () => {
  const [moved] = await answer("checkout", [9], { survey: workspace.surveys.nps });
  await answer("checkout", [5]);
  await removeResponses(workspace.db, workspace.ref, [moved?.id ?? ""]);
  expect(await score("checkout")).toMatchObject({ kind: "csat", n: 1, surveys: [workspace.surveys.csat] });
});

test("surveys of one kind and scale are added up", async () => {
  const json = { name: "second", kind: "csat", subject: "us" };
  const created = await request("/v1/surveys", { key: workspace.write, json });
  const { id } = z.object({ id: z.string() }).parse(await created.json());
  await answer("checkout", [5]);
  await answer("checkout", [1], { survey: id });
  expect(await score("checkout")).toMatchObject({
    n: 2,
    score: 50,
    surveys: [workspace.surveys.csat, id],
  });
});

test("the scores can be grouped by touchpoint, by channel, or not at all", async () => {
  await answer("checkout", [5, 1]);
  await answer("relationship", [5], { survey: workspace.surveys.csat });
  const groups = async (by: string) =>
    (await scores(by)).map(({ group, n, ledger }) => [Object.values(group)[0], n, ledger.received]);
  expect(await groups("group_by=touchpoint")).toEqual([
    ["checkout", 2, 2],
    ["relationship", 1, 1],
  ]);
  expect(await groups("group_by=channel")).toEqual([["api", 3, 3]]);
  expect(await groups("")).toEqual([[undefined, 3, 3]]);
  expect(await scores("group_by=channel&channel=widget")).toEqual([]);
  expect(await scores("channel=widget")).toMatchObject([{ group: {}, n: 0, score: null }]);
});

const refusals: [string, string[]][] = [
  ["form=2026-10-01T00:00:00Z", ["?form"]],
  ["from=2026-02-30", ["?from"]],
  ["from=2026-10-01T25:00:00Z", ["?from"]],
  ["period=30d&from=2026-10-01", ["?period"]],
  ["period=fortnight", ["?period"]],
  ["interval=minute", ["?interval"]],
  ["interval=hour&from=2026-01-01&to=2026-03-01", ["?interval"]],
  ["rolling=7d", ["?rolling"]],
  ["series=headline", ["?series"]],
  ["series=full", ["?series"]],
  ["series=short&interval=day", ["?series"]],
  ["rolling=7d&interval=hour&period=7d", ["?rolling"]],
  ["compare=yesterday", ["?compare"]],
  ["compare=previous&period=all", ["?compare"]],
  ["property[a'b]=1", ["?property[a'b]"]],
  ["property=pro", ["?property"]],
  [`property[plan]=${encodeURIComponent('"a,b')}`, ["?property[plan]"]],
  ["property[plan]=a%0Ab", ["?property[plan]"]],
  ["group_by=touchpoint,channel,survey", ["?group_by"]],
  ["group_by=channel,channel", ["?group_by"]],
  ["order=name", ["?order"]],
  ["limit=5", ["?limit"]],
  ["group_by=touchpoint&limit=0", ["?limit"]],
  ["kind=stars", ["?kind"]],
  ["format=xml", ["?format"]],
  ["from=2026-10-01T00:00:00", ["?from"]],
  ["from=", ["?from"]],
  ["from=0", ["?from"]],
  ["to=now", ["?to"]],
  ["from=2026-10-02T00:00:00Z&to=2026-10-01T00:00:00Z", ["?from"]],
  ["from=2026-10-01T00:00:00Z&to=2026-10-01T00:00:00Z", ["?from"]],
  ["channel=pigeon", ["?channel"]],
  [`survey=${"s".repeat(41)}`, ["?survey"]],
  ["survey=a&survey=b", ["?survey"]],
  ["survey=srv_unknown", ["?survey"]],
  ["time_zone=Europe/Berlin%27", ["?time_zone"]],
  ["time_zone=%2B01:00", ["?time_zone"]],
];
test("a value with a comma or a quote is filtered by in double quotes, as in CSV, whatever the answer's form", async () => {
  for (const tier of ["a,b", 'say "c"', '"d"', "e"]) await answer("checkout", [5], { properties: { tier } });
  const by = (filter: string) => `${october}&property[tier]=${encodeURIComponent(filter)}`;
  const n = async (filter: string) => (await score("checkout", by(filter))).n;
  expect(await n('"a,b"')).toBe(1);
  expect(await n('"a,b",e')).toBe(2);
  expect(await n('e,"a,b",(none)')).toBe(2);
  expect(await n('say "c"')).toBe(1);
  expect(await n('"say ""c""",e')).toBe(2);
  expect(await n('"""d"""')).toBe(1);
  expect(await n("a,b")).toBe(0);
  expect(await n('e , "a,b", (none)')).toBe(2);
  expect(await n('"a,b" ,e')).toBe(2);
  const table = await get(`/v1/scores?${by('"a,b"')}&touchpoint="checkout"&format=ndjson`);
  expect(JSON.parse(await table.text())).toMatchObject({ n: 1 });
});

test("a space after the comma of a list is none of its value", async () => {
  const { nps, csat } = workspace.surveys;
  await answer("checkout", [5], { locale: "en", properties: { plan: "pro" } });
  await answer("checkout", [5], { locale: "de", properties: { plan: "free" } });
  const lists = [`survey=${nps}, ${csat}`, "locale=en, de", "property[plan]=pro, free", "kind=nps, csat"];
  for (const list of lists)
    expect(await score("checkout", `${october}&${list}`), list).toMatchObject({ n: 2 });
});

test("each wrong parameter is refused by its name, an unknown one too", async () => {
  for (const [query, pointers] of refusals) {
    for (const path of ["/v1/touchpoints/checkout/score", "/v1/scores"])
      await expectProblem(await get(`${path}?${query}`), "invalid-input", pointers, query);
  }
});

test("a grouping that does not exist is refused", async () => {
  await expectProblem(await get("/v1/scores?group_by=day"), "invalid-input", ["?group_by"]);
  await expectProblem(await get("/v1/scores?group_by="), "invalid-input", ["?group_by"]);
});

test("years far away are periods like any other", async () => {
  await answer("checkout", [5]);
  const n = async (query: string) => (await score("checkout", query)).n;
  expect(await n("from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59.999Z")).toBe(1);
  expect(await n("from=0001-01-01T00:00:00Z&to=1970-01-01T00:00:00.001Z")).toBe(0);
  expect(await n("from=1969-12-30T10:10:10Z&to=1969-12-31T23:01:00Z")).toBe(0);
});

test("a touchpoint that does not exist has no score, but one without responses has an empty one", async () => {
  await expectProblem(await get("/v1/touchpoints/nowhere/score"), "not-found");
  expect((await get("/v1/touchpoints/checkout/score")).status).toBe(200);
});

test("what another workspace received is in no score of this one", async () => {
  const other = await newWorkspace();
  const json = { id: crypto.randomUUID(), touchpoint: "checkout", rating: 1 };
  await request("/v1/responses", { key: other.publishable, json });
  expect((await score("checkout", "")).n).toBe(0);
  const all = await get("/v1/scores");
  expect(await all.json()).toMatchObject({ data: [{ n: 0, ledger: { received: 0 } }] });
  await expectProblem(await get(`/v1/scores?survey=${other.surveys.csat}`), "invalid-input", ["?survey"]);
});
