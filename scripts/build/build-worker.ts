import { mkdir, readFile, writeFile } from "node:fs/promises";
import { build, type Plugin } from "esbuild";

/** `index.ts` is deployed; `demo/index.ts` is what `npm start` serves, with the demo. */
type Entry = "index.ts" | "demo/index.ts";

/** The worker as one module. `plugins` change its sources first: how a test breaks something on purpose. */
export async function bundleWorker(entry: Entry = "index.ts", plugins: Plugin[] = []): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`worker/${entry}`],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    plugins: [...plugins, withoutDescriptions],
  });
  return outputFiles[0]?.text ?? "";
}

/** Writes what is deployed. */
export async function buildWorker(): Promise<void> {
  await mkdir("dist", { recursive: true });
  await writeFile("dist/worker.js", await bundleWorker());
}

const description = /\.describe\(\s*"(?:[^"\\]|\\.)*",?\s*\)/g;

/** What fields are is said in the reference alone, which is built before: here it would be a twentieth of all bytes. */
const withoutDescriptions: Plugin = {
  name: "without descriptions",
  setup({ onLoad }) {
    onLoad({ filter: /\/(worker|shared)\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll(description, ""),
      loader: "ts",
    }));
  },
};
