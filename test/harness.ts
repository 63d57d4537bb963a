import type { Plugin } from "esbuild";
import { convertV4MiniflareOptions, type LegacyWorkerOptions, Miniflare } from "miniflare";
import {
  createDemoSurveys,
  createDemoWays,
  createWorkspace,
  type NewWorkspace,
} from "../scripts/demo/seed.ts";
import { migrate } from "../scripts/migrate.ts";
import { Database } from "../worker/db/database.ts";

export interface Server extends NewWorkspace {
  /** http://localhost:PORT, without a slash at the end. */
  url: string;
  /** The server's own D1, for looking at rows from outside. */
  d1: D1Database;
  /** Runs what wrangler.toml has for this time table, to its end. */
  schedule: (cron: string) => Promise<void>;
  /** Where the worker's inspector listens, if it was asked for. */
  inspector: () => Promise<URL>;
  stop: () => Promise<void>;
}

export interface ServerOptions {
  /** Changes the sources before they are bundled: how a test adds a kind, or breaks something on purpose. */
  plugins?: Plugin[];
  /** The limits of wrangler.toml; without them a test of thousands of requests is not refused. */
  limited?: boolean;
  /** More of the worker's variables. */
  vars?: Record<string, string>;
  /** A folder that outlives the server; default: in memory. */
  persistTo?: string;
  /** Shows /demo, with the keys of the server's workspace. */
  demo?: boolean;
  /** The folder of static files; default: the one that was built. */
  assets?: string;
  /** Opens the worker's inspector. */
  inspected?: boolean;
  /** Takes each line that the worker logs; default: they go to the console. */
  onLog?: (line: string) => void;
  /** What another process has built; default: it is built here. */
  built?: Built;
}

/** What a server runs: the worker as one module, and what wrangler.toml says of it. Plain data, which one process can hand to another. */
export interface Built {
  script: string;
  settings: Pick<LegacyWorkerOptions, "compatibilityDate" | "assets" | "d1Databases" | "ratelimits">;
}

/** As the sources are; the files that run in one process share them. */
const made = new Map<string, Promise<Built>>();

export async function build(entry: "index.ts" | "demo/index.ts", plugins?: Plugin[]): Promise<Built> {
  const known = plugins ? undefined : made.get(entry);
  if (known) return known;
  // Loaded only where something is built: wrangler and esbuild take a process a second and a half.
  const making = import("../scripts/build/build-worker.ts").then(async ({ bundleWorker }) => ({
    script: await bundleWorker(entry, plugins),
    settings: await readSettings(),
  }));
  if (!plugins) made.set(entry, making);
  return making;
}

/** What wrangler.toml says, as Miniflare takes it. */
export async function readSettings(): Promise<Built["settings"]> {
  const { unstable_getMiniflareWorkerOptions } = await import("wrangler");
  // wrangler hands its options out as unknown; the keys taken here are the same on both sides.
  return unstable_getMiniflareWorkerOptions("wrangler.toml").workerOptions as Built["settings"];
}

/** Candor in a real workerd with a real D1, on a port of its own, with the demo's surveys and no responses. */
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
  const options = (demoKeys: Record<string, string> = {}) =>
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
        ...demoKeys,
      },
      ...(persistTo && { resourcePersistencePath: persistTo }),
      ...(onLog && { handleStructuredLogs: ({ message }: { message: string }) => onLog(message) }),
      ...(inspected && { inspectorPort: 0 }),
      cf: false,
    });
  const miniflare = new Miniflare(options());
  const empty = await miniflare.getD1Database("DB");
  await migrate(empty);
  const db = new Database(empty);
  const workspace = await createWorkspace(db, "Test");
  await createDemoSurveys(db, workspace.ref);
  if (demo) {
    await createDemoWays(db, workspace.ref);
    const { publishableKey, readKey } = workspace;
    await miniflare.setOptions(options({ DEMO_PUBLISHABLE_KEY: publishableKey, DEMO_READ_KEY: readKey }));
  }
  // Only now: with new options the server takes another port, and what was opened before is of no use.
  const { port } = await miniflare.ready;
  const d1 = await miniflare.getD1Database("DB");
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
