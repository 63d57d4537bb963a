import { env } from "cloudflare:workers";
import { beforeEach, expect, test, vi } from "vitest";
import { faultOf, faults, type Meaning } from "../../../worker/db/faults.ts";
import { drift } from "../../recount.ts";
import { expectProblem } from "../problems.ts";
import { isWrite, WatchedDatabase } from "../watched.ts";
import { newWorkspace, requestUnlimited, type Sent, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

/** Errors as D1 words them. */
const transient = [
  "D1_ERROR: Network connection lost.",
  "D1_ERROR: Internal error in D1 DB storage caused object to be reset.",
  "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
  "D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.",
  "D1_ERROR: D1 DB reset because its code was updated.",
];
const overloads = [
  "D1_ERROR: D1 DB is overloaded. Too many requests queued.",
  "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
];

function randomFrom(start: number) {
  let state = start;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Three of ten writes fail: `before` they run, or `after` the commit, so that only the answer is lost. */
function failing(when: "before" | "after") {
  const random = randomFrom(42);
  const faults = { count: 0 };
  const d1 = new WatchedDatabase(env.DB, async (run, statements) => {
    const fails = isWrite(statements) && random() < 0.3;
    const error = new Error(transient[Math.floor(random() * transient.length)]);
    if (fails) faults.count += 1;
    if (fails && when === "before") throw error;
    const result = await run();
    if (fails) throw error;
    return result;
  });
  return { d1, faults };
}

interface Sending {
  acknowledged: boolean;
  firstTry: boolean;
}

/** A client like the widget: it sends the same body with the same id until it is acknowledged. */
async function untilAcknowledged(sent: Sent, d1: D1Database): Promise<Sending> {
  for (let tries = 1; tries <= 10; tries += 1) {
    const answer = await requestUnlimited("/v1/responses", sent, d1);
    if (answer.ok) return { acknowledged: true, firstTry: tries === 1 };
    await expectProblem(answer, "overloaded");
    expect(answer.headers.get("retry-after")).toBe("5");
  }
  return { acknowledged: false, firstTry: false };
}

const answers = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    id: crypto.randomUUID(),
    touchpoint: "relationship",
    rating: n % 11,
  }));

test.each(["before", "after"] as const)(
  "when three of ten writes fail %s they run, nothing acknowledged is lost and nothing counts twice",
  async (when) => {
    const { d1, faults: faultsMet } = failing(when);
    // With four clients, some share a transaction and its fault, and others meet theirs alone.
    const clients = Array.from({ length: 4 }, () => answers(125));
    const sent = clients.flat();
    const sendings: Sending[] = [];
    const sendInTurn = async (list: typeof sent) => {
      for (const json of list)
        sendings.push(await untilAcknowledged({ key: workspace.publishable, json }, d1));
    };
    await Promise.all(clients.map(sendInTurn));
    // On a slow machine, all four share each transaction and its fault.
    expect(faultsMet.count).toBeGreaterThan(30);
    expect(sendings.filter(({ acknowledged }) => !acknowledged)).toEqual([]);
    expect(sendings.length).toBe(500);
    // Two retries hide all faults but 0.3 to the third: 2.7 %, about 14 of five hundred.
    const visible = sendings.filter(({ firstTry }) => !firstTry).length;
    expect(visible).toBeLessThanOrEqual(34);
    const { results } = await env.DB.prepare("SELECT id, rating FROM responses ORDER BY id").all();
    const byId = sent.map(({ id, rating }) => ({ id, rating })).sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(results).toEqual(byId);
    expect(await drift(env.DB)).toEqual([]);
  },
);

test("corrections, exclusions and erasures whose answers are lost are applied exactly once", async () => {
  const { d1 } = failing("after");
  const sent = answers(40);
  const key = workspace.write;
  const persist = async (path: string, request: Sent) => {
    for (let tries = 0; tries < 10; tries += 1) {
      const answer = await requestUnlimited(path, { key, ...request }, d1);
      if (answer.status !== 503) return answer.status;
    }
    return 503;
  };
  for (const [n, json] of sent.entries()) {
    const path = `/v1/responses/${json.id}`;
    expect(await persist("/v1/responses", { json })).toBeLessThan(300);
    expect(await persist("/v1/responses", { json: { ...json, rating: 3, revision: 1 } })).toBe(200);
    if (n % 2) expect(await persist(path, { method: "PATCH", json: { excluded: "test" } })).toBe(200);
    // If the answer to an erasure was lost, the retry finds nothing.
    if (n % 3 === 0) expect([204, 404]).toContain(await persist(path, { method: "DELETE" }));
  }
  const { results } = await env.DB.prepare(
    "SELECT exclusion, count(*) AS n FROM responses WHERE rating = 3 GROUP BY 1 ORDER BY 1",
  ).all();
  expect(results).toEqual([
    { exclusion: "", n: 13 },
    { exclusion: "erased", n: 14 },
    { exclusion: "test", n: 13 },
  ]);
  expect(await drift(env.DB)).toEqual([]);
});

