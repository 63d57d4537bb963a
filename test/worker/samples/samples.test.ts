import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { Scores } from "../../../shared/contract/scores.ts";
import { KINDS } from "../../../shared/surveys/kinds.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import { settleBlocks } from "../../../worker/rollup/blocks.ts";
import { drift } from "../../recount.ts";
import { expectProblem } from "../problems.ts";
import { newWorkspace, requestUnlimited } from "../workspace.ts";
import { answersOf, ask, kinds, load, part, read, setUp, workIn, workspace } from "./samples-fixture.ts";

setUp();

/** All rows of all tables but the log, and the settings of the schema. */
async function everything(): Promise<Record<string, unknown[]>> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT IN ('audit_entries', 'sqlite_sequence')",
  ).all<{ name: string }>();
  const tables = await Promise.all(
    results.map(async ({ name }) => [name, (await env.DB.prepare(`SELECT * FROM ${name}`).all()).results]),
  );
  return Object.fromEntries(tables);
}

/** A workspace in use: answers, one left out, counted by two breakdowns, of which one is of the sample's property. */
async function use(): Promise<void> {
  for (const dimension of ["property:plan", "property:sample"])
    await read("POST", "/v1/breakdowns", { dimension });
  const responses = Array.from({ length: 40 }, (_, n) => ({
    id: crypto.randomUUID(),
    touchpoint: n % 2 ? "relationship" : "checkout",
    rating: (n % 5) + 1,
    properties: { plan: n % 3 ? "pro" : "free", sample: true },
    answered_at: new Date(Date.now() - n * dayMs).toISOString(),
  }));
  await read("POST", "/v1/responses/batch", { responses });
  await read("PATCH", `/v1/responses/${responses[0]?.id}`, { excluded: "test" });
}

test("a sample is loaded in parts: a touchpoint for each kind, with six weeks of answers and comments", async () => {
  expect(await part("GET")).toEqual({ loaded: 0, total: kinds.length, data: [] });
  for (const index of kinds.keys()) expect(await part("POST")).toMatchObject({ loaded: index + 1 });
  const { loaded, total, data } = await part("POST");
  expect([loaded, total]).toEqual([kinds.length, kinds.length]);
  expect(data.map(({ touchpoint }) => touchpoint)).toEqual(kinds.map((kind) => `sample-${kind}`).sort());
  for (const { touchpoint, survey, kind } of data) {
    expect(await read("GET", `/v1/touchpoints/${touchpoint}`)).toMatchObject({ sample: true, survey });
    expect(await read("GET", `/v1/surveys/${survey}`)).toMatchObject({
      name: `Sample: ${KINDS[kind]?.title}`,
      subject: "Sample shop",
    });
    const score = await read("GET", `/v1/touchpoints/${touchpoint}/score?period=90d&group_by=channel`);
    expect(score).toMatchObject({ n: answersOf, small_sample: false });
    expect(score.data.length).toBe(3);
    const list = await read("GET", `/v1/responses?touchpoint=${touchpoint}&comment=true&limit=100`);
    expect(list.data.length).toBeGreaterThan(10);
    for (const { properties, respondent } of list.data)
      expect([properties, respondent]).toEqual([{ sample: true }, null]);
  }
  expect(await drift(env.DB)).toEqual([]);
  const { results } = await env.DB.prepare("SELECT MIN(answered_at) AS first FROM responses").all();
  expect(Date.now() - Number(results[0]?.first)).toBeLessThan(43 * dayMs);
});

test("of many who load at once, and of one whose answer was lost, each part is there once", async () => {
  await Promise.all(Array.from({ length: 12 }, () => ask("POST", "/v1/samples")));
  await load();
  const count = (sql: string) => env.DB.prepare(sql).first<number>("n");
  expect(await count("SELECT COUNT(*) AS n FROM touchpoints WHERE sample = 1")).toBe(kinds.length);
  expect(await count("SELECT COUNT(*) AS n FROM surveys WHERE sample = 1")).toBe(kinds.length);
  expect(await count("SELECT COUNT(*) AS n FROM responses")).toBe(kinds.length * answersOf);
  expect(await count("SELECT COUNT(*) AS n FROM audit_entries WHERE what = 'sample.loaded'")).toBe(
    kinds.length,
  );
  expect(await drift(env.DB)).toEqual([]);
});

test("what was loaded goes without a trace, in a workspace in use, whatever happened to it meanwhile", async () => {
  await use();
  const before = await everything();
  await load();
  const sample = (await read("GET", "/v1/responses?touchpoint=sample-nps&limit=3")).data;
  await read("PATCH", `/v1/responses/${sample[0].id}`, { excluded: "test" });
  await read("DELETE", `/v1/responses/${sample[1].id}`);
  const { data } = await part("GET");
  const free = { id: "why", kind: "text", texts: { en: { question: "Why?" } } };
  await read("PATCH", `/v1/surveys/${data[0]?.survey}`, { subject: "us", steps: [free] });
  await read("PATCH", `/v1/surveys/${data[0]?.survey}`, { steps: [] });
  await read("DELETE", `/v1/touchpoints/${data[1]?.touchpoint}`);
  await requestUnlimited(`/v1/ask?touchpoint=sample-nps`, {
    key: workspace.publishable,
    headers: { origin: "https://shop.example" },
  });
  await settleBlocks(workspace.db, Date.now(), 100);
  expect(await drift(env.DB)).toEqual([]);
  const settled = await everything();
  for (const index of kinds.keys())
    expect(await part("DELETE")).toMatchObject({ loaded: kinds.length - index - 1 });
  expect(await part("DELETE")).toEqual({ loaded: 0, total: kinds.length, data: [] });
  expect(await drift(env.DB)).toEqual([]);
  const after = await everything();
  const withoutSettled = (rows: unknown) =>
    (rows as Record<string, unknown>[]).map((row) => ({ ...row, settled_to: 0 }));
  expect(withoutSettled(after.touchpoints)).toEqual(withoutSettled(before.touchpoints));
  const own = (before.touchpoints as { ref: number }[]).map(({ ref }) => ref);
  expect(after.block_counts).toEqual(
    (settled.block_counts as { touchpoint_ref: number }[]).filter((row) => own.includes(row.touchpoint_ref)),
  );
  for (const table of Object.keys(before).filter(
    (name) => !["touchpoints", "block_counts", "due_jobs"].includes(name),
  ))
    expect(after[table], table).toEqual(before[table]);
});

