import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { build } from "esbuild";

const folder = "bench/peers/node_modules";

/** Installs the others' packages, which building and testing Candor do not need. Throws if npm cannot download them. */
export async function installPackages(): Promise<void> {
  const options = ["--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund"];
  const args = ["install", "--prefix", "bench/peers", ...options];
  const npm = process.env.npm_execpath;
  await promisify(execFile)(npm ? process.execPath : "npm", npm ? [npm, ...args] : args);
}

export const packageFile = (path: string): Promise<string> => readFile(`${folder}/${path}`, "utf8");

/** Bundles a package, as its users do, into one script whose exports are the global `name`. */
export async function bundled(name: string, exports: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: exports, resolveDir: "bench/peers" },
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    globalName: name,
  });
  return outputFiles[0]?.text ?? "";
}
