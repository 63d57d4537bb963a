import { execFile } from "node:child_process";
import { cp, glob, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const unawaited = `import type { Database } from "../../db/database.ts";
import { insertWorkspace } from "../db/workspaces.ts";
export async function probe(db: Database) { insertWorkspace(db, { id: "", name: "", createdAt: 0 }); db.batch([]); }`;

/** Files that break a rule of the house, and what the linter must say about them. */
const offences: readonly (readonly [path: string, text: string, said: string])[] = [
  ["worker/workspaces/routes/lint-probe.ts", unawaited, "noFloatingPromises"],
  [
    "shared/scores/lint-probe-a.ts",
    `import { newId } from "../../worker/secrets/ids.ts"; console.log(newId);`,
    "shared/ runs anywhere",
  ],
  ["shared/lint-probe-b.ts", `import * as z from "zod"; console.log(z);`, "Only shared/contract/ knows zod"],
  [
    "worker/mail/db/lint-probe-a.ts",
    `import { Hono } from "hono"; console.log(Hono);`,
    "do it in the routes/",
  ],
  [
    "worker/rollup/lint-probe-b.ts",
    `import { Problem } from "../http/problem.ts"; console.log(Problem);`,
    "pass in what else",
  ],
  [
    "widget/lint-probe.ts",
    `import { newId } from "../worker/secrets/ids.ts"; console.log(newId);`,
    "a client of the API",
  ],
  [
    "dashboard/lint-probe.ts",
    `import { newId } from "../worker/secrets/ids.ts"; console.log(newId);`,
    "The dashboard is a client of the API",
  ],
];

test("the linter refuses an un-awaited write and each import that crosses the rooms, and names the alternative", async () => {
  // Linted in a copy, so that other readers of the tree do not see these files. For stdin the linter names no rule.
  const cwd = await mkdtemp(join(tmpdir(), "candor-house-"));
  for (const part of ["biome.json", ".gitignore", "package.json", "shared", "worker", "widget", "dashboard"])
    await cp(part, join(cwd, part), { recursive: true });
  await symlink(resolve("node_modules"), join(cwd, "node_modules"), "junction");
  await Promise.all(offences.map(([path, text]) => writeFile(join(cwd, path), text)));
  const { stdout } = await promisify(execFile)(
    resolve("node_modules/.bin/biome"),
    ["lint", "--reporter=json", ...offences.map(([path]) => path)],
    { cwd, shell: process.platform === "win32" },
  )
    .catch((failed: { stdout: string }) => failed)
    .finally(() => rm(cwd, { recursive: true }));
  for (const [path, , said] of offences) {
    const diagnostics: { category: string; location: { path: unknown } }[] = JSON.parse(stdout).diagnostics;
    const about = diagnostics.filter(({ location }) => JSON.stringify(location).includes(path));
    expect(JSON.stringify(about), path).toContain(said);
  }
});

async function sources(pattern: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const path of glob(pattern)) paths.push(path.replaceAll("\\", "/"));
  return paths.sort();
}

test("D1 is spoken to in one file, so that every row is counted and every fault handled", async () => {
  const speaking = [];
  for (const path of await sources("worker/**/*.{ts,tsx}")) {
    if (/\.prepare\(|env\.DB\.(?!$)|\.exec\(["'`]/.test(await readFile(path, "utf8"))) speaking.push(path);
  }
  expect(speaking).toEqual(["worker/db/database.ts"]);
});

test("zod is imported as a whole, which halves the worker", async () => {
  for (const path of await sources("{shared,worker}/**/*.{ts,tsx}")) {
    expect(await readFile(path, "utf8"), path).not.toMatch(/import \{[^}]*\} from "zod"/);
  }
});

test("nothing asks which kind a survey is but the table of kinds", async () => {
  for (const path of await sources("{shared,worker,widget}/**/*.{ts,tsx}")) {
    if (path === "shared/surveys/kinds.ts") continue;
    expect(await readFile(path, "utf8"), path).not.toMatch(/kind ?[=!]==? ?"(nps|csat|ces|fcr|thumbs)"/);
  }
});

test("what the platform writes down of a request is switched off", async () => {
  // The platform's log line has the whole address, where a mail tool may have put a person's address.
  const config = await readFile("wrangler.toml", "utf8");
  expect(config).toMatch(/\[observability\.logs\]\nenabled = true\ninvocation_logs = false\n/);
  const schema = JSON.parse(await readFile("node_modules/wrangler/config-schema.json", "utf8"));
  expect(JSON.stringify(schema)).toContain('"invocation_logs"');
});
