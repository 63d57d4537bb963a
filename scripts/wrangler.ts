import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const bin = join(dirname(fileURLToPath(import.meta.resolve("wrangler/package.json"))), "bin/wrangler.js");

/** Keeps wrangler quiet and offline: no banner, update check, telemetry or download of a sample `Request.cf`. */
const quiet = {
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_WRITE_LOGS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

/** Starts wrangler; its errors are always shown, its output only on request. */
export const startWrangler = (args: readonly string[], stdout: "inherit" | "ignore" | "pipe"): ChildProcess =>
  spawn(process.execPath, [bin, ...args], {
    stdio: ["ignore", stdout, "inherit"],
    env: { ...quiet, ...process.env },
  });

/** Runs wrangler to its end. Throws if it fails. */
export async function runWrangler(
  args: readonly string[],
  stdout: "inherit" | "ignore" = "ignore",
): Promise<void> {
  const [code] = await once(startWrangler(args, stdout), "exit");
  if (code !== 0) throw new Error(`wrangler ${args.slice(0, 3).join(" ")} failed`);
}

/** Runs wrangler to its end and returns its output. Throws if it fails, with the output. */
export async function readWrangler(args: readonly string[]): Promise<string> {
  const child = startWrangler(args, "pipe");
  const [[code], printed] = await Promise.all([once(child, "exit"), child.stdout ? text(child.stdout) : ""]);
  if (code !== 0) throw new Error(`wrangler ${args.slice(0, 3).join(" ")} failed: ${printed}`);
  return printed;
}