/** A database in which everything fails with one error, and the number of times it was asked. */
function broken(text: string, which: (sql: string) => boolean = () => true) {
  const asked = { count: 0 };
  const d1 = new WatchedDatabase(env.DB, (run, statements) => {
    if (!statements.some(({ sql }) => which(sql))) return run();
    asked.count += 1;
    return Promise.reject(new Error(text));
  });
  return { d1, asked };
}
const onlyWrites = (sql: string) => /\b(INSERT|UPDATE|DELETE)\b/.test(sql);

test("an overloaded database is not asked again: the client is told to wait", async () => {
  for (const text of overloads) {
    const { d1, asked } = broken(text, onlyWrites);
    for (const json of answers(20)) {
      const answer = await requestUnlimited("/v1/responses", { key: workspace.publishable, json }, d1);
      const body = await expectProblem(answer, "overloaded");
      expect(answer.headers.get("retry-after")).toBe("5");
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
      expect(JSON.stringify(body)).not.toContain("queued");
    }
    expect(asked.count).toBe(20);
  }
  expect((await env.DB.prepare("SELECT * FROM responses").all()).results).toEqual([]);
});

test("a database that stays away is asked three times and then reported as busy", async () => {
  for (const text of transient) {
    const { d1, asked } = broken(text, onlyWrites);
    const [json] = answers(1);
    const answer = await requestUnlimited("/v1/responses", { key: workspace.publishable, json }, d1);
    await expectProblem(answer, "overloaded");
    expect([text, asked.count]).toEqual([text, 3]);
  }
});

test("a fault that nobody knows is a 500 that tells nothing of it, and is not tried again", async () => {
  const { d1, asked } = broken('D1_ERROR: canary 5f0e near "SELECT": syntax error', onlyWrites);
  const [json] = answers(1);
  const answer = await requestUnlimited("/v1/responses", { key: workspace.publishable, json }, d1);
  const body = await expectProblem(answer, "internal-error");
  expect(Object.keys(body).sort()).toEqual(["request_id", "status", "title", "type"]);
  expect(asked.count).toBe(1);
});

/** D1's documented errors with their meanings. */
const documented: Record<string, Meaning> = {
  "D1_ERROR: D1 DB reset because its code was updated.": "transient",
  "D1_ERROR: Internal error while starting up D1 DB storage caused object to be reset.": "transient",
  "D1_ERROR: Network connection lost.": "transient",
  "D1_ERROR: Internal error in D1 DB storage caused object to be reset.": "transient",
  "D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.": "transient",
  "D1_ERROR: Can't read from request stream because client disconnected.": "transient",
  "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.": "transient",
  "D1_ERROR: internal error; reference = 0123456789abcdef": "transient",
  // From the local database file, when another process has it open.
  "D1_ERROR: database is locked: SQLITE_BUSY": "transient",
  "D1_ERROR: D1 DB is overloaded. Requests queued for too long.": "busy",
  "D1_ERROR: D1 DB is overloaded. Too many requests queued.": "busy",
  "D1_ERROR: D1 DB's isolate exceeded its memory limit and was reset.": "busy",
  "D1_ERROR: D1 DB exceeded its CPU time limit and was reset.": "busy",
  "D1_ERROR: Your account has exceeded D1's free tier daily row read limit. Upgrade to a paid plan or wait until tomorrow (midnight UTC) to continue.":
    "busy",
  "D1_ERROR: Your account has exceeded D1's free tier daily row write limit. Upgrade to a paid plan or wait until tomorrow (midnight UTC) to continue.":
    "busy",
  "D1_ERROR: Exceeded maximum DB size": "busy",
  "D1_ERROR: Your account has exceeded D1's maximum account storage limit, please contact Cloudflare to raise your limit":
    "busy",
  "Too many API requests by single worker invocation.": "ours",
  "D1_ERROR: too many SQL variables at offset 230: SQLITE_ERROR": "ours",
  "D1_ERROR: string or blob too big: SQLITE_TOOBIG": "ours",
  "D1_ERROR: statement too long: SQLITE_TOOBIG": "ours",
  "D1_ERROR: LIKE or GLOB pattern too complex: SQLITE_ERROR": "ours",
  "D1_TYPE_ERROR: Type 'undefined' not supported for value 'undefined'": "ours",
  "D1_COLUMN_NOTFOUND: Column not found (canary)": "ours",
  'D1_EXEC_ERROR: Error in line 1: INSERTZ: near "INSERTZ": syntax error': "ours",
  "D1_ERROR: No SQL statements detected.": "ours",
  "D1_ERROR: UNIQUE constraint failed: surveys.id: SQLITE_CONSTRAINT": "ours",
  "D1_ERROR: no such table: canary: SQLITE_ERROR": "ours",
};

