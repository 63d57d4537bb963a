import { readFile, writeFile } from "node:fs/promises";
import { Database } from "../worker/db/database.ts";
import type { Bindings } from "../worker/environment.ts";
import { migrate } from "./migrate.ts";

/** Opens the local D1 of `wrangler dev` with all migrations applied, while `use` runs. */
export async function withLocalDatabase<Result>(use: (db: Database) => Promise<Result>): Promise<Result> {
  // Loaded only here: it takes two seconds of CPU, in which `npm start` starts its server.
  const { getPlatformProxy } = await import("wrangler");
  const { env, dispose } = await getPlatformProxy<Bindings>({ envFiles: [] });
  try {
    await migrate(env.DB);
    return await use(new Database(env.DB));
  } finally {
    await dispose();
  }
}

const varsFile = ".dev.vars";

/** Reads the local secrets by name, from lines `NAME="value"`. */
export async function readLocalVars(): Promise<Record<string, string>> {
  const text = await readFile(varsFile, "utf8").catch(() => "");
  return Object.fromEntries(
    [...text.matchAll(/^(\w+)\s*=\s*"?([^"\n]*)"?$/gm)].map(([, name, value]) => [name, value]),
  );
}

export async function writeLocalVars(vars: Record<string, string>): Promise<void> {
  const lines = Object.entries(vars).map(([name, value]) => `${name}="${value}"`);
  await writeFile(varsFile, `# Made by npm start. Local only: never commit it.\n${lines.join("\n")}\n`, {
    mode: 0o600,
  });
}
