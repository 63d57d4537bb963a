import { spawn } from "node:child_process";
import { once } from "node:events";
import { heading } from "./report.ts";

/** Runs every benchmark, one after the other: two at a time would measure each other. */

const benchmarks = [
  "ingest",
  "import",
  "scores",
  "layouts",
  "verify",
  "worker",
  "widget",
  "peers",
  "crash",
  "fuzz",
  "scanners",
  "mails",
  "sending-kills",
];

console.log(heading);
for (const name of benchmarks) {
  const child = spawn(process.execPath, [`bench/${name}.ts`], {
    env: { ...process.env, BENCH_ROWS_ONLY: "1" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = await once(child, "exit");
  if (code !== 0) process.exitCode = 1;
}
