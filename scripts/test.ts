import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buffer } from "node:stream/consumers";

const shell = process.platform === "win32";

/** Runs a tool of node_modules/.bin to its end; true when it succeeded. */
async function run(command: string, args: readonly string[]): Promise<boolean> {
  const [code] = await once(spawn(command, args, { stdio: "inherit", shell }), "exit");
  return code === 0;
}

/** The same, for a tool that runs beside another: its output is printed at its end, in one piece. */
async function runAside(command: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], shell });
  const [[code], ...printed] = await Promise.all([
    once(child, "exit"),
    buffer(child.stdout),
    buffer(child.stderr),
  ]);
  for (const text of printed) process.stdout.write(text);
  return code === 0;
}

// The tests start a hundred Node processes, which all compile the same code.
process.env.NODE_COMPILE_CACHE ??= resolve("node_modules/.cache/node");

/** What the tests' databases and browsers may write; a container often gives its memory disk 64 MB. */
const roomBytes = 4 * 2 ** 30;

/** Whether there is a disk in memory with room. Databases wait for a real disk at each write, browsers at each start. */
function hasMemoryDisk(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize >= roomBytes;
  } catch {
    return false; // only Linux has one
  }
}

/** Tests that take longer than all others together: thousands of sequences, large inputs, waits for a failing database. */
const long = [
  "dashboard/{dates,scale}",
  "shared/asking/*",
  "shared/files/delimited",
  "shared/looks/theme",
  "shared/scores/{change-coverage,mixed-score,score-recount}",
  "shared/time/{periods,zones}",
  "worker/asking/sightings",
  "worker/db/{budget,faults,plans,rows-read}",
  "worker/deployment/scheduled",
  "worker/erasures/*",
  "worker/http/{bodies,matrix,matrix-roles,shared-caches,updates}",
  "worker/links/*",
  "worker/mail/{campaign-counts,campaigns,mail-costs,message}",
  "worker/mail/recipients/*",
  "worker/members/members",
  "worker/responses/{batch,coalesce,former-steps,response-list,retries,step-answers}",
  "worker/rollup/{breakdown-model,breakdowns,counts,impressions,model,periods,recount}",
  "worker/samples/samples",
  "worker/scores/{folding,last-answered,questions,stream}",
  "worker/surveys/drafts-at-once",
].map((name) => `test/${name}.test.{ts,tsx}`);
const gone = long.find((pattern) => globSync(pattern).length === 0);
if (gone) throw new Error(`${gone} is no test any more: mend the list of long ones`);

const [first, ...rest] = process.argv.slice(2);
/**
 * The arguments after `npm test --`: files or parts of their names. `--quick` runs formulas, contract and worker
 * without the long tests.
 */
const chosen =
  first === "--quick"
    ? // Nothing here waits for a browser: a process more than there are cores would only load the worker once more.
      [
        "--project=shared",
        "--project=worker",
        `--maxWorkers=${availableParallelism()}`,
        ...long.map((path) => `--exclude=${path}`),
        ...rest,
      ]
    : process.argv.slice(2);

// Everything temporary is in one folder, which goes with what killed servers and browsers leave behind.
const folder = mkdtempSync(join(hasMemoryDisk("/dev/shm") ? "/dev/shm" : tmpdir(), "candor-"));
process.env.TMPDIR = folder;
const report = join(folder, "tests.json");
const [checked, tested] = await Promise.all([
  runAside("npm", ["run", "--silent", "check"]),
  run("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...chosen]),
]);

// The check counts as one test, and so does a run that vitest itself calls failed although each test passed
// (a file that does not load, an unhandled rejection).
const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
const passed = numPassedTests + Number(checked);
const failed = Math.max(numFailedTests, Number(!tested)) + Number(!checked);
rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
