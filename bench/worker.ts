import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { type Figure, note, report, thousands } from "./tools/report.ts";

/** Measures the deployed worker: its bytes, and how long an isolate takes to start it. */

const maxBytes = 320_000;
const quiet = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};
const wrangler = (...args: string[]) =>
  promisify(execFile)(process.execPath, ["node_modules/wrangler/bin/wrangler.js", ...args], {
    env: { ...process.env, ...quiet },
  });

const folder = await mkdtemp(join(tmpdir(), "candor-bundle-"));
try {
  await wrangler("deploy", "--dry-run", "--minify", "--outdir", folder);
  const modules = (await readdir(folder)).filter((name) => name.endsWith(".js"));
  const files = await Promise.all(modules.map((name) => readFile(join(folder, name))));
  const bytes = files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
  const figures: Figure[] = [
    {
      what: "the worker that is deployed, gzip",
      figure: `${thousands(bytes)} bytes`,
      target: `<= ${thousands(maxBytes)}`,
      met: bytes <= maxBytes,
    },
  ];
  const startup = await startupMs().catch((error: unknown) => note(`wrangler check startup: ${error}`));
  if (startup !== undefined) {
    figures.push({
      what: "CPU time of its start, in this machine's profile",
      figure: `${startup} ms`,
      target: "",
    });
  }
  report(figures, "npm run bench -- worker");
} finally {
  await rm(folder, { recursive: true });
}

/** CPU ms of the start, from the profile that wrangler samples, without idle time. */
async function startupMs(): Promise<number> {
  const outfile = join(folder, "start.cpuprofile");
  await wrangler("check", "startup", "--outfile", outfile);
  const profile: {
    nodes: { id: number; callFrame: { functionName: string } }[];
    samples: number[];
    timeDeltas: number[];
  } = JSON.parse(await readFile(outfile, "utf8"));
  const idle = new Set(
    profile.nodes.filter(({ callFrame }) => callFrame.functionName === "(idle)").map(({ id }) => id),
  );
  const busy = profile.samples.reduce((sum, node, index) => {
    return idle.has(node) ? sum : sum + (profile.timeDeltas[index] ?? 0);
  }, 0);
  return Math.round(busy / 1000);
}
