import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { Database, type Statement } from "../../../worker/db/database.ts";
import { doubtAbandoned, recordAndClaim } from "../../../worker/mail/db/claims.ts";
import { countInDoubt } from "../../../worker/mail/db/mails.ts";
import { putOff, readQueues } from "../../../worker/mail/db/queues.ts";
import { recordedDatabase, WatchedDatabase } from "../watched.ts";
import { newWorkspace, requestUnlimited, type Sent, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

/** SQLite's query plan, line by line, for each statement of a request. */
async function plans(path: string, sent: Sent): Promise<string[][]> {
  const recorded = recordedDatabase(env.DB);
  const answer = await requestUnlimited(path, sent, recorded.d1);
  expect(answer.ok, await answer.text()).toBe(true);
  return Promise.all(
    recorded.batches.flat().map(async ({ sql, values }: Statement) => {
      const plan = env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`).bind(...values);
      return (await plan.all<{ detail: string }>()).results.map(({ detail }) => detail);
    }),
  );
}

const about = (lines: readonly string[][], table: string) =>
  lines.flat().filter((line) => new RegExp(`^(SCAN|SEARCH) (${table})\\b`).test(line));
const answerOf = () => ({ id: crypto.randomUUID(), touchpoint: "checkout", rating: 5 });

test("a score seeks its days in the roll-up and the ends of its period in the index by time", async () => {
  const period = "from=2026-10-01T00:07:00Z&to=2026-10-20T10:08:00Z";
  for (const path of [
    `/v1/touchpoints/checkout/score?${period}`,
    `/v1/scores?${period}&group_by=touchpoint`,
  ]) {
    const lines = await plans(path, { key: workspace.read });
    expect(about(lines, "counts")).toEqual([
      // The first day of each touchpoint, for period=all: one row each.
      "SEARCH counts USING PRIMARY KEY (workspace_ref=? AND touchpoint_ref=? AND value_ref=?)",
      // The cells of a touchpoint's last day, for last_answered_at.
      ...(path.startsWith("/v1/touchpoints")
        ? ["SEARCH counts USING PRIMARY KEY (workspace_ref=? AND touchpoint_ref=? AND value_ref=? AND day=?)"]
        : []),
      "SEARCH counts USING PRIMARY KEY (workspace_ref=? AND touchpoint_ref=? AND value_ref=? AND block>? AND block<?)",
      // The days before and after the blocks, and the days that the period cuts.
      ...new Array(3).fill(
        "SEARCH counts USING PRIMARY KEY (workspace_ref=? AND touchpoint_ref=? AND value_ref=? AND day>? AND day<?)",
      ),
    ]);
    const byTime =
      "SEARCH responses USING INDEX responses_by_time (workspace_ref=? AND answered_at>? AND answered_at<?)";
    expect(about(lines, "responses")).toEqual([byTime]);
    expect(about(lines, "touchpoints|surveys").filter((line) => line.startsWith("SCAN"))).toEqual([]);
  }
});

test("when the newest answer came is sought by its day in the roll-up, and by its quarter-hour in the index by time", async () => {
  await requestUnlimited("/v1/responses", { key: workspace.publishable, json: answerOf() });
  const lines = await plans("/v1/touchpoints/checkout/score?period=7d", { key: workspace.read });
  expect(about(lines, "newest|touchpoints|responses")).toEqual(
    expect.arrayContaining([
      "SEARCH newest USING PRIMARY KEY (workspace_ref=? AND touchpoint_ref=? AND value_ref=?)",
      "SEARCH responses USING INDEX responses_by_time (workspace_ref=? AND answered_at>? AND answered_at<?)",
    ]),
  );
  expect(about(lines, "newest|touchpoints|responses").filter((line) => line.startsWith("SCAN"))).toEqual([]);
});

test("a list reads its page from the index by time, without sorting", async () => {
  const lines = await plans("/v1/responses?limit=10&from=2026-10-01T00:00:00Z", { key: workspace.read });
  expect(about(lines, "responses")).toEqual([expect.stringContaining("USING INDEX responses_by_time")]);
  expect(lines.flat().filter((line) => line.includes("TEMP B-TREE"))).toEqual([]);
});

test("touchpoints are found by how their names begin in a range of the index by name, without sorting", async () => {
  const lines = await plans("/v1/touchpoints?name_prefix=check", { key: workspace.read });
  expect(about(lines, "touchpoints")).toEqual([
    expect.stringMatching(/^SEARCH touchpoints USING INDEX .*\(workspace_ref=\? AND name>\? AND name<\?\)$/),
  ]);
  expect(lines.flat().filter((line) => line.includes("TEMP B-TREE"))).toEqual([]);
});

test("only a repeat looks for more than it writes: whether its id belongs to another survey", async () => {
  const json = answerOf();
  const post = async () =>
    about(await plans("/v1/responses", { key: workspace.publishable, json }), "old|responses");
  const byKey = "SEARCH old USING PRIMARY KEY (workspace_ref=? AND id=?)";
  expect(await post()).toEqual([]);
  expect(await post()).toEqual([byKey]);
});

test("a response costs as many read rows in a full workspace as in an empty one", async () => {
  const first = await costOf("/v1/responses", { key: workspace.publishable, json: answerOf() });
  const json = { responses: Array.from({ length: 500 }, answerOf) };
  await costOf("/v1/responses/batch", { key: workspace.write, json });
  const later = await costOf("/v1/responses", { key: workspace.publishable, json: answerOf() });
  expect(later.read).toBeLessThanOrEqual(first.read + 5);
});

test("no endpoint scans a table that grows with the responses", async () => {
  const { id } = answerOf();
  const json = { ...answerOf(), id };
  const { read, write, publishable } = workspace;
  const requests: [string, Sent][] = [
    ["/v1/ask?touchpoint=checkout", { key: publishable }],
    ["/v1/ask", { key: publishable }],
    ["/v1/ask?touchpoint=checkout", { key: publishable, headers: { origin: "https://shop.example" } }],
    ["/v1/touchpoints/checkout/seen", { key: read }],
    [`/v1/ask?touchpoint=checkout&respondent_hash=${"ab".repeat(32)}`, { key: publishable }],
    ["/v1/touchpoints/checkout", { key: write, method: "PATCH", json: { rules: { most_responses: 9 } } }],
    ["/v1/touchpoints/checkout/decision", { key: read, json: { respondent: "alice" } }],
    ["/v1/responses", { key: publishable, json }],
    ["/v1/responses/batch", { key: write, json: { responses: [answerOf(), answerOf()] } }],
    [
      "/v1/impressions",
      { key: publishable, json: { touchpoint: "checkout", survey: workspace.surveys.csat } },
    ],
    [`/v1/responses/${id}`, { key: read }],
    [`/v1/responses/${id}`, { key: write, method: "PATCH", json: { excluded: "test" } }],
    [`/v1/responses/${id}`, { key: write, method: "DELETE" }],
    ["/v1/responses", { key: read }],
    ["/v1/scores", { key: read }],
    ["/v1/surveys", { key: read }],
    ["/v1/touchpoints", { key: read }],
    ["/v1/touchpoints?name_prefix=check&cursor=name:checkout", { key: read }],
    ["/v1/keys", { key: write }],
    ["/v1/breakdowns", { key: write, json: { dimension: "locale" } }],
    ["/v1/breakdowns", { key: read }],
    ["/v1/breakdowns/locale", { key: read }],
    ["/v1/breakdowns/locale", { key: write, method: "DELETE" }],
  ];
  for (const [path, sent] of requests) {
    const grown =
      /\b(askings|sightings|responses|rating_counts|impression_counts|surveys|touchpoints|keys|old|counts)\b/;
    // A search by workspace alone reads all of the workspace's rows.
    const reads = /^SCAN|^SEARCH (askings|responses|old|counts|impression_counts)\b.*\(workspace_ref=\?\)/;
    const scans = (await plans(path, sent)).flat().filter((line) => grown.test(line) && reads.test(line));
    // A breakdown learns its values from the newest 50,000 responses. A plan does not show the LIMIT.
    const learns = "SEARCH responses USING INDEX responses_by_time (workspace_ref=?)";
    const limited = path === "/v1/breakdowns" && sent.key === write ? [learns] : [];
    expect(scans, `${sent.method ?? ""} ${path}`).toEqual(limited);
  }
});

/** The rows that D1 bills for a request. */
async function costOf(path: string, sent: Sent): Promise<{ read: number; written: number }> {
  const cost = { read: 0, written: 0 };
  const counting = new WatchedDatabase(env.DB, async (run) => {
    const results = await run();
    for (const { meta } of Array.isArray(results) ? results : []) {
      cost.read += meta.rows_read;
      cost.written += meta.rows_written;
    }
    return results;
  });
  const answer = await requestUnlimited(path, sent, counting);
  expect(answer.ok, await answer.text()).toBe(true);
  return cost;
}
const written = async (path: string, sent: Sent) => (await costOf(path, sent)).written;

test("a response and its correction are billed at most three written rows, a comment two, and a repeat none", async () => {
  const json = answerOf();
  const post = (fields: object = {}) =>
    written("/v1/responses", { key: workspace.publishable, json: { ...json, ...fields } });
  expect(await post()).toBeLessThanOrEqual(3);
  expect(await post()).toBe(0);
  expect(await post({ comment: "why" })).toBeLessThanOrEqual(2);
  expect(await post({ comment: "why" })).toBe(0);
  expect(await post({ rating: 1, revision: 1 })).toBeLessThanOrEqual(3);
  expect(await post({ rating: 1, revision: 1 })).toBe(0);
});

test("a hundred responses in a batch are billed three rows each, and a repeat none", async () => {
  const json = { responses: Array.from({ length: 100 }, answerOf) };
  const rows = await written("/v1/responses/batch", { key: workspace.write, json });
  expect(rows).toBeLessThanOrEqual(300);
  expect(await written("/v1/responses/batch", { key: workspace.write, json })).toBe(0);
});

test("mails that are due, in doubt or of a campaign are found by an index, and no other is looked at", async () => {
  const recorded = recordedDatabase(env.DB);
  const db = new Database(recorded.d1);
  const turn = { campaign: 1, isPaced: true, firsts: ["", "Asia/Tokyo"], reminders: [""] };
  await recordAndClaim(db, [], { claim: "c", maxMails: 5, turn }, Date.now());
  await readQueues(db, Date.now(), 20);
  await putOff(db, [{ campaign: 1, zone: "", opensAt: 1 }], Date.now());
  await doubtAbandoned(db, Date.now());
  await countInDoubt(db, workspace.ref);
  const lines = await Promise.all(
    recorded.batches.flat().map(async ({ sql, values }: Statement) => {
      const plan = env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`).bind(...values);
      return (await plan.all<{ detail: string }>()).results.map(({ detail }) => detail);
    }),
  );
  const seen = lines.flat().filter((line) => /^(SCAN|SEARCH) (mails|due|other|first)\b/.test(line));
  expect(seen.length).toBeGreaterThan(5);
  for (const line of seen)
    expect(line).toMatch(
      /USING (PRIMARY KEY \(invitation=|(COVERING )?INDEX mails_(due_alone|queued|claimed|in_doubt)\b)/,
    );
  for (const query of ["campaign=cmp_none", "state=in_doubt"]) {
    const listed = await plans(`/v1/invitations?${query}`, { key: workspace.read });
    expect(new Set(about(listed, "invitations"))).toEqual(
      new Set(["SEARCH invitations USING PRIMARY KEY (id=?)"]),
    );
  }
});
