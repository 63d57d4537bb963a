import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dayMs, quarterMs } from "../../../shared/time/durations.ts";
import type { NewResponse } from "../../../worker/responses/db/response.ts";
import { eraseResponse, excludeResponse, removeResponses } from "../../../worker/responses/db/responses.ts";
import { saveResponses } from "../../../worker/responses/db/save.ts";
import { drift } from "../../recount.ts";
import { newWorkspace } from "../workspace.ts";

const base = Date.parse("2026-10-01T00:00:00Z");

/** Few ids, so that they collide; instants at the edges of days and quarter-hours, where counting goes wrong. */
const id = fc.constantFrom("a", "b", "c", "d");
const instant = fc
  .tuple(fc.constantFrom(0, quarterMs, dayMs), fc.constantFrom(-1, 0, 1))
  .map(([offset, ms]) => base + offset + ms);
const response: fc.Arbitrary<NewResponse> = fc.record({
  id,
  touchpointRef: fc.constantFrom(1, 1, 1, 2),
  surveyRef: fc.constantFrom(1, 1, 1, 2),
  rating: fc.integer({ min: 0, max: 10 }),
  comment: fc.constantFrom(null, "why"),
  channel: fc.constantFrom("widget", "api"),
  locale: fc.constant(null),
  respondent: fc.constant(null),
  properties: fc.constantFrom(null, { plan: "pro" }),
  revision: fc.nat({ max: 3 }),
  answeredAt: instant,
});

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant("save"),
      list: fc.array(response, { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("retry") }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant("exclude"), id, reason: fc.constantFrom("", "test", "staff") }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("erase"), id }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("remove"), ids: fc.array(id, { maxLength: 4 }) }) },
);

test("after any sequence of changes the roll-up is what a recount of the rows gives", async () => {
  const { db } = await newWorkspace();
  let workspace = 1000;
  const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
    // A new workspace for each run, which replaces emptying the database.
    workspace += 1;
    let last: NewResponse[] = [];
    for (const change of steps) {
      if ("list" in change) last = change.list;
      if (change.does === "save" || (change.does === "retry" && last.length > 0))
        await saveResponses(db, workspace, last, base);
      if ("reason" in change) await excludeResponse(db, workspace, change.id, change.reason, base);
      if (change.does === "erase" && "id" in change) await eraseResponse(db, workspace, change.id, base);
      if ("ids" in change) await removeResponses(db, workspace, change.ids);
    }
    expect(await drift(env.DB, workspace)).toEqual([]);
  });
  await fc.assert(property, { seed: 20_261_001, numRuns: 300, endOnFailure: true });
  const rows = await env.DB.prepare("SELECT count(*) AS n FROM responses").first<number>("n");
  expect(rows).toBeGreaterThan(300);
});

test("a write that would subtract what was never added fails as a whole", async () => {
  const { db } = await newWorkspace();
  const one: NewResponse = {
    id: "a",
    touchpointRef: 1,
    surveyRef: 1,
    rating: 5,
    comment: null,
    channel: "api",
    locale: null,
    respondent: null,
    properties: null,
    revision: 0,
    answeredAt: base,
  };
  await saveResponses(db, 1, [one], base);
  await env.DB.exec("UPDATE rating_counts SET r5 = 0");
  await expect(saveResponses(db, 1, [{ ...one, rating: 6, revision: 1 }], base)).rejects.toThrow(/CHECK/);
  expect(await env.DB.prepare("SELECT rating FROM responses").first("rating")).toBe(5);
});
