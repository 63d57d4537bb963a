import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import * as z from "zod";
import { Breakdown, Breakdowns } from "../../../shared/contract/breakdowns.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import { Database } from "../../../worker/db/database.ts";
import { excludeResponse } from "../../../worker/responses/db/responses.ts";
import { settleBlocks } from "../../../worker/rollup/blocks.ts";
import {
  continueBreakdowns,
  countChunk,
  declareBreakdown,
  removeBreakdown,
} from "../../../worker/rollup/breakdowns.ts";
import { drift } from "../../recount.ts";
import { expectProblem } from "../problems.ts";
import { WatchedDatabase } from "../watched.ts";
import { requestUnlimited } from "../workspace.ts";
import { db, declare, noon, setUp, workspace } from "./breakdowns-fixture.ts";

setUp();

const Scores = z.object({
  source: z.string(),
  data: z.array(z.object({ group: z.record(z.string(), z.string()), n: z.int() })),
});

const plans = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    id: crypto.randomUUID(),
    touchpoint: "checkout",
    rating: (n % 5) + 1,
    properties: { plan: `plan ${n}` },
  }));

const send = (responses: object[]) =>
  requestUnlimited("/v1/responses/batch", { key: workspace.write, json: { responses } });

const read = async (dimension: string) => {
  const answer = await requestUnlimited(`/v1/breakdowns/${dimension}`, { key: workspace.read });
  return Breakdown.parse(await answer.json());
};

test("a breakdown counts the responses that were there before, and those that come", async () => {
  await send(plans(3));
  const answer = await declare("property:plan");
  expect(answer.status).toBe(201);
  expect(Breakdown.parse(await answer.json())).toMatchObject({
    dimension: "property:plan",
    ready: false,
    progress: { counted: 0, total: 3 },
    values: 0,
  });
  await send(plans(4));
  const done = { ready: true, progress: { counted: 3, total: 3 }, values: 4 };
  expect(await read("property:plan")).toMatchObject(done);
  const all = await requestUnlimited("/v1/breakdowns", { key: workspace.read });
  expect(Breakdowns.parse(await all.json()).data).toMatchObject([done]);
  expect(await drift(env.DB)).toEqual([]);
});

test("the same declaration again answers the breakdown that is there", async () => {
  const first = await declare("locale");
  const again = await declare("locale");
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(await again.json()).toMatchObject({ dimension: "locale", ready: true });
});

test("beyond ten breakdowns a declaration is refused, until one is removed", async () => {
  for (let n = 0; n < 10; n++) expect((await declare(`property:p${n}`)).status).toBe(201);
  await expectProblem(await declare("property:p10"), "conflict", ["/dimension"]);
  expect((await declare("property:p9")).status).toBe(200);
  await requestUnlimited("/v1/breakdowns/property:p3", { key: workspace.write, method: "DELETE" });
  expect((await declare("property:p10")).status).toBe(201);
});

test("what is no dimension is refused, with the field", async () => {
  for (const dimension of ["plan", "property:", "property:1a", "property:a'b", "Locale", "channel", 1, null])
    await expectProblem(
      await requestUnlimited("/v1/breakdowns", { key: workspace.write, json: { dimension } }),
      ...(["invalid-input", ["/dimension"]] as const),
      String(dimension),
    );
});

test("the first two hundred values are counted by themselves and all others together", async () => {
  await send(plans(205));
  await declare("property:plan");
  await send(plans(207));
  expect(await read("property:plan")).toMatchObject({ ready: true, values: 200 });
  const other = await env.DB.prepare(
    "SELECT SUM(r1 + r2 + r3 + r4 + r5) FROM rating_counts JOIN breakdown_values ON ref = value_ref WHERE value = '(other)'",
  ).first();
  expect(Object.values(other ?? {})).toEqual([12]);
  expect(await drift(env.DB)).toEqual([]);
});

