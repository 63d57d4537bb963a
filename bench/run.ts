import { spawn } from "node:child_process";
import { once } from "node:events";
import { benchmarks, fileOf } from "./tools/names.ts";
import { heading } from "./tools/report.ts";

/** Runs the named benchmarks, or all, one after the other: two at a time would distort each other. */

const named = process.argv.slice(2);
const unknown = named.find((name) => !benchmarks.some((known) => known === name));
if (unknown !== undefined) {
  console.error(`There is no benchmark ${unknown}. There are ${benchmarks.join(", ")}`);
  process.exit(1);
}

console.log(heading);
for (const name of named.length > 0 ? named : benchmarks) {
  const child = spawn(process.execPath, [fileOf(name)], {
    env: { ...process.env, BENCH_ROWS_ONLY: "1" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = await once(child, "exit");
  if (code !== 0) process.exitCode = 1;
}
