import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Server } from "../../harness.ts";

/** Starts `npm run import` in its own process. */
export function startImport(server: Pick<Server, "url" | "secretKey">, args: readonly string[]) {
  return spawn(process.execPath, ["scripts/import.ts", ...args, "--url", server.url], {
    env: { ...process.env, CANDOR_KEY: server.secretKey },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs an import to its end. */
export async function runImport(server: Pick<Server, "url" | "secretKey">, ...args: string[]) {
  const child = startImport(server, args);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { code, stdout, stderr };
}
