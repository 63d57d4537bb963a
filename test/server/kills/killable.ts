import { spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { text } from "node:stream/consumers";
import { type Built, build } from "../../harness.ts";

/** A server in a process of its own, so that a test can kill it. */
export interface Killable {
  /** What it prints. */
  lines: Interface;
  hasEnded: () => boolean;
  /** Ends it without a warning; resolves when it is gone. */
  kill: () => Promise<void>;
}

/** Runs `file` with these arguments; there it takes what it runs from `receive`. */
export async function startKillable(file: string, ...args: string[]): Promise<Killable> {
  const built = await build("index.ts");
  // A process group of its own: one signal reaches Node and the workerd that it started.
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

/** In the process that was started: what its test has built. Building it again would double the time of a start. */
export const receive = async (): Promise<Built> => JSON.parse(await text(process.stdin));
