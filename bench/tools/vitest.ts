import { spawn } from "node:child_process";
import { once } from "node:events";
import { report } from "./report.ts";

/** Runs a test file of `npm test` with larger inputs. A failing test counts as a missed target. */
export async function runTest(file: string, more: Record<string, string>, what: string): Promise<void> {
  // Larger inputs take longer than a test may.
  const args = ["node_modules/vitest/vitest.mjs", "run", "--testTimeout", "900000", file];
  // The test's report goes to stderr, since stdout holds the table.
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...more },
    stdio: ["ignore", process.stderr, process.stderr],
  });
  const [code] = await once(child, "exit");
  const command = `npm run bench -- ${file.replace(/.*\/(.*)\.test\.ts/, "$1")}`;
  report([{ what, figure: code === 0 ? "held" : "broken", target: "held", met: code === 0 }], command);
}