test("what is loaded in part is gone on with, or removed", async () => {
  await part("POST");
  await part("POST");
  expect(await part("DELETE")).toMatchObject({ loaded: 1 });
  await Promise.all(Array.from({ length: 5 }, () => ask("DELETE", "/v1/samples")));
  expect(await part("GET")).toMatchObject({ loaded: 0 });
  await load();
  expect(await part("GET")).toMatchObject({ loaded: kinds.length });
  expect(await drift(env.DB)).toEqual([]);
});

test("samples are added up with nothing real, and stand beside it where touchpoints stand apart", async () => {
  await use();
  const questions = [
    "",
    "&group_by=channel",
    "&group_by=survey",
    "&kind=csat",
    "&group_by=property:sample",
  ].map((query) => `/v1/scores?period=90d&touchpoint=checkout${query}`);
  const over = [
    "kind=csat",
    "group_by=channel&kind=nps",
    "group_by=survey",
    "group_by=property:sample&kind=csat",
  ].map((query) => `/v1/scores?period=90d&${query}`);
  const scores = () =>
    Promise.all([...questions, ...over].map(async (path) => Scores.parse(await read("GET", path)).data));
  const before = await scores();
  await load();
  expect(await scores()).toEqual(before);
  const { data } = Scores.parse(await read("GET", "/v1/scores?period=90d&group_by=touchpoint"));
  expect(data.length).toBe(2 + kinds.length);
  const named = await read("GET", "/v1/scores?period=90d&touchpoint=sample-csat");
  expect(named.data[0].n).toBe(answersOf);
});

test("samples are asked, answered, mailed, linked, published and changed nowhere", async () => {
  await load();
  const mail = { from: { address: "ask@shop.example", name: "Shop" }, postal_address: "1 Main Street" };
  await read("PATCH", "/v1/workspace", { mail });
  const { data } = await part("GET");
  const survey = data.find(({ kind }) => kind === "csat")?.survey;
  const touchpoint = "sample-csat";
  const page = await requestUnlimited(`/v1/ask?touchpoint=${touchpoint}`, { key: workspace.publishable });
  expect(page.status).toBe(204);
  const answer = { id: crypto.randomUUID(), rating: 3 };
  const real = { touchpoint: "checkout", survey };
  for (const place of [
    { touchpoint },
    { touchpoint, survey },
    { touchpoint, survey: workspace.surveys.csat },
    real,
  ]) {
    for (const key of [workspace.publishable, workspace.write]) {
      const refused = await requestUnlimited("/v1/responses", { key, json: { ...answer, ...place } });
      expect((await expectProblem(refused, "invalid-input")).status).toBe(422);
    }
    for (const path of ["/v1/links", "/v1/sends", "/v1/campaigns"])
      expect(
        (
          await ask("POST", path, {
            ...place,
            name: "a",
            ...(path === "/v1/sends" && { email: "a@shop.example" }),
          })
        ).status,
        path,
      ).toBe(422);
  }
  const patches = [{ public_score: { period: "90d", threshold: 10 } }, { automatic: true }, { survey: null }];
  for (const json of patches)
    await expectProblem(await ask("PATCH", `/v1/touchpoints/${touchpoint}`, json), "conflict");
  for (const [method, path] of [
    ["PATCH", "/v1/touchpoints/checkout"],
    ["POST", "/v1/touchpoints"],
  ] as const)
    await expectProblem(
      await ask(method, path, { survey, ...(method === "POST" && { name: "new" }) }),
      "invalid-input",
      ["/survey"],
    );
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM responses").first<number>("n")).toBe(
    kinds.length * answersOf,
  );
});

test("a touchpoint of one's own that has the name is neither used nor removed", async () => {
  const survey = workspace.surveys.csat;
  await read("POST", "/v1/touchpoints", { name: "sample-csat", survey });
  await read("POST", "/v1/responses", { id: crypto.randomUUID(), touchpoint: "sample-csat", rating: 3 });
  await part("POST");
  const refused = await expectProblem(await ask("POST", "/v1/samples"), "conflict");
  expect(refused.detail).toContain("sample-csat");
  while ((await part("GET")).loaded > 0) await part("DELETE");
  const score = await read("GET", "/v1/touchpoints/sample-csat/score");
  expect(score.n).toBe(1);
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM surveys WHERE sample = 1").first<number>("n")).toBe(
    0,
  );
});

test("a sample belongs to its workspace", async () => {
  const other = workspace;
  await load();
  workIn(await newWorkspace());
  expect(await part("GET")).toMatchObject({ loaded: 0 });
  await load();
  while ((await part("GET")).loaded > 0) await part("DELETE");
  workIn(other);
  expect(await part("GET")).toMatchObject({ loaded: kinds.length });
  expect(await drift(env.DB)).toEqual([]);
});
