import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";
import { convertV4MiniflareOptions, type LegacyWorkerOptions, Miniflare } from "miniflare";
import type { Entry } from "../scripts/build/build-worker.ts";
import {
  createDemoSurveys,
  createDemoWays,
  createWorkspace,
  firstKeys,
  type NewWorkspace,
} from "../scripts/demo/seed.ts";
import { migrate } from "../scripts/migrate.ts";
import { Database } from "../worker/db/database.ts";
import { steady } from "./steady-d1.ts";

export interface Server extends NewWorkspace {
  /** http://localhost:PORT, without a trailing slash. */
  url: string;
  /** The server's own D1, for reading rows directly. */
  d1: D1Database;
  /** Runs wrangler.toml's jobs for this cron expression to their end. */
  schedule: (cron: string) => Promise<void>;
  /** The address of the worker's inspector, if it was requested. */
  inspector: () => Promise<URL>;
  stop: () => Promise<void>;
}

export interface ServerOptions {
  /** Changes the sources before they are bundled: a test uses it to add a kind or to break something on purpose. */
  plugins?: Plugin[];
  /** Applies the rate limits of wrangler.toml. Without them, a test can send thousands of requests. */
  limited?: boolean;
  /** Additional variables for the worker. */
  vars?: Record<string, string>;
  /** A folder that outlives the server; default: in memory. */
  persistTo?: string;
  /** Shows /demo, with the keys of the server's workspace. */
  demo?: boolean;
  /** The folder of static files; default: the built one. */
  assets?: string;
  /** Opens the worker's inspector. */
  inspected?: boolean;
  /** Receives each line that the worker logs; default: the console. */
  onLog?: (line: string) => void;
  /** A build from another process; default: it is built here. */
  built?: Built;
}

/** What a server runs: the worker as one module, and wrangler.toml's settings. Plain data, so that processes can pass it on. */
export interface Built {
  script: string;
  settings: Pick<LegacyWorkerOptions, "compatibilityDate" | "assets" | "d1Databases" | "ratelimits">;
}

/** Builds, shared by the files of a process. */
const made = new Map<string, Promise<Built>>();

/** The worker, changed by plugins: the name of each says all that it changes. */
export function build(entry: Entry, plugins: Plugin[] = []): Promise<Built> {
  const name = [entry, ...plugins.map((plugin) => plugin.name)].join(" ");
  const making = made.get(name) ?? make(entry, plugins);
  made.set(name, making);
  return making;
}

async function make(entry: Entry, plugins: Plugin[]): Promise<Built> {
  const settings = await readSettings();
  const { built, bundleWorker } = await import("../scripts/build/build-worker.ts");
  // The workers lie beside the static files, which were built before too.
  const script = plugins.length === 0 ? readFile(built[entry], "utf8") : bundleWorker(entry, plugins);
  return { settings, script: await script };
}

/** wrangler.toml's settings, in Miniflare's form. */
export async function readSettings(): Promise<Built["settings"]> {
  // Loaded only when something is built: importing wrangler takes a process 1.5 seconds.
  const { unstable_getMiniflareWorkerOptions } = await import("wrangler");
  // wrangler types its options as unknown; the keys used here are the same on both sides.
  return unstable_getMiniflareWorkerOptions("wrangler.toml").workerOptions as Built["settings"];
}

/** Candor in a real workerd with a real D1, on its own port, with the demo's surveys and no responses. */
export async function startServer({
  plugins,
  limited = false,
  vars = {},
  persistTo,
  demo = false,
  assets: folder,
  onLog,
  inspected = false,
  built,
}: ServerOptions = {}): Promise<Server> {
  const { script, settings } = built ?? (await build(demo ? "demo/index.ts" : "index.ts", plugins));
  const { compatibilityDate, assets, d1Databases, ratelimits } = settings;
  const keys = firstKeys();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      compatibilityDate,
      assets: assets && { ...assets, ...(folder && { directory: folder }) },
      d1Databases,
      ...(limited && { ratelimits }),
      modules: true,
      script,
      bindings: {
        BUDGET: "throws",
        CANDOR_SECRET: "a secret for tests, of 40 characters, 12",
        ...vars,
        ...(demo && { DEMO_PUBLISHABLE_KEY: keys.publishableKey, DEMO_READ_KEY: keys.readKey }),
      },
      ...(persistTo && { resourcePersistencePath: persistTo }),
      ...(onLog && { handleStructuredLogs: ({ message }: { message: string }) => onLog(message) }),
      ...(inspected && { inspectorPort: 0 }),
      cf: false,
    }),
  );
  const d1 = steady(await miniflare.getD1Database("DB"));
  await migrate(d1);
  const db = new Database(d1);
  const workspace = await createWorkspace(db, "Test", keys);
  await createDemoSurveys(db, workspace.ref);
  if (demo) await createDemoWays(db, workspace.ref);
  const { port } = await miniflare.ready;
  const worker = await miniflare.getWorker();
  const schedule = async (cron: string) => {
    const { outcome } = await worker.scheduled({ cron });
    if (outcome !== "ok") throw new Error(`the schedule ended as ${outcome}`);
  };
  return {
    ...workspace,
    url: `http://localhost:${port}`,
    d1,
    schedule,
    inspector: () => miniflare.getInspectorURL(),
    stop: () => miniflare.dispose(),
  };
}
