import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { note, report, thousands } from "./tools/report.ts";
import { startCandor } from "./tools/servers.ts";

/** Measures how fast `npm run import` saves responses, and whether its memory grows with them. */

const rows = Number(process.env.RESPONSES ?? 100_000);
const target = 5_000;

/** A response in the format of Delighted's API. */
const delighted = (index: number) => ({
  id: String(index),
  person: { id: String(index % 1000), email: `customer${index % 1000}@example.com`, name: "Kim Example" },
  survey_type: "nps",
  score: index % 11,
  comment: index % 3 === 0 ? "Delivery was quick, but the courier left the parcel with a neighbour." : null,
  permalink: `https://app.delighted.com/r/${index}`,
  created_at: 1_700_000_000 + index * 60,
  updated_at: null,
  person_properties: { plan: "pro", "Delighted Source": "Email" },
  notes: [],
  tags: ["beta"],
});

async function writeExport(path: string): Promise<void> {
  const file = await open(path, "w");
  for (let first = 0; first < rows; first += 1000) {
    const part = Array.from({ length: Math.min(1000, rows - first) }, (_, at) => delighted(first + at));
    await file.write((first === 0 ? "[" : ",") + JSON.stringify(part).slice(1, -1));
  }
  await file.write("]");
  await file.close();
}

/** Resident memory of a process, MB; NaN without /proc (only Linux has it). */
async function residentMb(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

const folder = await mkdtemp(join(tmpdir(), "candor-import-"));
const candor = await startCandor();
try {
  const path = join(folder, "export.json");
  await writeExport(path);
  const args = ["scripts/import.ts", path, "--url", candor.url, "--touchpoint", "relationship", "--apply"];
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, CANDOR_KEY: candor.secretKey },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(child, "exit");
  let [atQuarter, atEnd] = [Number.NaN, Number.NaN];
  for await (const line of createInterface({ input: child.stderr })) {
    note(line);
    if (line.startsWith("25 %")) atQuarter = await residentMb(child.pid);
    if (line.startsWith("100 %")) atEnd = await residentMb(child.pid);
  }
  const [code] = await ended;
  const rate = (rows / (performance.now() - started)) * 1000;
  const stored = await candor.d1.prepare("SELECT count(*) AS n FROM responses").first<number>("n");
  if (code !== 0 || stored !== rows) throw new Error(`the import ended with ${code}, ${stored} are stored`);
  const growth = atEnd / atQuarter;
  report(
    [
      {
        what: `responses a second that \`npm run import\` brings in, ${thousands(rows)} of Delighted's JSON, its start included`,
        figure: thousands(rate),
        target: `at least ${thousands(target)}`,
        met: rate >= target,
      },
      {
        what: "memory of the importing process at the end against a quarter of the way",
        figure: `${growth.toFixed(2)} (${atQuarter.toFixed(0)} MB, ${atEnd.toFixed(0)} MB)`,
        target: "at most 1.25",
        ...(Number.isFinite(growth) && { met: growth <= 1.25 }),
      },
    ],
    "npm run bench -- import",
  );
} finally {
  await candor.stop();
  await rm(folder, { recursive: true });
}