test("whatever D1's documents name is tried again, put off, or our own bug, which the log names without its text", async () => {
  const found = new Set<string>();
  for (const [text, is] of Object.entries(documented)) {
    const { d1, asked } = broken(text, onlyWrites);
    const log = vi.spyOn(console, "error");
    const [json] = answers(1);
    const answer = await requestUnlimited("/v1/responses", { key: workspace.publishable, json }, d1);
    await expectProblem(answer, is === "ours" ? "internal-error" : "overloaded", undefined, text);
    expect([text, asked.count]).toEqual([text, is === "transient" ? 3 : 1]);
    expect(answer.headers.has("retry-after")).toBe(is !== "ours");
    const fault = faultOf(new Error(text));
    const [line = ""] = log.mock.calls.map(String);
    expect(JSON.parse(line)).toMatchObject({ fault: fault?.name });
    expect([fault?.is, line.includes(text)]).toEqual([is, false]);
    if (fault) found.add(fault.name);
    log.mockRestore();
  }
  expect([...found].sort()).toEqual(faults.map(({ name }) => name).sort());
});

test("what the plan grants by the day is waited for until midnight UTC", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-10-01T23:00:00Z") });
  const { d1 } = broken(
    "D1_ERROR: Your account has exceeded D1's free tier daily row read limit.",
    onlyWrites,
  );
  const [json] = answers(1);
  const answer = await requestUnlimited("/v1/responses", { key: workspace.publishable, json }, d1);
  vi.useRealTimers();
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "3600"]);
});

test("an impression is tried once: whether it was counted cannot be known", async () => {
  const { d1, asked } = broken("D1_ERROR: Network connection lost.", onlyWrites);
  const json = { touchpoint: "checkout", survey: workspace.surveys.csat };
  const answer = await requestUnlimited("/v1/impressions", { key: workspace.publishable, json }, d1);
  await expectProblem(answer, "overloaded");
  expect(asked.count).toBe(1);
});

test("a touchpoint, a survey and a key whose first answer was lost are created once", async () => {
  const lose = () => {
    let lost = false;
    return new WatchedDatabase(env.DB, async (run, statements) => {
      const result = await run();
      if (lost || !isWrite(statements)) return result;
      lost = true;
      throw new Error("D1_ERROR: Network connection lost.");
    });
  };
  const bodies = {
    "/v1/touchpoints": { name: "new" },
    "/v1/surveys": { name: "new", kind: "nps", subject: "us" },
    "/v1/keys": { name: "new", kind: "secret" },
  };
  for (const [path, json] of Object.entries(bodies)) {
    const answer = await requestUnlimited(path, { key: workspace.write, json }, lose());
    expect([answer.status, path]).toEqual([201, path]);
    const table = path.slice("/v1/".length);
    const made = await env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE name = 'new'`).first("n");
    expect([made, path]).toEqual([1, path]);
  }
});

test("every endpoint that needs the database says so when it is away, and none answers a stack", async () => {
  const { d1 } = broken("D1_ERROR: Network connection lost.");
  const { read, write, publishable } = workspace;
  for (const [path, key] of [
    ["/v1/ask?touchpoint=checkout", publishable],
    ["/v1/responses", read],
    ["/v1/scores", read],
    ["/v1/touchpoints/checkout/score", read],
    ["/v1/surveys", read],
    ["/v1/keys", write],
    ["/v1/workspace", write],
  ] as const)
    await expectProblem(await requestUnlimited(path, { key }, d1), "overloaded", undefined, path);
});
