import { existsSync, readdirSync, readFileSync } from "node:fs";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import * as z from "zod";
import { bundleWorker } from "../../scripts/build/build-worker.ts";
import { createDemoSurveys, createWorkspace, type NewWorkspace } from "../../scripts/demo/seed.ts";
import { migrate } from "../../scripts/migrate.ts";
import { readSettings } from "../../test/harness.ts";
import { Database } from "../../worker/db/database.ts";

// State is in memory. Miniflare puts it into the temporary folder, where a disk's fsync would hide the worker's own cost.
if (existsSync("/dev/shm")) process.env.TMPDIR = "/dev/shm";

/** The worker's log line about a request. */
const Line = z.object({ route: z.string(), status: z.int(), rows_read: z.int(), rows_written: z.int() });
type Line = z.infer<typeof Line>;

export interface BenchServer {
  /** http://127.0.0.1:PORT, without a trailing slash. */
  url: string;
  d1: D1Database;
  /** CPU time used by the server's process, ms; NaN without /proc (only Linux has it). */
  cpuMs: () => number;
  stop: () => Promise<void>;
}

export interface Candor extends BenchServer, NewWorkspace {
  /** The worker's log lines about the requests that `work` makes. */
  linesOf: (requests: number, work: () => Promise<void>) => Promise<Line[]>;
}

const { compatibilityDate, d1Databases, ratelimits } = await readSettings();

interface StartOptions {
  script: string;
  bindings?: Record<string, string>;
  ratelimits?: typeof ratelimits;
  onLog?: (text: string) => void;
}

const children = (): string[] =>
  existsSync("/proc/self/task")
    ? readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim().split(" ")
    : [];

/** Sum over a process's threads. Linux counts it in ns, regardless of other processes. */
const cpuMsOf = (pid: string): number =>
  readdirSync(`/proc/${pid}/task`).reduce(
    (sum, thread) =>
      sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6,
    0,
  );

/**
 * Starts both sides of every comparison with equal settings. Static assets are left out: in Miniflare their router runs
 * before the worker and would cost only Candor half a millisecond, which it does not on the platform.
 */
async function start({ onLog = () => undefined, ...own }: StartOptions): Promise<BenchServer> {
  const equal = {
    compatibilityDate,
    d1Databases,
    modules: true as const,
    cf: false as const,
    host: "127.0.0.1",
  };
  // Logs are read and dropped: printing them would be measured too.
  const handleStructuredLogs = ({ message }: { message: string }) => onLog(message);
  const before = new Set(children());
  const miniflare = new Miniflare(convertV4MiniflareOptions({ ...equal, ...own, handleStructuredLogs }));
  const { port } = await miniflare.ready;
  const d1 = await miniflare.getD1Database("DB");
  await migrate(d1);
  const pids = children().filter((pid) => !before.has(pid));
  const cpuMs = () => (pids.length > 0 ? pids.reduce((sum, pid) => sum + cpuMsOf(pid), 0) : Number.NaN);
  return { url: `http://127.0.0.1:${port}`, d1, cpuMs, stop: () => miniflare.dispose() };
}

/** Candor with the demo's surveys; `limit` adds the rate limiters, with this limit. */
export async function startCandor(limit?: number): Promise<Candor> {
  let heard: ((line: Line) => void) | undefined;
  const raised = Object.entries(ratelimits ?? {}).map(([name, settings]) => {
    return [name, { ...settings, simple: { limit, period: 60 } }];
  });
  const server = await start({
    script: await bundleWorker(),
    bindings: { CANDOR_SECRET: "a secret for benchmarks, 40 characters.." },
    ...(limit !== undefined && { ratelimits: Object.fromEntries(raised) }),
    onLog: (text) => heard?.(Line.parse(JSON.parse(text))),
  });
  const db = new Database(server.d1);
  // The first request to write installs the counting triggers, which must not be measured.
  await fetch(`${server.url}/health`);
  const workspace = await createWorkspace(db, "Bench");
  await createDemoSurveys(db, workspace.ref);
  const linesOf = (requests: number, work: () => Promise<void>) =>
    new Promise<Line[]>((done, fail) => {
      const lines: Line[] = [];
      heard = (line) => {
        if (lines.push(line) < requests) return;
        heard = undefined;
        done(lines);
      };
      work().catch(fail);
    });
  return { ...workspace, ...server, linesOf };
}

/** The least that counts as ingest: parse, insert one row, answer. No router, validation or roll-up. */
const bare = `
const sql = \`INSERT INTO responses (workspace_ref, id, touchpoint_ref, survey_ref, rating, comment, channel, locale,
  respondent, properties, exclusion, revision, answered_at, received_at, updated_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)\`;
export default {
  async fetch(request, env) {
    const body = JSON.parse(await request.text());
    const values = [1, body.id, 1, 1, body.rating, body.comment ?? null, "widget", body.locale ?? null, null,
      body.properties ? JSON.stringify(body.properties) : null, "", body.revision ?? 0, Date.parse(body.answered_at), Date.now(), null];
    await env.DB.prepare(sql).bind(...values).run();
    return Response.json({ id: body.id, status: "created" }, { status: 201 });
  },
};`;

/** Starts the bare worker over the same tables and index, in its own Miniflare with the same settings. */
export const startBare = (): Promise<BenchServer> => start({ script: bare });
