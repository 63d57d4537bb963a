import { type Modules, start } from "../candor.ts";
import type { Settings } from "../page.ts";

/** The dated behaviour that this build knows; the build puts it in. */
declare const ASK_VERSION: string;

export type { Settings };

export interface Options extends Settings {
  /** Where Candor is: `https://candor.example`, with the path before `/v1/` if there is one. */
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

/** Starts Candor in the page; called again it says what is new, as `identify` does. On a server it does nothing. */
export function init({ origin, ...settings }: Options): void {
  if (!isPage()) return;
  if (run) return void run("identify", settings);
  const load = <Name extends keyof Modules>(name: Name) => modules[name]();
  run = start(`${origin}/v1/`, load, { version: ASK_VERSION, ...settings });
  for (const call of waiting) void run(...call);
  waiting = [];
}

/**
 * A command, as `candor(…)` of the script takes it: see the list in docs/widget.md. Before `init` it waits; on a server it does
 * nothing. The promise is never broken.
 */
export async function candor(name: string, ...given: unknown[]): Promise<unknown> {
  if (run) return await run(name, ...given);
  if (isPage()) waiting.push([name, ...given]);
}
