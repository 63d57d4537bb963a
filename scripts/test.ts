import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs a tool of node_modules/.bin to its end; true when it succeeded. */
const run = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: "inherit", shell: process.platform === "win32" }).status === 0;

const folder = mkdtempSync(join(tmpdir(), "candor-"));
const report = join(folder, "tests.json");

const checked = run("npm", ["run", "--silent", "check"]);
const tested = run("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`]);

// The check counts as one test, and so does a run that vitest itself calls failed although each test passed
// (a file that does not load, an unhandled rejection).
const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
const passed = numPassedTests + Number(checked);
const failed = Math.max(numFailedTests, Number(!tested)) + Number(!checked);
rmSync(folder, { recursive: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
