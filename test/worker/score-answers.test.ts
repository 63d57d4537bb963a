import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { Scores, TouchpointScore } from "../../shared/contract/scores.ts";
import { continueBreakdowns } from "../../worker/db/breakdowns.ts";
import { expectProblem } from "./problems.ts";
import { WatchedDatabase } from "./watched.ts";
import { newWorkspace, request, requestUnlimited, type TestWorkspace } from "./workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const october = "from=2026-10-01&to=2026-11-01";
const get = (path: string, headers: Record<string, string> = {}) =>
  request(path, { key: workspace.read, headers });

async function answer(touchpoint: string, ratings: number[], fields: object = {}) {
  const responses = ratings.map((rating) => ({
    id: crypto.randomUUID(),
    ...{ touchpoint, rating, answered_at: "2026-10-10T12:00:00Z", ...fields },
  }));
  const sent = await request("/v1/responses/batch", { key: workspace.write, json: { responses } });
  expect(sent.status).toBe(200);
}
const scores = async (query: string) => {
  const sent = await get(`/v1/scores?${query}`);
  return z.object(Scores.shape).parse(await sent.json());
};
const score = async (touchpoint: string, query: string) => {
  const sent = await get(`/v1/touchpoints/${touchpoint}/score?${query}`);
  return z.object(TouchpointScore.shape).parse(await sent.json());
};

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
  // 25 and not (0 + 100) / 2.
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
    ...{ score: 50, n: 100, period: { from: "2026-08-31T00:00:00.000Z", to: "2026-10-01T00:00:00.000Z" } },
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
    ...{ score: 75, n: 4, mixed_scales: true, mean: null, scale: null, distribution: [] },
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
  // A breakdown knows nothing of who saw it, and more answers than impressions are no rate.
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

test("the same scores come as JSON, CSV or NDJSON, by Accept or by format", async () => {
  await answer("checkout", [5, 1], { properties: { plan: '=cmd|"x"!A1, me' } });
  const path = `/v1/scores?${october}&touchpoint=checkout&group_by=property:plan`;
  const csv = await get(path, { accept: "text/csv, */*;q=0.1" });
  expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  const [header, row, end] = (await csv.text()).split("\r\n");
  expect(header).toBe(
    "property:plan,from,to,kind,unit,score,n,low,high,small_sample,mean,percentage,received,excluded,seen,response_rate,r0,r1,r2,r3,r4,r5,r6,r7,r8,r9,r10",
  );
  // A spreadsheet must not take a property for a formula.
  expect(row).toMatch(
    /^"'=cmd\|""x""!A1, me",2026-10-01T00:00:00.000Z,2026-11-01T00:00:00.000Z,csat,percent,50,2,/,
  );
  expect(row).toMatch(/,,1,0,0,0,1,,,,,$/);
  expect(end).toBe("");
  const lines = await (await get(`${path}&format=ndjson&interval=week`)).text();
  const points = lines
    .trim()
    .split("\n")
    .map((line) => z.object({ n: z.int(), from: z.string() }).parse(JSON.parse(line)));
  expect(points.map(({ n }) => n)).toEqual([0, 2, 0, 0, 0]);
  expect((await get(path)).headers.get("content-type")).toBe("application/json");
});

test("whatever a spreadsheet takes for the beginning of a formula is text in a CSV, the full-width signs too", async () => {
  const names = ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"].map((sign) => `${sign}1+1`);
  for (const name of names) await answer("checkout", [5], { properties: { name } });
  const csv = await get(`/v1/scores?${october}&group_by=property:name&format=csv`);
  const [, ...rows] = (await csv.text()).trim().split("\r\n");
  expect(rows.map((row) => row.split(",")[0]).sort()).toEqual(names.map((name) => `'${name}`).sort());
});

test("a CSV has a byte order mark where one is asked for, so that Excel reads its letters, and else none", async () => {
  await answer("checkout", [5], { properties: { city: "Zürich" } });
  const path = `/v1/scores?${october}&group_by=property:city&format=csv`;
  const first = async (more: string) => [...new Uint8Array(await (await get(path + more)).arrayBuffer())];
  const plain = await first("");
  expect(await first("&bom=false")).toEqual(plain);
  expect(await first("&bom=true")).toEqual([0xef, 0xbb, 0xbf, ...plain]);
  expect(new TextDecoder().decode(new Uint8Array(plain))).toMatch(/^property:city,.*\r\nZürich,/);
  expect((await get(`${path}&bom=yes`)).status).toBe(422);
});

test("an answer that did not change costs no transfer, and one that did is sent anew", async () => {
  const path = `/v1/touchpoints/checkout/score?${october}`;
  await answer("checkout", [5]);
  const first = await get(path);
  const etag = first.headers.get("etag") ?? "";
  expect(etag).toMatch(/^"[\w-]{22}"$/);
  expect(first.headers.get("cache-control")).toBe("private, no-cache");
  const again = await get(path, { "if-none-match": `"other", ${etag}` });
  expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
  await answer("checkout", [4]);
  const later = await get(path, { "if-none-match": etag });
  expect(later.status).toBe(200);
  expect(later.headers.get("etag")).not.toBe(etag);
});

