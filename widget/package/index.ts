import { type Modules, start } from "../candor.ts";
import type { Settings } from "../page.ts";

/** The dated behaviour of this build, set by the build. */
declare const ASK_VERSION: string;

export type { Settings };

export interface Options extends Settings {
  /** Where Candor is: `https://candor.example`, followed by the path before `/v1/` if there is one. */
  origin: string;
}

const modules: { [Name in keyof Modules]: () => Promise<Modules[Name]> } = {
  survey: () => import("../survey/survey.tsx"),
  tab: () => import("../survey/tab.tsx"),
  commands: () => import("../commands.ts"),
  triggers: () => import("../triggers.ts"),
  kept: () => import("../kept.ts"),
};

let run: ReturnType<typeof start> | undefined;
let waiting: [name: string, ...given: unknown[]][] = [];

const isPage = () => typeof document !== "undefined";

/** Starts Candor in the page; a later call updates the settings, as `identify` does. Does nothing on a server. */
export function init({ origin, ...settings }: Options): void {
  if (!isPage()) return;
  if (run) return void run("identify", settings);
  const load = <Name extends keyof Modules>(name: Name) => modules[name]();
  run = start(`${origin}/v1/`, load, { version: ASK_VERSION, ...settings });
  for (const call of waiting) void run(...call);
  waiting = [];
}

/**
 * Runs a command, as the script's `candor(…)` does: docs/widget.md lists them. Before `init` the command waits; on a
 * server it does nothing. The promise never rejects.
 */
export async function candor(name: string, ...given: unknown[]): Promise<unknown> {
  if (run) return await run(name, ...given);
  if (isPage()) waiting.push([name, ...given]);
}
