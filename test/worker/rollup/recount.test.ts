import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { dayMs, quarterMs } from "../../../shared/time/durations.ts";
import type { NewResponse } from "../../../worker/responses/db/response.ts";
import { removeResponses } from "../../../worker/responses/db/responses.ts";
import { saveResponses } from "../../../worker/responses/db/save.ts";
import { settleBlocks } from "../../../worker/rollup/blocks.ts";
import { continueBreakdowns, countChunk, declareBreakdown } from "../../../worker/rollup/breakdowns.ts";
import {
  after,
  beginning,
  differences,
  nextShard,
  repairShard,
  type Shard,
} from "../../../worker/rollup/recount.ts";
import { drift } from "../../recount.ts";
import { newWorkspace, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const noon = Date.parse("2026-10-01T12:00:00Z");
const responses = (count: number): NewResponse[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `id ${n}`,
    touchpointRef: (n % 3) + 1,
    surveyRef: (n % 3) + 1,
    rating: n % 11,
    comment: null,
    channel: n % 2 ? "api" : "widget",
    locale: n % 4 ? "de" : null,
    respondent: null,
    revision: 0,
    properties: { plan: `plan ${n % 5}` },
    answeredAt: noon + (n % 7) * 4 * dayMs + (n % 13) * quarterMs,
  }));

/**
 * Four weeks of responses, counted by plan, a third of them by locale, and by a breakdown being removed; three blocks settled.
 */
async function fill(count: number): Promise<void> {
  const { db, ref } = workspace;
  await saveResponses(db, ref, responses(count), noon);
  await declareBreakdown(db, ref, "property:plan", noon);
  await declareBreakdown(db, ref, "property:gone", noon);
  await continueBreakdowns(db, 3);
  await env.DB.exec("UPDATE breakdowns SET removed_at = 1 WHERE dimension = 'property:gone'");
  await declareBreakdown(db, ref, "locale", noon);
  await countChunk(db, 3, Math.ceil(count / 3));
  await settleBlocks(db, noon + 21 * dayMs, 10);
}

async function shards(size: number): Promise<Shard[]> {
  const found: Shard[] = [];
  let place = beginning;
  for (;;) {
    const shard = await nextShard(workspace.db, place, size);
    if (!shard) return found;
    found.push(shard);
    place = after(shard);
  }
}

async function allDifferences(size: number) {
  const found = [];
  for (const shard of await shards(size)) found.push(...(await differences(workspace.db, shard)));
  return found;
}

test("shards hold every day of every workspace once, and at most as many responses as asked for, or one day", async () => {
  await fill(70);
  const other = await newWorkspace();
  const [first, ...rest] = await shards(10);
  // Ten on each of seven days, every fourth day.
  expect(first).toMatchObject({ workspace: workspace.ref, to: Math.floor(noon / dayMs) + 4 });
  const own = [first, ...rest].filter((shard) => shard?.workspace === workspace.ref);
  expect(own.length).toBe(7);
  for (const [index, shard] of own.slice(1).entries()) expect(shard?.from).toBe(own[index]?.to);
  expect(rest.at(-1)).toEqual({ workspace: other.ref, from: -100_000_000, to: 100_000_000 });
  expect(await shards(1000)).toHaveLength(2);
});

test("an exact roll-up has no differences, whatever its breakdowns are doing", async () => {
  await fill(200);
  expect(await allDifferences(30)).toEqual([]);
});

/** A change of one counter that never happens in operation; `by` is never 0. */
const corruption = fc.record({
  cell: fc.nat(),
  rating: fc.nat({ max: 10 }),
  quarter: fc.option(fc.record({ hour: fc.nat({ max: 23 }), of: fc.nat({ max: 3 }) })),
  by: fc.integer({ min: 1, max: 9 }),
});

