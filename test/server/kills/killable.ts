import { spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { text } from "node:stream/consumers";
import { type Built, build } from "../../harness.ts";

/** A server in its own process, so that a test can kill it. */
export interface Killable {
  /** The lines that it prints. */
  lines: Interface;
  hasEnded: () => boolean;
  /** Kills it without warning; resolves when it is gone. */
  kill: () => Promise<void>;
}

/** Runs `file` with these arguments. The file gets the build through `receive`. */
export async function startKillable(file: string, ...args: string[]): Promise<Killable> {
  const built = await build("index.ts");
  // In its own process group, one signal reaches Node and the workerd that it started.
  const child = spawn(process.execPath, [file, ...args], {
    detached: true,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.stdin.end(JSON.stringify(built));
  return {
    lines: createInterface({ input: child.stdout }),
    hasEnded: () => child.exitCode !== null,
    kill: async () => {
      if (child.pid) process.kill(-child.pid, "SIGKILL");
      await ended;
    },
  };
}

/** Called in the started process: the test's build. Building again would double the start time. */
export const receive = async (): Promise<Built> => JSON.parse(await text(process.stdin));
