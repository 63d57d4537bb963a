import { readFile } from "node:fs/promises";
import { build, type Plugin } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Database } from "../../worker/db/database.ts";
import type * as Responses from "../../worker/db/responses.ts";
import type { NewResponse } from "../../worker/db/responses.ts";
import { type Server, startServer } from "../harness.ts";
import { drift } from "../recount.ts";

/** One edit of the source that a test of the roll-up must not survive. */
interface Mutant {
  what: string;
  file: "responses" | "counts";
  from: string;
  to: string;
}

const savedCounts = "      { sql: saveCounts, values: [workspace, list] },\n";
const mutants: Mutant[] = [
  { what: "saving counts nothing", file: "responses", from: savedCounts, to: "" },
  {
    what: "excluding moves nothing",
    file: "responses",
    from: "{ sql: exclusionCounts, values },\n    {\n      sql: `UPDATE responses SET exclusion = ?3, updated_at",
    to: "{\n      sql: `UPDATE responses SET exclusion = ?3, updated_at",
  },
  {
    what: "erasing moves nothing",
    file: "responses",
    from: "{ sql: exclusionCounts, values },\n    {\n      sql: `UPDATE responses SET exclusion = ?3, comment",
    to: "{\n      sql: `UPDATE responses SET exclusion = ?3, comment",
  },
  {
    what: "removing takes nothing away",
    file: "responses",
    from: "    { sql: removalCounts, values },\n",
    to: "",
  },
  {
    what: "counts are taken after the rows were written",
    file: "responses",
    from: `${savedCounts}      { sql: saveRows, values: [workspace, list, now] },`,
    to: "      { sql: saveRows, values: [workspace, list, now] },\n      { sql: saveCounts, values: [workspace, list] },",
  },
  {
    what: "an equal revision moves a count",
    file: "responses",
    from: "WHERE new.revision > old.revision AND",
    to: "WHERE new.revision >= old.revision AND",
  },
  {
    what: "a correction adds without subtracting",
    file: "responses",
    from: "CROSS JOIN (SELECT 1 AS step UNION ALL SELECT -1) AS sides",
    to: "CROSS JOIN (SELECT 1 AS step) AS sides",
  },
  {
    what: "a correction forgets that a response is excluded",
    file: "responses",
    from: "old.channel, old.exclusion, old.answered_at,",
    to: "old.channel, '', old.answered_at,",
  },
  {
    what: "the correction of an erased response moves a count",
    file: "responses",
    from: `\${sameQuestion} AND old.exclusion <> '\${erased}'\`;`,
    to: `\${sameQuestion}\`;`,
  },
  {
    what: "an id of another survey moves a count",
    file: "responses",
    from: `AND new.rating <> old.rating AND \${sameQuestion}`,
    to: "AND new.rating <> old.rating",
  },
  {
    what: "an id that occurs twice goes into one round",
    file: "responses",
    from: "seen.set(id, before + 1);",
    to: "",
  },
  {
    what: "quarter-hours forget what they held",
    file: "counts",
    from: `(value ->> \${rating}) + COALESCE`,
    to: `(value ->> \${rating}) + 0 * COALESCE`,
  },
  {
    what: "one quarter-hour replaces the others of its day",
    file: "counts",
    from: "json_patch(old.quarters, (",
    to: "json_patch('{}', (",
  },
  {
    what: "counters forget what they held",
    file: "counts",
    from: `cells.\${name} + COALESCE(old.\${name}, 0)`,
    to: `cells.\${name}`,
  },
  {
    what: "quarter-hours are cut a minute late",
    file: "counts",
    from: `answered_at % \${dayMs} / \${quarterMs}`,
    to: `(answered_at - 60000) % \${dayMs} / \${quarterMs}`,
  },
  {
    what: "the quarter-hours are not written back",
    file: "counts",
    from: ", quarters = excluded.quarters`",
    to: "`",
  },
];

/** The storage code with an edit, as a module of its own. */
async function storage(mutant: Mutant | null): Promise<typeof Responses> {
  const edit: Plugin = {
    name: "mutant",
    setup: ({ onLoad }) =>
      onLoad({ filter: /worker\/db\/(responses|counts)\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, "utf8");
        if (!mutant || !path.endsWith(`/${mutant.file}.ts`)) return { contents: source, loader: "ts" };
        // A mutant whose text is gone would prove nothing.
        expect(source.split(mutant.from), `${mutant.what}: found once`).toHaveLength(2);
        return { contents: source.replace(mutant.from, () => mutant.to), loader: "ts" };
      }),
  };
  const { outputFiles } = await build({
    entryPoints: ["worker/db/responses.ts"],
    bundle: true,
    write: false,
    format: "esm",
    plugins: [edit],
  });
  const source = Buffer.from(outputFiles[0]?.contents ?? []).toString("base64");
  return import(/* @vite-ignore */ `data:text/javascript;base64,${source}`);
}

let server: Server;
beforeAll(async () => {
  server = await startServer({ onLog: () => undefined });
});
afterAll(() => server.stop());

const noon = Date.parse("2026-10-01T12:00:00Z");
const row = (id: string, fields: Partial<NewResponse> = {}): NewResponse => ({
  ...{ id, touchpointRef: 1, surveyRef: 1, rating: 5, comment: null, channel: "widget", locale: null },
  ...{ respondent: null, properties: null, revision: 0, answeredAt: noon, ...fields },
});

/** Every sort of change, each with what must not change anything; what is wrong in the roll-up after each of them. */
async function driftAfter(
  { saveResponses, excludeResponse, eraseResponse, removeResponses }: typeof Responses,
  workspace: number,
): Promise<string[]> {
  const db = new Database(server.d1);
  const save = (...rows: NewResponse[]) => saveResponses(db, workspace, rows, noon);
  const steps = [
    () => save(row("a"), row("b"), row("c", { answeredAt: noon + 30_000 })),
    () => save(row("d", { answeredAt: noon + 900_000 })),
    () => save(row("a", { rating: 9 })),
    () => save(row("a", { rating: 7, revision: 1 })),
    () => save(row("b", { rating: 1, revision: 4, surveyRef: 2 })),
    () => save(row("e", { rating: 2 }), row("e", { rating: 3, revision: 1 })),
    () => excludeResponse(db, workspace, "b", "test", noon),
    () => excludeResponse(db, workspace, "b", "test", noon),
    () => save(row("b", { rating: 8, revision: 2 })),
    () => excludeResponse(db, workspace, "b", "", noon),
    () => eraseResponse(db, workspace, "c", noon),
    () => save(row("c", { rating: 10, revision: 9 })),
    () => removeResponses(db, workspace, ["d", "e"]),
  ];
  for (const step of steps) {
    // The table's CHECKs catch some mutants before the recount does.
    const failure = await step().then(
      () => null,
      (error: unknown) => String(error),
    );
    const wrong = failure ? [failure] : await drift(server.d1, workspace);
    if (wrong.length > 0) return wrong;
  }
  return [];
}

test("the roll-up is exact after every sort of change", async () => {
  expect(await driftAfter(await storage(null), 1000)).toEqual([]);
});

test("a roll-up with any of its parts taken out or bent is found wrong", async () => {
  for (const [index, mutant] of mutants.entries()) {
    const wrong = await driftAfter(await storage(mutant), 1001 + index);
    expect(wrong, mutant.what).not.toEqual([]);
  }
});