/** Rows from strangers, each with its own made-up value. */
const junk = (dimension: string, count: number) =>
  Array.from({ length: count }, (_, n) => claiming(dimension, `aa-${String(n).padStart(4, "x")}`));

const claiming = (dimension: string, value: string) => ({
  id: crypto.randomUUID(),
  touchpoint: "checkout",
  rating: 4,
  ...(dimension === "locale" ? { locale: value } : { properties: { plan: value } }),
});

const valuesOf = async (dimension: string) => {
  const { results } = await env.DB.prepare(
    "SELECT value FROM breakdown_values JOIN breakdowns ON breakdowns.ref = breakdown_ref WHERE dimension = ? AND removed_at IS NULL",
  )
    .bind(dimension)
    .all<{ value: string }>();
  return results.map(({ value }) => value);
};

test.each(["property:plan", "locale"])(
  "what strangers claim does not push out the values of %s that its owner lists",
  async (dimension) => {
    expect((await declare(dimension, ["de", "fr"])).status).toBe(201);
    await send(junk(dimension, 250));
    await send(["de", "fr", "de", "it"].map((value) => claiming(dimension, value)));
    expect(await read(dimension)).toMatchObject({ listed: true, values: 2 });
    expect((await valuesOf(dimension)).sort()).toEqual(["(none)", "(other)", "de", "fr"]);
    const answer = await requestUnlimited(`/v1/scores?touchpoint=checkout&group_by=${dimension}`, {
      key: workspace.read,
    });
    const { source, data } = Scores.parse(await answer.json());
    expect(source).toBe("counts");
    expect(data.map(({ group, n }) => `${group[dimension]} ${n}`).sort()).toEqual([
      "(other) 251",
      "de 2",
      "fr 1",
    ]);
    expect(await drift(env.DB)).toEqual([]);
  },
);

test.each(["property:plan", "locale"])(
  "of the values of %s that are there, the most frequent of counted responses are kept",
  async (dimension) => {
    await send(junk(dimension, 300));
    await send(["de", "de", "fr", "fr"].map((value) => claiming(dimension, value)));
    await declare(dimension);
    expect(await read(dimension)).toMatchObject({ listed: false, ready: true, values: 200 });
    expect(await valuesOf(dimension)).toEqual(expect.arrayContaining(["de", "fr"]));
    expect(await drift(env.DB)).toEqual([]);
  },
);

test("where junk has taken the room, excluding it and declaring anew gives it back", async () => {
  await declare("property:plan");
  // Their ids sort first, so that counting by id meets the junk first.
  const claimed = junk("property:plan", 250).map((row) => ({
    ...row,
    id: row.id.replace(/^.{8}/, "00000000"),
  }));
  await send(claimed);
  await send([claiming("property:plan", "pro")]);
  expect(await valuesOf("property:plan")).not.toContain("pro");
  for (const { id } of claimed) await excludeResponse(db, workspace.ref, id, "test", noon);
  await removeBreakdown(db, workspace.ref, "property:plan", noon);
  await continueBreakdowns(db, 10);
  await declare("property:plan");
  expect(await read("property:plan")).toMatchObject({ ready: true, values: 200 });
  expect(await valuesOf("property:plan")).toContain("pro");
  expect(await drift(env.DB)).toEqual([]);
});

test("a list of values is the one that was given first, and another one is refused", async () => {
  expect((await declare("locale", ["de", "fr"])).status).toBe(201);
  expect((await declare("locale", ["fr", "de"])).status).toBe(200);
  expect((await declare("locale")).status).toBe(200);
  for (const values of [["de"], ["de", "it"], ["de", "fr", "it"]])
    await expectProblem(await declare("locale", values), "conflict", ["/values"]);
  expect((await declare("property:plan")).status).toBe(201);
  await expectProblem(await declare("property:plan", ["pro"]), "conflict", ["/values"]);
  expect(await valuesOf("locale")).toEqual(["(none)", "(other)", "de", "fr"]);
});

