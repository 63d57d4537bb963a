import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { getPlatformProxy } from "wrangler";
import { insertSampleResponses } from "../../scripts/demo/demo.ts";
import { createDemoSurveys, createWorkspace } from "../../scripts/demo/seed.ts";
import { migrate } from "../../scripts/migrate.ts";
import { Database } from "../../worker/db/database.ts";
import type { Bindings } from "../../worker/environment.ts";
import { continueBreakdowns, declareBreakdown } from "../../worker/rollup/breakdowns.ts";
import { drift } from "../recount.ts";

const run = promisify(execFile);
const config = `name = "candor"
compatibility_date = "2026-10-01"
[[d1_databases]]
binding = "DB"
database_name = "candor"
database_id = "00000000-0000-0000-0000-000000000000"
`;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "candor-verify-"));
  await writeFile(join(folder, "wrangler.toml"), config);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Opens the local database that wrangler finds in the folder. */
async function withDatabase<Result>(use: (d1: D1Database) => Promise<Result>): Promise<Result> {
  const { env, dispose } = await getPlatformProxy<Bindings>({
    configPath: join(folder, "wrangler.toml"),
    persist: { path: join(folder, ".wrangler/state/v3") },
    envFiles: [],
  });
  try {
    return await use(env.DB);
  } finally {
    await dispose();
  }
}

const verify = (...options: string[]) =>
  run(process.execPath, [resolve("scripts/verify-counts.ts"), ...options], { cwd: folder }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (failed: { code: number; stdout: string }) => ({ code: failed.code, stdout: failed.stdout }),
  );

test("counts:verify names each counter that differs and fails, until it is told to repair", async () => {
  await withDatabase(async (d1) => {
    await migrate(d1);
    const db = new Database(d1);
    const { ref } = await createWorkspace(db, "Test");
    await createDemoSurveys(db, ref);
    await insertSampleResponses(db, ref, Date.parse("2026-10-01T12:00:00Z"));
    await declareBreakdown(db, ref, "property:plan", 0);
    await continueBreakdowns(db, 3);
  });
  expect(await verify()).toEqual({ code: 0, stdout: "workspace 1, … to …: exact\n" });

  const cells = "touchpoint_ref = 2 AND day = 20700 AND channel = 'widget'";
  await withDatabase(async (d1) => {
    await d1.exec(`UPDATE rating_counts SET r3 = r3 + 1 WHERE ${cells} AND value_ref = 0`);
    const free = "(SELECT ref FROM breakdown_values WHERE value = 'free')";
    await d1.exec(
      `UPDATE rating_counts SET quarters = jsonb_set(quarters, '$."3"."1"."2"', 7) WHERE ${cells} AND value_ref = ${free}`,
    );
  });
  const found = await verify();
  expect(found.code).toBe(1);
  expect(found.stdout).toContain("2 counters differ");
  expect(found.stdout).toMatch(/2026-09-04 checkout srv_\w+ widget rating 3: is \d+ and should be \d+/);
  expect(found.stdout).toMatch(
    /2026-09-04 3:15 checkout srv_\w+ widget property:plan=free rating 2: is 7 and should be 0/,
  );

  // With the values written into the SQL text, as for a deployment.
  const asText = `import { executed } from ${JSON.stringify(resolve("scripts/execute.ts"))};
    import { differences } from ${JSON.stringify(resolve("worker/rollup/recount.ts"))};
    const found = await differences(executed("--local"), { workspace: 1, from: -100000000, to: 100000000 });
    console.log(found.length);`;
  await writeFile(join(folder, "as-text.ts"), asText);
  const { stdout } = await run(process.execPath, ["as-text.ts"], { cwd: folder });
  expect(stdout).toBe("2\n");

  expect((await verify("--repair")).code).toBe(0);
  expect((await verify()).code).toBe(0);
  expect(await withDatabase((d1) => drift(d1))).toEqual([]);
});
