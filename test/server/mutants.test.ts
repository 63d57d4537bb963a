import { afterAll, beforeAll, expect, test } from "vitest";
import { dayMs, quarterMs } from "../../shared/time/durations.ts";
import { Database } from "../../worker/db/database.ts";
import type { NewResponse } from "../../worker/responses/db/response.ts";
import { eraseResponse, excludeResponse, removeResponses } from "../../worker/responses/db/responses.ts";
import { saveResponses } from "../../worker/responses/db/save.ts";
import { blockDays, quarterPath } from "../../worker/rollup/schema.ts";
import { countingTriggers, installTriggers } from "../../worker/rollup/triggers.ts";
import { type Server, startServer } from "../harness.ts";
import { drift } from "../recount.ts";

/** An edit of one trigger's SQL, applied everywhere in it, that the roll-up's tests must detect. */
interface Mutant {
  what: string;
  trigger: "inserted" | "updated" | "deleted";
  from: string;
  to: string;
}

const path = quarterPath("NEW");
const mutants: Mutant[] = [
  {
    what: "saving counts nothing",
    trigger: "inserted",
    from: "AFTER INSERT ON responses",
    to: "AFTER DELETE ON keys",
  },
  { what: "changing moves nothing", trigger: "updated", from: "IS NOT (NEW", to: "IS (NEW" },
  {
    what: "removing takes nothing away",
    trigger: "deleted",
    from: "AFTER DELETE ON responses",
    to: "AFTER DELETE ON keys",
  },
  { what: "a change adds without taking", trigger: "updated", from: "- (OLD.rating =", to: "- (-1 =" },
  {
    what: "a change takes without adding",
    trigger: "updated",
    from: "INSERT INTO rating_counts",
    to: "INSERT OR IGNORE INTO keys",
  },
  { what: "a change takes what is new", trigger: "updated", from: "OLD.rating", to: "NEW.rating" },
  {
    what: "an exclusion moves nothing",
    trigger: "updated",
    from: "OLD.properties, OLD.exclusion",
    to: "OLD.properties, NEW.exclusion",
  },
  {
    what: "a new rating moves nothing",
    trigger: "updated",
    from: "OLD.survey_ref, OLD.rating",
    to: "OLD.survey_ref, NEW.rating",
  },
  {
    what: "a new property moves nothing",
    trigger: "updated",
    from: "OLD.locale, OLD.properties",
    to: "OLD.locale, NEW.properties",
  },
  {
    what: "counters forget what they held",
    trigger: "inserted",
    from: "r5 = r5 + excluded.r5",
    to: "r5 = excluded.r5",
  },
  {
    what: "quarter-hours forget what they held",
    trigger: "inserted",
    from: `COALESCE(quarters ->> (${path}), 0) + 1`,
    to: "1",
  },
  {
    what: "one quarter-hour replaces the others of its day",
    trigger: "inserted",
    from: `jsonb_set(quarters, ${path}`,
    to: `jsonb_set('{}', ${path}`,
  },
  { what: "quarter-hours keep what left them", trigger: "deleted", from: ")) - 1", to: "))" },
  {
    what: "new values are not learnt",
    trigger: "inserted",
    from: "INSERT INTO breakdown_values",
    to: "INSERT OR IGNORE INTO keys",
  },
  { what: "values are learnt without a limit", trigger: "inserted", from: "< 202", to: "< 1000" },
  { what: "values are learnt beside a list", trigger: "inserted", from: "listed = 0", to: "true" },
  {
    what: "a breakdown counts what its backfill will count",
    trigger: "inserted",
    from: "NEW.id <= counted_to",
    to: "true",
  },
  {
    what: "a breakdown that is being removed goes on counting",
    trigger: "inserted",
    from: "removed_at IS NULL",
    to: "true",
  },
  {
    what: "settled blocks get nothing added",
    trigger: "inserted",
    from: "(SELECT settled_to",
    to: "(SELECT -1",
  },
  {
    what: "blocks that are not settled are kept",
    trigger: "inserted",
    from: "(SELECT settled_to",
    to: "(SELECT 1e6",
  },
  {
    what: "settled blocks keep what left them",
    trigger: "deleted",
    from: "AND block = OLD",
    to: "AND -1 = OLD",
  },
];

let server: Server;
let db: Database;
beforeAll(async () => {
  server = await startServer({ onLog: () => undefined });
  db = new Database(server.d1);
  // From here on the storage code takes the triggers to be installed, whatever a test replaces them with.
  await db.ensure(installTriggers);
  // As if the first of the steps' two touchpoints had been settled before.
  await server.d1.exec(`UPDATE touchpoints SET settled_to = IIF(ref = 1, ${lastBlock + 1}, 0)`);
});
afterAll(() => server.stop());

/** Installs the triggers, one of them edited. */
async function exchangeTriggers(mutant: Mutant | null): Promise<void> {
  for (const [name, sql] of Object.entries(countingTriggers)) {
    await server.d1.exec(`DROP TRIGGER IF EXISTS ${name}`);
    const edited =
      mutant && name.startsWith(`count_${mutant.trigger}_`)
        ? sql.replaceAll(mutant.from, () => mutant.to)
        : sql;
    // A mutant whose text no longer occurs would prove nothing.
    if (mutant && name.startsWith(`count_${mutant.trigger}_`)) expect(edited, mutant.what).not.toBe(sql);
    await server.d1.prepare(edited).run();
  }
}