test("what is no list of values is refused, with the field", async () => {
  const many = Array.from({ length: 201 }, (_, n) => `v${n}`);
  for (const values of [[], ["de", "de"], ["(other)"], ["(none)"], [""], [1], many, "de"]) {
    const json = { dimension: "locale", values };
    const answer = await requestUnlimited("/v1/breakdowns", { key: workspace.write, json });
    const { errors } = await expectProblem(answer, "invalid-input");
    expect(errors?.[0]?.pointer, JSON.stringify(values)).toMatch(/^\/values/);
  }
});

test("a removed breakdown is gone at once, its counts soon after, and it can be declared anew", async () => {
  await send(plans(5));
  await declare("property:plan");
  await settleBlocks(db, Date.now() + 30 * dayMs, 10);
  await removeBreakdown(db, workspace.ref, "property:plan", noon);
  await expectProblem(
    await requestUnlimited("/v1/breakdowns/property:plan", { key: workspace.read }),
    "not-found",
  );
  await expectProblem(await declare("property:plan"), "conflict", ["/dimension"]);
  await continueBreakdowns(db, 10);
  for (const table of [
    "breakdowns",
    "breakdown_values",
    "rating_counts WHERE value_ref > 0",
    "block_counts WHERE value_ref > 0",
  ])
    expect(await env.DB.prepare(`SELECT COUNT(*) AS n FROM ${table}`).first("n"), table).toBe(0);
  expect((await declare("property:plan")).status).toBe(201);
  expect(await read("property:plan")).toMatchObject({ ready: true, values: 5 });
});

test("a chunk that fails at its end has changed nothing", async () => {
  await send(plans(5));
  await declareBreakdown(db, workspace.ref, "property:plan", noon);
  const tables = async () =>
    Promise.all(
      ["breakdowns", "breakdown_values", "rating_counts"].map(
        async (table) => (await env.DB.prepare(`SELECT * FROM ${table}`).all()).results,
      ),
    );
  const before = await tables();
  await env.DB.prepare(
    "CREATE TRIGGER failing BEFORE UPDATE ON breakdowns BEGIN SELECT RAISE(ABORT, 'killed'); END",
  ).run();
  await expect(continueBreakdowns(db, 1)).rejects.toThrow(/killed/);
  expect(await tables()).toEqual(before);
  await env.DB.exec("DROP TRIGGER failing");
  await continueBreakdowns(db, 1);
  expect(await read("property:plan")).toMatchObject({ ready: true, progress: { counted: 5, total: 5 } });
});

test("two runners at once, whose answers are lost at times, count every response once", async () => {
  await send(plans(60));
  await declareBreakdown(db, workspace.ref, "property:plan", noon);
  const ref = await env.DB.prepare("SELECT ref FROM breakdowns").first<number>("ref");
  let batches = 0;
  const losing = new WatchedDatabase(env.DB, async (run) => {
    const result = await run();
    batches += 1;
    if (batches % 3 === 0) throw new Error("D1_ERROR: Network connection lost.");
    return result;
  });
  const runner = async () => {
    const lossy = new Database(losing);
    for (let n = 0; n < 12; n++) await countChunk(lossy, ref ?? 0, 7);
  };
  await Promise.all([runner(), runner()]);
  expect(await read("property:plan")).toMatchObject({ ready: true, progress: { counted: 60, total: 60 } });
  expect(await drift(env.DB)).toEqual([]);
});

test("a chunk costs as many read rows in a full workspace as in an empty one", async () => {
  await declareBreakdown(db, workspace.ref, "locale", noon);
  const cost = async () => {
    const before = db.rowsRead;
    await countChunk(db, 1, 5);
    return db.rowsRead - before;
  };
  await send(plans(10));
  const first = await cost();
  await send(plans(500));
  expect(await cost()).toBeLessThanOrEqual(first + 40);
});
