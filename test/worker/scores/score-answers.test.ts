import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import * as z from "zod";
import { TouchpointScore } from "../../../shared/contract/scores.ts";
import { expectProblem } from "../problems.ts";
import { WatchedDatabase } from "../watched.ts";
import { request, requestUnlimited } from "../workspace.ts";
import { answer, get, october, score, scores, setUp, workspace } from "./score-answers-fixture.ts";

setUp();

test("the workspace's time zone cuts the days of a question that names none", async () => {
  await answer("checkout", [5], { answered_at: "2026-10-09T22:30:00Z" });
  const first = (query: string) => score("checkout", `${october}&interval=day&${query}`);
  const day = async (query: string) => {
    const { series, time_zone } = await first(query);
    return [time_zone, series?.find(({ n }) => n === 1)?.from];
  };
  expect(await day("")).toEqual(["UTC", "2026-10-09T00:00:00.000Z"]);
  const json = { time_zone: "Europe/Berlin", week_start: "sunday" };
  const changed = await request("/v1/workspace", { method: "PATCH", key: workspace.write, json });
  expect(await changed.json()).toMatchObject(json);
  expect(await day("")).toEqual(["Europe/Berlin", "2026-10-09T22:00:00.000Z"]);
  expect(await day("time_zone=Asia/Kolkata")).toEqual(["Asia/Kolkata", "2026-10-09T18:30:00.000Z"]);
  const weeks = await score("checkout", `${october}&interval=week`);
  expect(weeks.series?.[1]?.from).toBe("2026-10-03T22:00:00.000Z");
  const wrong = await request("/v1/workspace", {
    method: "PATCH",
    key: workspace.write,
    json: { time_zone: "Mars/Olympus", week_start: "noon" },
  });
  await expectProblem(wrong, "invalid-input", ["/time_zone", "/week_start"]);
});

test("a series has a point for every step, those without an answer too", async () => {
  await answer("checkout", [5, 1]);
  const { series } = await score("checkout", `${october}&interval=day`);
  expect(series).toHaveLength(31);
  expect(series?.[9]).toMatchObject({ n: 2, score: 50, ledger: { received: 2 } });
  expect(series?.[10]).toMatchObject({ n: 0, score: null, interval: null, ledger: { received: 0 } });
});

test("a moving score is computed from counts, never from scores", async () => {
  await answer("checkout", [1, 1, 1], { answered_at: "2026-10-01T12:00:00Z" });
  await answer("checkout", [5], { answered_at: "2026-10-02T12:00:00Z" });
  const { series } = await score("checkout", "from=2026-10-02&to=2026-10-10&interval=day&rolling=7d");
  // 25, not the average of the scores, (0 + 100) / 2.
  expect(series?.[0]).toMatchObject({
    score: 100,
    rolling: { score: 25, n: 4, from: "2026-09-26T00:00:00.000Z" },
  });
  expect(series?.[5]).toMatchObject({ score: null, rolling: { score: 25, n: 4 } });
  expect(series?.[6]).toMatchObject({ score: null, rolling: { score: 100, n: 1 } });
});

test("a comparison says the difference, its interval and whether chance explains it", async () => {
  await answer("checkout", [...new Array(80).fill(5), ...new Array(20).fill(1)]);
  await answer("checkout", [...new Array(50).fill(5), ...new Array(50).fill(1)], {
    answered_at: "2026-09-10T12:00:00Z",
  });
  const { compare, score: now } = await score("checkout", `${october}&compare=previous`);
  expect(now).toBe(80);
  expect(compare).toMatchObject({
    score: 50,
    n: 100,
    period: { from: "2026-08-31T00:00:00.000Z", to: "2026-10-01T00:00:00.000Z" },
    change: { difference: 30, significant: true, small_sample: false },
  });
  expect(compare?.change?.p).toBeLessThan(0.001);
  const year = await score("checkout", `${october}&compare=year_ago`);
  expect(year.compare).toMatchObject({
    n: 0,
    score: null,
    change: null,
    period: { from: "2025-10-01T00:00:00.000Z" },
  });
});

test("a leaderboard goes by the lower end of the interval, and each group is held against the rest", async () => {
  const agent = (name: string) => ({ properties: { agent: name } });
  await answer("checkout", [5, 5], agent("new"));
  await answer("checkout", [...new Array(180).fill(5), ...new Array(20).fill(1)], agent("good"));
  await answer("checkout", [...new Array(100).fill(5), ...new Array(100).fill(1)], agent("poor"));
  const ranked = async (order: string) => {
    const { data } = await scores(`${october}&touchpoint=checkout&group_by=property:agent${order}`);
    return data.map(({ group, rest }) => [group["property:agent"], rest?.change?.significant]);
  };
  expect(await ranked("&order=lower_bound")).toEqual([
    ["good", true],
    ["poor", true],
    ["new", false],
  ]);
  expect((await ranked("&order=score"))[0]?.[0]).toBe("new");
  expect((await ranked("&order=n")).at(-1)?.[0]).toBe("new");
  expect((await ranked("")).map(([name]) => name)).toEqual(["good", "new", "poor"]);
  // Left out is not out of the rest, and what is left out is counted.
  expect(await ranked("&order=lower_bound&limit=2")).toEqual([
    ["good", true],
    ["poor", true],
  ]);
  expect(await ranked("&limit=1")).toEqual([["good", true]]);
  const { more } = await scores(`${october}&touchpoint=checkout&group_by=property:agent&limit=1`);
  expect(more).toBe(2);
});

