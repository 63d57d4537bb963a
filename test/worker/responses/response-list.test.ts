import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { Response as ResponseShape } from "../../../shared/contract/responses.ts";
import { dayMs, quarterMs } from "../../../shared/time/durations.ts";
import { drift } from "../../recount.ts";
import { expectProblem } from "../problems.ts";
import { newWorkspace, request, type TestWorkspace } from "../workspace.ts";

const Page = z.strictObject({
  data: z.array(z.strictObject(ResponseShape.shape)),
  next_cursor: z.string().nullable(),
});
let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const noon = Date.parse("2026-10-01T12:00:00Z");
const uuid = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, "0")}`;

/** Adds 24 responses: the touchpoint alternates, and three in a row share their instant. */
async function seed() {
  const responses = Array.from({ length: 24 }, (_, n) => ({
    id: uuid(n),
    touchpoint: n % 2 ? "checkout" : "relationship",
    rating: 1 + (n % 5),
    comment: `comment ${n}`,
    answered_at: new Date(noon + Math.floor(n / 3) * 1000).toISOString(),
  }));
  const answer = await request("/v1/responses/batch", { key: workspace.write, json: { responses } });
  expect(answer.status).toBe(200);
}

async function list(query: Record<string, string> = {}, key = workspace.read) {
  const answer = await request(`/v1/responses?${new URLSearchParams(query)}`, { key });
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return Page.parse(JSON.parse(text));
}

/** Walks through all pages by cursor. */
async function walk(query: Record<string, string>): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: z.infer<typeof Page> = await list(cursor === null ? query : { ...query, cursor });
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor;
  } while (cursor !== null);
  return ids;
}

const change = (n: number, excluded: string | null) =>
  request(`/v1/responses/${uuid(n)}`, { method: "PATCH", key: workspace.write, json: { excluded } });
const erase = (n: number) => request(`/v1/responses/${uuid(n)}`, { method: "DELETE", key: workspace.write });
const numbers = (ids: string[]) => ids.map((id) => Number(id.slice(-12)));
const newestFirst = Array.from({ length: 24 }, (_, n) => 23 - n);

test("the pages of every size show each response exactly once, newest first", async () => {
  await seed();
  for (const limit of ["1", "2", "5", "7", "23", "24", "25", "100"])
    expect(numbers(await walk({ limit })), limit).toEqual(newestFirst);
});

test("a response that arrives while the list is read neither repeats nor hides another", async () => {
  await seed();
  const first = await list({ limit: "10" });
  const json = { id: crypto.randomUUID(), touchpoint: "checkout", rating: 5 };
  await request("/v1/responses", { key: workspace.publishable, json });
  const rest = await walk({ limit: "10", cursor: first.next_cursor ?? "" });
  expect(numbers([...first.data.map(({ id }) => id), ...rest])).toEqual(newestFirst);
});

test("the filters narrow the list, alone and together", async () => {
  await seed();
  await change(4, "test");
  await change(5, "staff");
  const at = (seconds: number) => new Date(noon + seconds * 1000).toISOString();
  const expected: [Record<string, string>, (n: number) => boolean][] = [
    [{ touchpoint: "checkout" }, (n) => n % 2 === 1],
    [{ survey: workspace.surveys.nps }, (n) => n % 2 === 0],
    [{ channel: "api" }, () => true],
    [{ channel: "widget" }, () => false],
    [{ from: at(2) }, (n) => n >= 6],
    [{ to: at(2) }, (n) => n < 6],
    [{ from: at(1), to: at(2) }, (n) => n >= 3 && n < 6],
    [{ excluded: "true" }, (n) => n === 4 || n === 5],
    [{ excluded: "false" }, (n) => n !== 4 && n !== 5],
    [{ excluded: "true", touchpoint: "checkout", from: at(0) }, (n) => n === 5],
    [{ touchpoint: "nowhere" }, () => false],
    [{ survey: "srv_nothing" }, () => false],
  ];
  for (const [query, belongs] of expected)
    expect(numbers(await walk({ ...query, limit: "4" })), JSON.stringify(query)).toEqual(
      newestFirst.filter(belongs),
    );
});

test("whatever is asked for, in pages of whatever size, is what a look at every response finds", async () => {
  const names = ["checkout", "relationship", "ticket-closed"];
  const start = Date.parse("2026-08-01T00:00:00Z");
  const dice = (n: number, sides: number) => Math.floor(((n * 7919 + 104729) % 1009) / (1009 / sides));
  const responses = Array.from({ length: 300 }, (_, n) => ({
    id: uuid(n),
    touchpoint: names[dice(n, 40) % 3 === 0 ? dice(n + 5, 3) : 0] ?? "",
    rating: 1 + dice(n + 1, 5),
    // Fewer than a page looks at for each: it ends before it is full.
    ...(n % 29 === 0 && { comment: "Fast" }),
    // Some days are full and some empty; midnight and quarter-hours occur.
    answered_at: new Date(start + dice(n + 2, 6) * 15 * dayMs + dice(n + 3, 50) * quarterMs).toISOString(),
  }));
  const batch = (list: typeof responses, channel: string) =>
    request("/v1/responses/batch", { key: workspace.write, json: { responses: list, channel } });
  expect((await batch(responses.slice(0, 150), "api")).status).toBe(200);
  expect((await batch(responses.slice(150), "import")).status).toBe(200);
  for (let n = 0; n < 300; n += 7) expect((await change(n, "test")).status).toBe(200);
  for (let n = 3; n < 300; n += 11) expect((await erase(n)).status).toBe(204);
  const instants = [
    start - 1,
    start,
    start + 15 * dayMs,
    start + 15 * dayMs + 6 * quarterMs + 1,
    start + 90 * dayMs,
  ];
  const bucketOf: Record<string, (rating: number) => string> = {
    relationship: () => "detractor",
    checkout: (rating) => (rating < 3 ? "dissatisfied" : rating > 3 ? "satisfied" : "neutral"),
    "ticket-closed": (rating) => (rating < 4 ? "difficult" : rating > 4 ? "easy" : "neutral"),
  };
  for (let trial = 0; trial < 150; trial++) {
    const pick = <Value>(values: readonly Value[], salt: number) =>
      values[dice(trial * 13 + salt, values.length)];
    const touchpoint = pick([undefined, undefined, ...names], 1);
    const channel = pick([undefined, undefined, "api", "import", "widget"], 2);
    const excluded = pick([undefined, undefined, "true", "false"], 3);
    const comment = pick([undefined, undefined, "true", "false"], 7);
    const [from, to] = [pick([undefined, ...instants], 4), pick([undefined, undefined, ...instants], 5)];
    const limit = pick(["1", "3", "20", "100"], 6) ?? "20";
    const rating = pick([undefined, undefined, undefined, "1", "2,3", "5, 4,0", "10"], 8);
    const bucket = pick(
      [undefined, undefined, undefined, "detractor", "satisfied", "neutral,easy", "promoter"],
      9,
    );
    const wanted = responses
      .map((response, n) => ({ ...response, n, at: Date.parse(response.answered_at) }))
      .filter(
        ({ n, at, ...response }) =>
          n % 11 !== 3 &&
          (touchpoint === undefined || response.touchpoint === touchpoint) &&
          (channel === undefined || (channel !== "widget" && (channel === "import") === n >= 150)) &&
          (excluded === undefined || (excluded === "true") === (n % 7 === 0)) &&
          (comment === undefined || (comment === "true") === (n % 29 === 0)) &&
          (rating === undefined || rating.split(",").map(Number).includes(response.rating)) &&
          (bucket?.split(",").includes(bucketOf[response.touchpoint]?.(response.rating) ?? "") ?? true) &&
          at >= (from ?? 0) &&
          at < (to ?? Number.POSITIVE_INFINITY),
      )
      .sort((one, other) => other.at - one.at || other.n - one.n)
      .map(({ n }) => n);
    const query = Object.fromEntries(
      Object.entries({
        touchpoint,
        channel,
        excluded,
        comment,
        rating,
        bucket,
        limit,
        from: from === undefined ? undefined : new Date(from).toISOString(),
        to: to === undefined ? undefined : new Date(to).toISOString(),
      }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    expect(numbers(await walk(query)), JSON.stringify(query)).toEqual(wanted);
  }
});

const wrongQueries = [
  ["limit=0", "?limit"],
  ["limit=101", "?limit"],
  ["limit=", "?limit"],
  ["limit=1e1", "?limit"],
  ["limit=%201", "?limit"],
  ["limit=1&limit=2", "?limit"],
  ["cursor=x", "?cursor"],
  ["cursor=1.2", "?cursor"],
  [`cursor=${"1".repeat(201)}`, "?cursor"],
  ["touchpoint=A", "?touchpoint"],
  [`survey=${"x".repeat(41)}`, "?survey"],
  ["channel=pigeon", "?channel"],
  ["channel=", "?channel"],
  ["from=yesterday", "?from"],
  ["from=", "?from"],
  ["to=2026-10-01", "?to"],
  ["excluded=1", "?excluded"],
  ["comment=", "?comment"],
  ["rating=11", "?rating"],
  ["rating=1,x", "?rating"],
  ["rating=", "?rating"],
  ["bucket=happy", "?bucket"],
  ["exclude=true", "?exclude"],
] as const;
test("each wrong parameter of the list is refused by its name, an unknown one too", async () => {
  for (const [query, pointer] of wrongQueries) {
    const answer = await request(`/v1/responses?${query}`, { key: workspace.read });
    await expectProblem(answer, "invalid-input", [pointer], query);
  }
});

async function ledger() {
  const answer = await request("/v1/touchpoints/checkout/score?from=2026-10-01T00:00:00Z", {
    key: workspace.read,
  });
  const Score = z.object({
    n: z.int(),
    distribution: z.array(z.object({ rating: z.int(), count: z.int() })),
    ledger: z.unknown(),
  });
  return Score.parse(await answer.json());
}

test("excluding a response takes exactly it out of the score, and restoring puts it back", async () => {
  await seed();
  const before = await ledger();
  const excluded = await change(5, "suspected_bot");
  expect(await excluded.json()).toMatchObject({
    id: uuid(5),
    excluded: "suspected_bot",
    comment: "comment 5",
  });
  const without = await ledger();
  expect(without.ledger).toEqual({ received: 12, counted: 11, excluded: { suspected_bot: 1 } });
  // Response 5 has the rating 1.
  expect(without.distribution).toEqual(
    before.distribution.map(({ rating, count }) => ({ rating, count: rating === 1 ? count - 1 : count })),
  );
  await change(5, "staff");
  expect((await ledger()).ledger).toEqual({ received: 12, counted: 11, excluded: { staff: 1 } });
  await change(5, "staff");
  await change(5, null);
  expect(await ledger()).toEqual(before);
  expect(await drift(env.DB)).toEqual([]);
});

test("a correction of an excluded response moves nothing in the score", async () => {
  await seed();
  await change(5, "test");
  const before = await ledger();
  const json = { id: uuid(5), touchpoint: "checkout", rating: 4, revision: 9 };
  expect((await request("/v1/responses", { key: workspace.write, json })).status).toBe(200);
  expect(await ledger()).toEqual(before);
  expect(await drift(env.DB)).toEqual([]);
});

const wrongReasons = [
  ["an unknown reason", { excluded: "dislike" }, ["/excluded"]],
  ["the reason of erasure", { excluded: "erased" }, ["/excluded"]],
  ["no reason", {}, ["/excluded"]],
  ["a field that cannot change", { excluded: null, rating: 10 }, ["/rating"]],
] as const;
test("excluding needs one of the known reasons, and changes nothing else", async () => {
  await seed();
  for (const [what, json, pointers] of wrongReasons) {
    const answer = await request(`/v1/responses/${uuid(1)}`, { method: "PATCH", key: workspace.write, json });
    await expectProblem(answer, "invalid-input", pointers, what);
  }
  expect((await ledger()).ledger).toMatchObject({ counted: 12 });
});

test("an erased response is gone everywhere but in the ledger, and no retry brings it back", async () => {
  await seed();
  const canary = "canary 7c1e";
  const json = { id: uuid(5), touchpoint: "checkout", rating: 2, revision: 1, comment: canary };
  const personal = { respondent: canary, properties: { note: canary }, locale: "de" };
  await request("/v1/responses", { key: workspace.write, json: { ...json, ...personal } });
  expect((await erase(5)).status).toBe(204);
  const path = `/v1/responses/${uuid(5)}`;
  const gone = async () => {
    await expectProblem(await request(path, { key: workspace.read }), "not-found");
    await expectProblem(await change(5, null), "not-found");
    await expectProblem(await erase(5), "not-found");
    expect(numbers(await walk({}))).toEqual(newestFirst.filter((n) => n !== 5));
    expect(numbers(await walk({ excluded: "true" }))).toEqual([]);
    expect((await ledger()).ledger).toEqual({ received: 12, counted: 11, excluded: { erased: 1 } });
    const rows = await env.DB.prepare("SELECT * FROM responses").all();
    expect(JSON.stringify(rows.results)).not.toContain(canary);
    expect(await drift(env.DB)).toEqual([]);
  };
  await gone();
  for (const revision of [0, 1, 99]) {
    const retry = await request("/v1/responses", {
      key: workspace.write,
      json: { ...json, ...personal, revision, rating: 5 },
    });
    expect(retry.status).toBe(200);
    expect(await retry.json()).toEqual({ id: uuid(5), status: "unchanged" });
  }
  await gone();
});