test("a filter by what no breakdown counts is answered from the rows, and says so", async () => {
  await answer("checkout", [5, 5], { properties: { plan: "pro" } });
  await answer("checkout", [1], { properties: { plan: "free" } });
  const asked = `${october}&touchpoint=checkout&property[plan]=pro`;
  expect(await scores(asked)).toMatchObject({ source: "responses", data: [{ n: 2, score: 100 }] });
  expect(await score("checkout", `${october}&group_by=property:plan`)).toMatchObject({
    ...{ source: "responses", n: 3, score: expect.closeTo(66.67, 2) },
    data: [
      { group: { "property:plan": "free" }, n: 1, score: 0 },
      { group: { "property:plan": "pro" }, n: 2, score: 100 },
    ],
  });
  await env.DB.exec(
    `INSERT INTO breakdowns (ref, workspace_ref, dimension, created_at, counted_to) VALUES (1, ${workspace.ref}, 'property:plan', 0, '')`,
  );
  // Not before it has counted everything.
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
    const arriving = new WatchedDatabase(env.DB, async (run, statements) => {
      if (statements.some(({ sql }) => sql.includes("rating"))) await post("free");
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
    // The total knows what was seen, also where its groups cannot.
    expect(response_rate?.seen, by).toBe(1);
  }
});

/** 730 points: of groups with such a series an answer holds 27. */
const series = "interval=day&from=2024-11-01&to=2026-11-01";
const plans = (ratings: number[], plan: string, fields: object = {}) =>
  answer("checkout", ratings, { properties: { plan }, ...fields });
/** Answers of people each of whom claims what nobody else has. */
const junk = (count: number, fields: (n: number) => object) =>
  Promise.all(Array.from({ length: count }, (_, n) => answer("checkout", [1], fields(n))));

test("groups and points together are bounded", async () => {
  const { write: key, surveys } = workspace;
  for (let n = 0; n < 30; n++) {
    await request("/v1/touchpoints", { key, json: { name: `t${n}`, survey: surveys.csat } });
    await answer(`t${n}`, [5]);
  }
  await plans([5], "pro");
  for (const by of ["touchpoint", "touchpoint,property:plan"])
    await expectProblem(await get(`/v1/scores?group_by=${by}&kind=csat&${series}`), "invalid-input", [
      "?group_by",
    ]);
});

test("values that are too many take no answer away: those with the most responses stay, the others are (other)", async () => {
  await plans([5, 5, 4, 1], "pro");
  await plans([5, 1, 1], "free", { answered_at: "2026-09-10T12:00:00Z" });
  await answer("checkout", [3, 3]);
  const query = `group_by=property:plan&${series}`;
  const before = await score("checkout", query);
  expect(before.data?.map(({ group, n }) => [group["property:plan"], n])).toEqual([
    ["(none)", 2],
    ["free", 3],
    ["pro", 4],
  ]);
  await junk(40, (n) => ({ properties: { plan: `junk${n}` } }));
  const { data = [], n, source } = await score("checkout", query);
  expect([source, n, data.length]).toEqual(["responses", 49, 27]);
  const named = new Map(data.map((group) => [group.group["property:plan"], group]));
  for (const { group, n, distribution, series } of before.data ?? [])
    expect(named.get(group["property:plan"])).toMatchObject({ n, distribution, series });
  // 23 of the 40 stand by themselves, and 17 in it.
  expect(named.get("(other)")).toMatchObject({
    n: 17,
    distribution: expect.arrayContaining([{ rating: 1, count: 17 }]),
    ledger: { received: 17, counted: 17 },
  });
  expect(named.get("(other)")?.series?.reduce((sum, point) => sum + point.n, 0)).toBe(17);
  expect(data.reduce((sum, group) => sum + group.n, 0)).toBe(n);
  // Without a series there is room for all.
  expect((await score("checkout", "group_by=property:plan&period=all")).data).toHaveLength(43);
});

test("also what a breakdown has learnt is folded, and of two dimensions the value with the fewest responses first", async () => {
  for (const locale of ["de", "en"]) {
    await plans([5, 5, 4, 1], "pro", { locale });
    await plans([5, 1, 1], "free", { locale });
  }
  await junk(20, (n) => ({ locale: n % 2 ? "de" : `x${n}`, properties: { plan: `junk${n}` } }));
  const learnt = { dimension: "property:plan" };
  await request("/v1/breakdowns", { key: workspace.write, json: learnt });
  while (await continueBreakdowns(workspace.db, 5));
  await junk(20, (n) => ({ properties: { plan: `more${n}` } }));
  const one = await score("checkout", `group_by=property:plan&${series}`);
  expect([one.source, one.data?.length]).toEqual(["counts", 27]);
  const namesOf = (groups: typeof one.data = []) =>
    groups.map(({ group, n }) => [...Object.values(group), n]);
  expect(namesOf(one.data)).toEqual(
    expect.arrayContaining([
      ["free", 6],
      ["pro", 8],
      ["(other)", expect.any(Number)],
    ]),
  );
  const two = await scores(`touchpoint=checkout&group_by=property:plan,locale&${series}`);
  expect(two.data.length).toBeLessThanOrEqual(27);
  expect(namesOf(two.data)).toEqual(
    expect.arrayContaining([
      ["free", "de", 3],
      ["free", "en", 3],
      ["pro", "de", 4],
      ["pro", "en", 4],
    ]),
  );
  expect(two.data.reduce((sum, group) => sum + group.n, 0)).toBe(one.n);
  expect(one.data?.reduce((sum, group) => sum + group.n, 0)).toBe(one.n);
});
