import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { dayMs } from "../../../shared/time/durations.ts";
import { WatchedDatabase } from "../watched.ts";
import { newWorkspace, requestUnlimited, type Sent, type TestWorkspace } from "../workspace.ts";

/** A request's cost must not grow with the stored data: each is tried with 2,000 and 20,000 rows. */
const sizes = [2_000, 20_000];
const until = Date.parse("2026-11-01T00:00:00Z");

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const run = (sql: string, ...values: (string | number)[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();

/**
 * Adds responses `from` to `to`, one every ten minutes, at `checkout`; each 500th is at `relationship`, each 700th is excluded,
 * and each tenth has a comment.
 */
async function respond(from: number, to: number): Promise<void> {
  await run(
    `WITH RECURSIVE numbers (n) AS (SELECT ?2 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?3)
     INSERT INTO responses (workspace_ref, id, touchpoint_ref, survey_ref, rating, comment, channel, exclusion, revision, answered_at, received_at)
     SELECT ?1, printf('01900000-0000-7000-8000-%012d', n), touchpoints.ref, survey_ref, 1 + n % 5, IIF(n % 10 = 3, 'Fast', NULL), 'api',
       IIF(n % 700 = 0, 'test', ''), 0, ?4 - n * 600000, ?4 - n * 600000
     FROM numbers JOIN touchpoints ON touchpoints.workspace_ref = ?1 AND name = IIF(n % 500 = 0, 'relationship', 'checkout')`,
    workspace.ref,
    from,
    to,
    until,
  );
}

const touchpointAt = (n: number) => `tp_${String(n).padStart(26, "0")}`;

/** Adds touchpoints `from` to `to` at which nobody answers. */
const addPlaces = (from: number, to: number) =>
  run(
    `WITH RECURSIVE numbers (n) AS (SELECT ?2 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?3)
     INSERT INTO touchpoints (id, workspace_ref, name, created_at)
     SELECT printf('tp_%026d', n), ?1, printf('place-%d', n), 0 FROM numbers`,
    workspace.ref,
    from,
    to,
  );

/** The rows that D1 reads for a request, and the answer. */
async function read<Body>(
  path: string,
  sent: Sent,
  body: z.ZodType<Body>,
): Promise<{ rows: number; body: Body }> {
  let rows = 0;
  const counting = new WatchedDatabase(env.DB, async (runs) => {
    const results = await runs();
    for (const { meta } of [results].flat() as D1Result[]) rows += meta.rows_read;
    return results;
  });
  const answer = await requestUnlimited(path, sent, counting);
  const text = await answer.text();
  expect(answer.ok, text).toBe(true);
  return { rows, body: body.parse(JSON.parse(text)) };
}

const Page = z.object({
  data: z.array(z.object({ id: z.string() })),
  next_cursor: z.string().nullable(),
});
const list = (query: string) => read(`/v1/responses?${query}`, { key: workspace.read }, Page);
const cursorAt = (n: number) =>
  `${until - n * 600_000}.01900000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const numbersOf = (page: z.infer<typeof Page>) => page.data.map(({ id }) => Number(id.slice(-12)));

test("a page of the list reads at most 400 rows, wherever it lies and however many responses there are", async () => {
  let stored = 0;
  for (const size of sizes) {
    await respond(stored, size);
    stored = size;
    for (const start of [0, size / 2, size - 150]) {
      const { rows, body } = await list(`limit=100${start ? `&cursor=${cursorAt(start)}` : ""}`);
      const first = start ? start + 1 : 0;
      expect(numbersOf(body)).toEqual(Array.from({ length: 100 }, (_, n) => first + n));
      expect(rows, `at ${start} of ${size}`).toBeLessThanOrEqual(400);
    }
  }
});

test("many responses of one instant are paged through as cheaply as any", async () => {
  await respond(0, 20_000);
  await run("UPDATE responses SET answered_at = ?1 WHERE workspace_ref = ?2", until, workspace.ref);
  const cursor = `${until}.01900000-0000-7000-8000-000000010000`;
  const { rows, body } = await list(`limit=100&cursor=${cursor}`);
  expect(numbersOf(body)).toEqual(Array.from({ length: 100 }, (_, n) => 9_999 - n));
  expect(rows).toBeLessThanOrEqual(400);
});

test("responses that say no version and are older than the live one cost a page a row more each", async () => {
  await respond(0, 2_000);
  await run("UPDATE surveys SET created_at = 0");
  for (const subject of ["one", "two", "three"]) {
    const sent = { method: "PATCH", key: workspace.write, json: { subject } };
    await requestUnlimited(`/v1/surveys/${workspace.surveys.csat}`, sent);
  }
  const Versions = z.object({ data: z.array(z.object({ survey_version: z.int() })) });
  const { rows, body } = await read("/v1/responses?limit=100", { key: workspace.read }, Versions);
  expect(new Set(body.data.map(({ survey_version }) => survey_version))).toEqual(new Set([1]));
  expect(rows).toBeLessThanOrEqual(410);
});

test("a filter that matches little or nothing reads what the roll-up names, and not every response", async () => {
  let stored = 0;
  for (const size of sizes) {
    await respond(stored, size);
    stored = size;
    const rare = await list("touchpoint=relationship&limit=20");
    const rareNumbers = Array.from({ length: size / 500 }, (_, n) => n * 500).slice(0, 20);
    expect(numbersOf(rare.body)).toEqual(rareNumbers);
    expect(rare.rows, `of ${size}, a rare touchpoint`).toBeLessThanOrEqual(600);
    for (const query of [
      "channel=email",
      "touchpoint=ticket-closed",
      `survey=${workspace.surveys.ces}`,
      "bucket=promoter",
      "rating=9",
    ]) {
      const none = await list(`${query}&limit=20`);
      expect(none.body).toEqual({ data: [], next_cursor: null });
      expect(none.rows, `of ${size}, ${query}`).toBeLessThanOrEqual(600);
    }
    // At relationship alone, whose ratings are 1.
    for (const query of ["bucket=detractor", "bucket=detractor&rating=1,2"]) {
      const low = await list(`${query}&limit=20`);
      expect(numbersOf(low.body)).toEqual(rareNumbers);
      // Of each of the 139 days the roll-up of every touchpoint is looked at.
      expect(low.rows, `of ${size}, ${query}`).toBeLessThanOrEqual(800);
    }
    const excluded = await list("excluded=true&limit=2");
    expect(numbersOf(excluded.body)).toEqual([0, 700]);
    expect(excluded.rows).toBeLessThanOrEqual(600);
  }
});

test("the newest comments read what was answered last, and a page ends where it has looked for long", async () => {
  let stored = 0;
  for (const size of sizes) {
    await respond(stored, size);
    stored = size;
    const newest = await list("comment=true&limit=5");
    expect(numbersOf(newest.body)).toEqual([3, 13, 23, 33, 43]);
    expect(newest.rows, `of ${size}`).toBeLessThanOrEqual(1_000);
    const rare = await list("touchpoint=relationship&comment=true&limit=5");
    expect(rare.body).toEqual({ data: [], next_cursor: null });
    expect(rare.rows, `of ${size}, where nobody commented`).toBeLessThanOrEqual(600);
  }
  await run("UPDATE responses SET comment = NULL WHERE workspace_ref = ?1", workspace.ref);
  const { rows, body } = await list("comment=true&limit=5");
  expect(body.data).toEqual([]);
  expect(body.next_cursor).not.toBeNull();
  expect(rows).toBeLessThanOrEqual(1_000);
});

test("where the roll-up itself is large a page ends after some reading, and its cursor goes on from there", async () => {
  await respond(1_999, 2_000);
  // Years of days on which responses were excluded for eleven reasons.
  await run(
    `WITH RECURSIVE days (day) AS (SELECT ?2 UNION ALL SELECT day - 1 FROM days WHERE day > ?2 - 3000)
     INSERT INTO rating_counts SELECT workspace_ref, touchpoint_ref, 0, days.day, survey_ref, 'api', reasons.value,
       0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, quarters
     FROM rating_counts CROSS JOIN days CROSS JOIN json_each('["a","b","c","d","e","f","g","h","i","j","k"]') AS reasons
     WHERE workspace_ref = ?1 ORDER BY days.day`,
    workspace.ref,
    Math.floor(until / dayMs) - 20,
  );
  await addPlaces(0, 20_000);
  let pages = 0;
  let cursor: string | null = null;
  do {
    const query: string = `channel=email&limit=20${cursor ? `&cursor=${cursor}` : ""}`;
    const { rows, body } = await list(query);
    expect(body.data).toEqual([]);
    expect(rows).toBeLessThanOrEqual(25_000);
    cursor = body.next_cursor;
    pages += 1;
  } while (cursor !== null);
  expect(pages).toBeGreaterThan(1);
});

const Score = z.object({ n: z.number() });

test("one touchpoint's score reads what that touchpoint has, and not the names of all others", async () => {
  await respond(0, 2_000);
  const path = `/v1/touchpoints/checkout/score?from=${new Date(until - 10 * dayMs).toISOString()}&to=${new Date(until).toISOString()}`;
  const costs: number[] = [];
  let places = 0;
  for (const size of sizes) {
    await addPlaces(places, size);
    places = size;
    const { rows, body } = await read(path, { key: workspace.read }, Score);
    expect(body.n).toBeGreaterThan(1_000);
    costs.push(rows);
  }
  expect(costs[1]).toBe(costs[0]);
  expect(costs[0]).toBeLessThanOrEqual(200);
});

test("when a touchpoint was answered last is read from its last day and quarter-hour, however many responses there are", async () => {
  const Last = z.object({ last_answered_at: z.string() });
  const path = "/v1/touchpoints/relationship/score?from=2026-11-01&to=2026-11-02";
  let stored = 0;
  const costs: number[] = [];
  for (const size of sizes) {
    await respond(stored, size);
    stored = size;
    // The newest at `relationship` is the newest of all, and excluded; the one before is 500 responses older.
    const { rows, body } = await read(path, { key: workspace.read }, Last);
    expect(body.last_answered_at).toBe(new Date(until - 500 * 600_000).toISOString());
    costs.push(rows);
  }
  expect(costs[1]).toBe(costs[0]);
  expect(costs[0]).toBeLessThanOrEqual(100);
});

test("a page of touchpoints reads what it shows, wherever it lies and however many there are", async () => {
  const costs: number[] = [];
  let places = 0;
  for (const size of sizes) {
    await addPlaces(places, size);
    places = size;
    const path = `/v1/touchpoints?limit=100&cursor=${touchpointAt(1000)}`;
    const { rows, body } = await read(path, { key: workspace.read }, Page);
    expect(body.data.map(({ id }) => id).slice(0, 2)).toEqual([1001, 1002].map(touchpointAt));
    costs.push(rows);
  }
  expect(costs[1]).toBe(costs[0]);
  expect(costs[0]).toBeLessThanOrEqual(400);
});

test("touchpoints are found by how their names begin at the cost of those that are shown, however many there are", async () => {
  const costs: number[][] = [];
  let places = 0;
  for (const size of sizes) {
    await addPlaces(places, size);
    places = size;
    const found = async (query: string) => {
      const { rows, body } = await read(`/v1/touchpoints?${query}`, { key: workspace.read }, Page);
      return { rows, ids: body.data.map(({ id }) => id) };
    };
    const first = await found("name_prefix=p&limit=12");
    expect(first.ids).toHaveLength(12);
    const later = await found("name_prefix=place-1&limit=12&cursor=name:place-1899");
    expect(later.ids[0]).toBe(touchpointAt(size > 2_000 ? 18_990 : 19));
    const none = await found("name_prefix=plaice&limit=12");
    expect(none.ids).toEqual([]);
    costs.push([first.rows, later.rows, none.rows]);
  }
  expect(costs[1]).toEqual(costs[0]);
  for (const rows of costs.flat()) expect(rows).toBeLessThanOrEqual(50);
});