test("each corrupted counter is found and named, and a repair leaves none", async () => {
  await fill(200);
  const { results: cells } = await env.DB.prepare(
    `SELECT workspace_ref, touchpoint_ref, value_ref, day, survey_ref, channel, exclusion FROM rating_counts
     WHERE value_ref NOT IN (SELECT ref FROM breakdown_values WHERE breakdown_ref = 2)`,
  ).all<Record<string, string | number>>();
  const property = fc.asyncProperty(
    fc.uniqueArray(corruption, {
      minLength: 1,
      maxLength: 40,
      selector: ({ cell, rating, quarter }) => JSON.stringify([cell % cells.length, rating, quarter]),
    }),
    async (corruptions) => {
      await env.DB.batch(
        corruptions.map(({ cell, rating, quarter, by }) => {
          const path = quarter && `'$."${quarter.hour}"."${quarter.of}"."${rating}"'`;
          const change = path
            ? `quarters = jsonb_set(quarters, ${path}, COALESCE(quarters ->> ${path}, 0) + ${by})`
            : `r${rating} = r${rating} + ${by}`;
          const key = Object.entries(cells[cell % cells.length] ?? {});
          const where = key.map(([name, value]) => `${name} = '${value}'`).join(" AND ");
          return env.DB.prepare(`UPDATE rating_counts SET ${change} WHERE ${where}`);
        }),
      );
      // A wrong cell also makes its block differ.
      const found = (await allDifferences(50)).filter(({ days }) => days === 1);
      expect(found.length).toBe(corruptions.length);
      for (const shard of await shards(50)) await repairShard(workspace.db, shard);
      expect(await allDifferences(50)).toEqual([]);
    },
  );
  await fc.assert(property, { seed: 20_261_003, numRuns: 25, endOnFailure: true });
  await finish();
  expect(await drift(env.DB)).toEqual([]);
});

/** Runs until no breakdown is being counted or removed. */
const finish = () => continueBreakdowns(workspace.db, 5);

test("cells that are missing, that should not be, or that hold no JSON are found and repaired", async () => {
  await fill(100);
  await env.DB.exec("DELETE FROM rating_counts WHERE touchpoint_ref = 2 AND value_ref IN (0, 3)");
  await env.DB.exec("UPDATE rating_counts SET quarters = x'ffff' WHERE touchpoint_ref = 1 AND value_ref = 0");
  for (const [name, value] of Object.entries({
    touchpoint_ref: 77,
    value_ref: 99,
    day: -5,
    channel: "'x'",
  })) {
    const columns = "workspace_ref, touchpoint_ref, value_ref, day, survey_ref, channel, exclusion";
    const ratings = Array.from({ length: 11 }, (_, rating) => `r${rating}`).join(", ");
    await env.DB.exec(
      `INSERT INTO rating_counts (${columns}, ${ratings}, quarters) SELECT ${columns.replace(name, String(value))}, ${ratings}, quarters
       FROM rating_counts WHERE touchpoint_ref = 3 AND value_ref = 0 LIMIT 1`.replaceAll("\n", " "),
    );
  }
  const found = await allDifferences(40);
  expect(new Set(found.map(({ touchpoint }) => touchpoint))).toEqual(
    new Set(["relationship", "checkout", "ticket-closed", 77]),
  );
  for (const shard of await shards(40)) await repairShard(workspace.db, shard);
  await finish();
  expect(await drift(env.DB)).toEqual([]);
});

test("a block that is not the sum of its cells is found and repaired, and so is one that is missing", async () => {
  await fill(200);
  await env.DB.exec(
    "UPDATE block_counts SET r5 = r5 + 1, r6 = r6 + 1 WHERE touchpoint_ref = 1 AND value_ref = 0",
  );
  await env.DB.exec("DELETE FROM block_counts WHERE touchpoint_ref = 2");
  const found = await allDifferences(50);
  expect(found.length).toBeGreaterThan(10);
  for (const { days, hour, wanted, found: is } of found)
    expect([days, hour, wanted === is]).toEqual([8, null, false]);
  for (const shard of await shards(50)) await repairShard(workspace.db, shard);
  expect(await allDifferences(50)).toEqual([]);
});

test("beside writers nothing is reported, and a repair spoils nothing", async () => {
  await fill(100);
  const { db, ref } = workspace;
  const list = responses(300);
  const write = async () => {
    for (let n = 100; n < 300; n += 5) {
      await saveResponses(db, ref, list.slice(n, n + 5), noon);
      await removeResponses(db, ref, [`id ${n - 50}`]);
    }
  };
  const found: unknown[] = [];
  const check = async () => {
    for (const shard of await shards(30)) {
      found.push(...(await differences(db, shard)));
      await repairShard(db, shard);
    }
  };
  await Promise.all([write(), check(), check(), write()]);
  expect(found).toEqual([]);
  await finish();
  expect(await drift(env.DB)).toEqual([]);
});

test("a repair writes the differing cells and no others", async () => {
  await fill(200);
  await env.DB.exec(
    "UPDATE rating_counts SET r5 = r5 + 1 WHERE touchpoint_ref = 1 AND value_ref = 0 AND channel = 'api'",
  );
  const wrong = (await allDifferences(1000)).filter(({ days }) => days === 1);
  const changed = new Set(wrong.map(({ day }) => day)).size;
  const before = workspace.db.rowsWritten;
  for (const shard of await shards(1000)) await repairShard(workspace.db, shard);
  expect(changed).toBeGreaterThan(2);
  // The blocks were never wrong.
  expect(workspace.db.rowsWritten - before).toBe(changed);
});