/**
 * One by plan, complete; one by locale, counted as far as the id `b`; one being removed; and one by size, with one
 * listed value.
 */
async function declareBreakdowns(workspace: number): Promise<void> {
  const ref = workspace * 10;
  const rows = [
    `(${ref}, 'property:plan', NULL, NULL, 0)`,
    `(${ref + 1}, 'locale', 'b', NULL, 0)`,
    `(${ref + 2}, 'property:team', NULL, 1, 0)`,
    `(${ref + 3}, 'property:size', NULL, NULL, 1)`,
  ];
  const values = [0, 1, 2, 3].flatMap((n) => [`(${ref + n}, '(none)')`, `(${ref + n}, '(other)')`]);
  values.push(`(${ref + 3}, 's')`);
  await server.d1.exec(
    `INSERT INTO workspaces (ref, id, name, created_at) VALUES (${workspace}, 'wsp_${workspace}', 'Test', 0)`,
  );
  await server.d1.exec(
    `INSERT INTO breakdowns (ref, dimension, counted_to, removed_at, listed, workspace_ref, created_at) SELECT *, ${workspace}, 0 FROM (VALUES ${rows.join(", ")})`,
  );
  await server.d1.exec(`INSERT INTO breakdown_values (breakdown_ref, value) VALUES ${values.join(", ")}`);
}

const noon = Date.parse("2026-10-01T12:00:00Z");
const lastBlock = Math.floor(noon / dayMs / blockDays);
const row = (id: string, fields: Partial<NewResponse> = {}): NewResponse => ({
  id,
  touchpointRef: 1,
  surveyRef: 1,
  rating: 5,
  comment: null,
  channel: "widget",
  locale: "en",
  respondent: null,
  properties: { plan: "pro", team: "red" },
  revision: 0,
  answeredAt: noon,
  ...fields,
});

/** Applies every sort of change, with changes that must have no effect. Returns the first errors in the roll-up. */
async function driftAfter(workspace: number): Promise<string[]> {
  const save = (...rows: NewResponse[]) => saveResponses(db, workspace, rows, noon);
  const manyPlans = Array.from({ length: 210 }, (_, n) => row(`plan ${n}`, { properties: { plan: n } }));
  const steps = [
    () => save(row("a"), row("b"), row("c", { answeredAt: noon + 30_000 })),
    () => save(row("d", { answeredAt: noon + quarterMs, properties: null, locale: null })),
    () => save(row("elsewhere", { touchpointRef: 2 })),
    () => save(row("large", { properties: { size: "l" } }), row("small", { properties: { size: "s" } })),
    () => save(row("a", { rating: 9 })),
    () => save(row("a", { rating: 7, revision: 1 })),
    () => save(row("a", { rating: 7, revision: 2, properties: { plan: "free" } })),
    () => save(row("b", { rating: 1, revision: 4, surveyRef: 2 })),
    () => save(row("e", { rating: 2 }), row("e", { rating: 3, revision: 1 })),
    () => excludeResponse(db, workspace, "b", "test", noon),
    () => excludeResponse(db, workspace, "b", "test", noon),
    () => save(row("b", { rating: 8, revision: 2 })),
    () => excludeResponse(db, workspace, "b", "", noon),
    () => eraseResponse(db, workspace, "c", noon),
    () => save(row("c", { rating: 10, revision: 9 })),
    () => save(...manyPlans),
    () => save(row("plan 209", { rating: 1, revision: 1, properties: { plan: true } })),
    () => removeResponses(db, workspace, ["d", "e", "plan 3", "plan 208"]),
  ];
  for (const step of steps) {
    // The table's CHECKs catch some mutants before the recount.
    const failure = await step().then(
      () => null,
      (error: unknown) => String(error),
    );
    const wrong = failure ? [failure] : await drift(server.d1, workspace);
    if (wrong.length > 0) return wrong;
  }
  const { results } = await server.d1
    .prepare(
      `SELECT dimension, COUNT(*) AS n FROM breakdown_values JOIN breakdowns ON breakdowns.ref = breakdown_ref
       WHERE workspace_ref = ?1 AND dimension IN ('property:plan', 'property:size') GROUP BY dimension ORDER BY dimension`,
    )
    .bind(workspace)
    .all<{ dimension: string; n: number }>();
  const known = results.map(({ dimension, n }) => `${dimension} ${n}`);
  return known.join() === "property:plan 202,property:size 3" ? [] : known;
}

test("the roll-up is exact after every sort of change", async () => {
  await exchangeTriggers(null);
  await declareBreakdowns(1000);
  expect(await driftAfter(1000)).toEqual([]);
});

test("a roll-up with any part of its triggers taken out or bent is found wrong", async () => {
  for (const [index, mutant] of mutants.entries()) {
    await exchangeTriggers(mutant);
    await declareBreakdowns(1001 + index);
    expect(await driftAfter(1001 + index), mutant.what).not.toEqual([]);
  }
});