test("percentages over scales of different length are combined and say so; means are not", async () => {
  const more = async (kind: string, scale: number) => {
    const json = { name: "other", kind, scale_max: scale, subject: "us" };
    const made = await request("/v1/surveys", { key: workspace.write, json });
    return z.object({ id: z.string() }).parse(await made.json()).id;
  };
  await answer("checkout", [5, 1]);
  await answer("checkout", [7, 6], { survey: await more("csat", 7) });
  expect(await score("checkout", october)).toMatchObject({
    score: 75,
    n: 4,
    mixed_scales: true,
    mean: null,
    scale: null,
    distribution: [],
    buckets: [{ count: 1, from: null }, { count: 0 }, { count: 3 }],
  });
  await answer("ticket-closed", [7]);
  await answer("ticket-closed", [5], { survey: await more("ces", 5) });
  await expectProblem(await get(`/v1/touchpoints/ticket-closed/score?${october}`), "surveys-disagree");
});

test("the response rate sets the widget's answers against what was seen, and nothing else against it", async () => {
  const { csat } = workspace.surveys;
  const json = { touchpoint: "checkout", survey: csat };
  for (let n = 0; n < 4; n++) await request("/v1/impressions", { key: workspace.publishable, json });
  const id = crypto.randomUUID();
  await request("/v1/responses", {
    key: workspace.publishable,
    json: { id, touchpoint: "checkout", rating: 5 },
  });
  await answer("checkout", [5, 5], { answered_at: new Date().toISOString() });
  const rate = async (query: string) => (await score("checkout", `period=today&${query}`)).response_rate;
  expect(await rate("")).toMatchObject({ seen: 4, answered: 1, value: 25 });
  const { series } = await score("checkout", "period=today&interval=hour&time_zone=Asia/Kathmandu");
  const seen = series?.filter(({ response_rate }) => response_rate !== null);
  expect(seen?.map(({ response_rate }) => response_rate)).toEqual([
    expect.objectContaining({ seen: 4, value: 25 }),
  ]);
  // A breakdown has no rate, since it does not know who saw the survey; nor have more answers than impressions.
  expect(await rate("locale=en")).toBeNull();
  await request("/v1/responses/batch", { key: workspace.write, json: { responses: [] } });
  for (let n = 0; n < 4; n++) {
    const more = { id: crypto.randomUUID(), touchpoint: "checkout", rating: 5 };
    await request("/v1/responses", { key: workspace.publishable, json: more });
  }
  expect(await rate("")).toMatchObject({ seen: 4, answered: 5, value: null });
});

test("how many answers are still needed for half a width of five points falls to none", async () => {
  const needed = async () => (await score("checkout", october)).answers_needed;
  await answer("checkout", [5, 5, 1]);
  const few = await needed();
  expect(few).toBeGreaterThan(300);
  await answer("checkout", new Array(400).fill(5));
  expect(await needed()).toBe(0);
});

test("all begins with the first response", async () => {
  await answer("checkout", [5], { answered_at: "2024-02-29T23:30:00Z" });
  const { period, n, series } = await score("checkout", "period=all&interval=year&time_zone=Europe/Berlin");
  expect([n, period.from, series?.length]).toEqual([
    1,
    "2024-02-28T23:00:00.000Z",
    new Date().getUTCFullYear() - 2023,
  ]);
});

test("a filter by what no breakdown counts is answered from the rows, and says so", async () => {
  await answer("checkout", [5, 5], { properties: { plan: "pro" } });
  await answer("checkout", [1], { properties: { plan: "free" } });
  const asked = `${october}&touchpoint=checkout&property[plan]=pro`;
  expect(await scores(asked)).toMatchObject({ source: "responses", data: [{ n: 2, score: 100 }] });
  expect(await score("checkout", `${october}&group_by=property:plan`)).toMatchObject({
    source: "responses",
    n: 3,
    score: expect.closeTo(66.67, 2),
    data: [
      { group: { "property:plan": "free" }, n: 1, score: 0 },
      { group: { "property:plan": "pro" }, n: 2, score: 100 },
    ],
  });
  await env.DB.exec(
    `INSERT INTO breakdowns (ref, workspace_ref, dimension, created_at, counted_to) VALUES (1, ${workspace.ref}, 'property:plan', 0, '')`,
  );
  // A breakdown is not used before it has counted everything.
  expect(await scores(asked)).toMatchObject({ source: "responses", data: [{ n: 2 }] });
});

test("a touchpoint's groups add up to its score, also while answers arrive", async () => {
  const sent = (plan: string) => ({
    id: crypto.randomUUID(),
    touchpoint: "checkout",
    rating: 5,
    properties: { plan },
  });
  const post = (plan: string) => request("/v1/responses", { key: workspace.publishable, json: sent(plan) });
  await post("pro");
  const impression = { touchpoint: "checkout", survey: workspace.surveys.csat };
  await request("/v1/impressions", { key: workspace.publishable, json: impression });
  for (const by of ["channel", "survey", "property:plan"]) {
    // One after the other, also where statements are asked at once.
    let posted: Promise<unknown> = Promise.resolve();
    const arriving = new WatchedDatabase(env.DB, async (run, statements) => {
      if (statements.some(({ sql }) => sql.includes("rating"))) posted = posted.then(() => post("free"));
      await posted;
      return run();
    });
    const answer = await requestUnlimited(
      `/v1/touchpoints/checkout/score?group_by=${by}`,
      { key: workspace.read },
      arriving,
    );
    const {
      n,
      data = [],
      response_rate,
      ledger,
    } = z.object(TouchpointScore.shape).parse(await answer.json());
    expect(n).toBeGreaterThan(1);
    expect(
      data.reduce((sum, group) => sum + group.n, 0),
      by,
    ).toBe(n);
    expect(ledger.counted).toBe(n);
    // The total has its impressions even if its groups cannot.
    expect(response_rate?.seen, by).toBe(1);
  }
});
