import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { TouchpointScore } from "../../../shared/contract/scores.ts";
import { dayMs, quarterMs } from "../../../shared/time/durations.ts";
import type { NewResponse } from "../../../worker/responses/db/response.ts";
import { eraseResponse, excludeResponse, removeResponses } from "../../../worker/responses/db/responses.ts";
import { saveResponses } from "../../../worker/responses/db/save.ts";
import { drift } from "../../recount.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";

const base = Date.parse("2026-10-01T00:00:00Z");
const seed = 20_261_002;

/** The same numbers in every run, so that a failure can be reproduced. */
function randomFrom(start: number) {
  let state = start;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Six days of responses in two channels at two touchpoints, then corrected, excluded, erased and removed. */
async function seedDays(workspace: TestWorkspace) {
  const random = randomFrom(seed);
  const refs = await env.DB.prepare(
    "SELECT touchpoints.ref, survey_ref FROM touchpoints WHERE workspace_ref = ? ORDER BY touchpoints.ref",
  )
    .bind(workspace.ref)
    .all<{ ref: number; survey_ref: number }>();
  const atEdge = (ms: number) => Math.floor(ms / quarterMs) * quarterMs + random(3) - 1;
  const responses = Array.from({ length: 600 }, (_, n): NewResponse => {
    const at = random(6 * dayMs);
    const place = refs.results[random(2)];
    return {
      id: `r${n}`,
      touchpointRef: place?.ref ?? 0,
      surveyRef: place?.survey_ref ?? 0,
      rating: 1 + random(5),
      comment: null,
      locale: null,
      respondent: null,
      properties: null,
      revision: 0,
      channel: random(3) ? "widget" : "email",
      answeredAt: base + Math.max(0, random(2) ? at : atEdge(at)),
    };
  });
  const { db, ref } = workspace;
  await saveResponses(db, ref, responses, base);
  const corrected = responses.filter(() => random(6) === 0);
  await saveResponses(
    db,
    ref,
    corrected.map((row) => ({ ...row, revision: 1, rating: 1 + random(5) })),
    base,
  );
  for (const { id } of responses) {
    if (random(12) === 0) await excludeResponse(db, ref, id, random(2) ? "test" : "duplicate", base);
    if (random(20) === 0) await eraseResponse(db, ref, id, base);
  }
  await removeResponses(
    db,
    ref,
    responses.filter(() => random(15) === 0).map(({ id }) => id),
  );
}

interface Row {
  touchpoint: string;
  channel: string;
  exclusion: string;
  rating: number;
  at: number;
}

/** What the score must be, computed from every row. */
function naive(rows: readonly Row[], from: number, to: number, touchpoint: string, channel: string | null) {
  const inside = rows.filter((row) => row.at >= from && row.at < to && row.touchpoint === touchpoint);
  const received = inside.filter((row) => channel === null || row.channel === channel);
  const counted = received.filter(({ exclusion }) => exclusion === "");
  const excluded: Record<string, number> = {};
  for (const { exclusion } of received)
    if (exclusion !== "") excluded[exclusion] = (excluded[exclusion] ?? 0) + 1;
  const counts = Map.groupBy(counted, ({ rating }) => rating);
  return {
    n: counted.length,
    ratings: [...counts].map(([rating, { length }]) => [rating, length]).sort(),
    ledger: { received: received.length, counted: counted.length, excluded },
  };
}

const instant = (rows: readonly Row[]) =>
  fc.oneof(
    fc.integer({ min: base - dayMs, max: base + 7 * dayMs }),
    fc
      .tuple(fc.integer({ min: -1, max: 6 * 96 }), fc.constantFrom(-1, 0, 1))
      .map(([quarter, ms]) => base + quarter * quarterMs + ms),
    fc
      .tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom(-1, 0, 1))
      .map(([day, ms]) => base + day * dayMs + ms),
    fc.tuple(fc.nat(rows.length - 1), fc.constantFrom(0, 1)).map(([n, ms]) => (rows[n]?.at ?? base) + ms),
  );

test("the score of any period is what a recount of its rows gives, to the millisecond", async () => {
  const workspace = await newWorkspace();
  await seedDays(workspace);
  expect(await drift(env.DB)).toEqual([]);
  const { results: rows } = await env.DB.prepare(
    `SELECT touchpoints.name AS touchpoint, channel, exclusion, rating, answered_at AS at FROM responses
     JOIN touchpoints ON touchpoints.ref = touchpoint_ref`,
  ).all<Row>();
  expect(new Set(rows.map(({ exclusion }) => exclusion))).toEqual(
    new Set(["", "test", "duplicate", "erased"]),
  );
  // Long periods, and periods within one quarter-hour, which only the rows can answer.
  const end = fc.oneof(
    instant(rows).map((to) => () => to),
    fc.integer({ min: 1, max: quarterMs }).map((ms) => (from: number) => from + ms),
  );
  const touchpoint = fc.constantFrom("relationship", "checkout");
  const channel = fc.constantFrom(null, null, "widget", "email", "link");
  let several = 0;
  const property = fc.asyncProperty(instant(rows), end, touchpoint, channel, async (one, other, name, by) => {
    const [from = 0, to = 0] = [one, other(one)].sort((a, b) => a - b);
    fc.pre(from < to);
    const query = new URLSearchParams({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      ...(by && { channel: by }),
    });
    const path = `/v1/touchpoints/${name}/score?${query}`;
    const answer = await requestUnlimited(path, { key: workspace.read });
    const { n, distribution, ledger } = z.object(TouchpointScore.shape).parse(await answer.json());
    const ratings = distribution.filter(({ count }) => count > 0).map(({ rating, count }) => [rating, count]);
    expect({ n, ratings, ledger }, path).toEqual(naive(rows, from, to, name, by));
    if (n > 1) several += 1;
  });
  await fc.assert(property, { seed, numRuns: 400, endOnFailure: true });
  expect(several).toBeGreaterThan(150);
});
