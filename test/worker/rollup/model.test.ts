import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { Scores } from "../../../shared/contract/scores.ts";
import { dayMs, hourMs } from "../../../shared/time/durations.ts";
import type { NewResponse } from "../../../worker/responses/db/response.ts";
import { eraseResponse, excludeResponse } from "../../../worker/responses/db/responses.ts";
import { saveResponses } from "../../../worker/responses/db/save.ts";
import { continueBreakdowns, declareBreakdown } from "../../../worker/rollup/breakdowns.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";

/** A response in the model: the last revision, and why it is not counted. */
interface Held {
  rating: number;
  revision: number;
  plan: string;
  at: number;
  exclusion: string;
}

const base = Date.parse("2026-10-01T00:00:00Z");
const id = fc.constantFrom("a", "b", "c", "d", "e");
const Step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("insert" as const),
      id,
      rating: fc.integer({ min: 1, max: 5 }),
      hour: fc.integer({ min: 0, max: 71 }),
      plan: fc.constantFrom("free", "pro"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("retry" as const), id }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("correct" as const), id, rating: fc.integer({ min: 1, max: 5 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("exclude" as const),
      id,
      reason: fc.constantFrom("test", "duplicate"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restore" as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("erase" as const), id }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("declare" as const) }) },
);
type Step = typeof Step extends fc.Arbitrary<infer One> ? One : never;

interface Place {
  touchpointRef: number;
  surveyRef: number;
}

const rowOf = ({ touchpointRef, surveyRef }: Place, name: string, held: Held): NewResponse => ({
  id: name,
  touchpointRef,
  surveyRef,
  rating: held.rating,
  comment: null,
  channel: "widget",
  locale: null,
  respondent: null,
  properties: { plan: held.plan },
  revision: held.revision,
  answeredAt: held.at,
});

/** Applies a step to the database and to the model. */
async function take(
  { db, ref }: TestWorkspace,
  place: Place,
  model: Map<string, Held>,
  step: Step,
): Promise<void> {
  if (step.do === "declare") {
    await declareBreakdown(db, ref, "property:plan", base);
    await continueBreakdowns(db, 2);
    return;
  }
  const held = model.get(step.id);
  if (step.do === "insert") {
    const made = {
      rating: step.rating,
      revision: 0,
      plan: step.plan,
      at: base + step.hour * hourMs,
      exclusion: "",
    };
    // An existing id keeps its response, since revision 0 again changes nothing.
    await saveResponses(db, ref, [rowOf(place, step.id, made)], base);
    if (!held) model.set(step.id, made);
    return;
  }
  if (!held) return;
  if (step.do === "retry") await saveResponses(db, ref, [rowOf(place, step.id, held)], base);
  if (step.do === "correct") {
    const changed = { ...held, rating: step.rating, revision: held.revision + 1 };
    await saveResponses(db, ref, [rowOf(place, step.id, changed)], base);
    if (held.exclusion !== "erased") model.set(step.id, changed);
  }
  if (step.do === "exclude" || step.do === "restore") {
    const exclusion = step.do === "exclude" ? step.reason : "";
    await excludeResponse(db, ref, step.id, exclusion, base);
    if (held.exclusion !== "erased") model.set(step.id, { ...held, exclusion });
  }
  if (step.do === "erase") {
    await eraseResponse(db, ref, step.id, base);
    model.set(step.id, { ...held, exclusion: "erased", plan: "(none)" });
  }
}

/** The counted ratings and the ledger, as text. */
const tally = (list: readonly Held[]) => {
  const counts = [1, 2, 3, 4, 5].map(
    (rating) => list.filter((one) => one.rating === rating && !one.exclusion).length,
  );
  const excluded = Map.groupBy(
    list.filter(({ exclusion }) => exclusion),
    ({ exclusion }) => exclusion,
  );
  return JSON.stringify([counts, [...excluded].map(([reason, some]) => `${reason} ${some.length}`).sort()]);
};
const answered = ({
  distribution,
  ledger,
}: {
  distribution?: { count: number }[] | undefined;
  ledger?: { excluded: Record<string, number> } | undefined;
}) => {
  if (!distribution || !ledger) throw new Error("figures without distribution and ledger");
  const counts = distribution.length > 0 ? distribution.map(({ count }) => count) : [0, 0, 0, 0, 0];
  return JSON.stringify([
    counts,
    Object.entries(ledger.excluded)
      .map(([reason, n]) => `${reason} ${n}`)
      .sort(),
  ]);
};

async function ask(workspace: TestWorkspace, query: string) {
  const sent = await requestUnlimited(`/v1/scores?touchpoint=checkout&${query}`, { key: workspace.read });
  return z.object(Scores.shape).parse(await sent.json());
}

test("after 2,000 sequences of changes every answer is what the model says", async () => {
  const workspace = await newWorkspace();
  const place = await env.DB.prepare(
    "SELECT ref AS touchpointRef, survey_ref AS surveyRef FROM touchpoints WHERE name = 'checkout'",
  ).first<Place>();
  if (!place) throw new Error("no touchpoint");
  const period = "from=2026-10-01&to=2026-10-04&time_zone=Asia/Kathmandu&interval=day";
  let declared = 0;
  const property = fc.asyncProperty(fc.array(Step, { minLength: 1, maxLength: 9 }), async (steps) => {
    await env.DB.batch(
      ["responses", "rating_counts", "breakdown_values", "breakdowns"].map((table) =>
        env.DB.prepare(`DELETE FROM ${table}`),
      ),
    );
    const model = new Map<string, Held>();
    for (const step of steps) await take(workspace, place, model, step);
    const start = Date.parse("2026-10-01T00:00:00+05:45");
    const inside = [...model.values()].filter(({ at }) => at >= start && at < start + 3 * dayMs);
    const [total] = (await ask(workspace, period)).data;
    expect(total && answered(total)).toBe(tally(inside));
    for (const [n, point] of (total?.series ?? []).entries())
      expect(answered(point)).toBe(tally(inside.filter(({ at }) => Math.floor((at - start) / dayMs) === n)));
    const plans = await ask(workspace, `${period}&group_by=property:plan`);
    if (plans.source === "counts") declared += 1;
    const byPlan = Map.groupBy(inside, ({ plan }) => plan);
    expect(Object.fromEntries(plans.data.map((one) => [one.group["property:plan"], answered(one)]))).toEqual(
      Object.fromEntries([...byPlan].map(([plan, list]) => [plan, tally(list)])),
    );
  });
  await fc.assert(property, { seed: 20_261_126, numRuns: 2_000, endOnFailure: true });
  expect(declared).toBeGreaterThan(500);
});
