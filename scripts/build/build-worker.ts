import { mkdir, readFile, writeFile } from "node:fs/promises";
import { build, type Plugin } from "esbuild";

/** `index.ts` is deployed; `demo/index.ts` adds the demo and is served by `npm start`. */
export type Entry = "index.ts" | "demo/index.ts";

/** Where a build puts the workers. */
export const built: Readonly<Record<Entry, string>> = {
  "index.ts": "dist/worker.js",
  "demo/index.ts": "dist/demo.js",
};

/** Bundles the worker into one module. `plugins` change its sources first: a test uses them to break something on purpose. */
export async function bundleWorker(entry: Entry = "index.ts", plugins: Plugin[] = []): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`worker/${entry}`],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    // Half as long to send and to parse. Names stay, for the stack traces of the log.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    plugins: [...plugins, withoutDescriptions],
  });
  return outputFiles[0]?.text ?? "";
}

/** Writes both workers. */
export async function buildWorkers(): Promise<void> {
  await mkdir("dist", { recursive: true });
  for (const [entry, path] of Object.entries(built))
    await writeFile(path, await bundleWorker(entry as Entry));
}

const description = /\.describe\(\s*"(?:[^"\\]|\\.)*",?\s*\)/g;

/**
 * Removes the descriptions of fields. Only the reference needs them, and it is built before; they would be a twentieth
 * of the worker's bytes.
 */
const withoutDescriptions: Plugin = {
  name: "without descriptions",
  setup({ onLoad }) {
    onLoad({ filter: /\/(worker|shared)\/.*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll(description, ""),
      loader: "ts",
    }));
  },
};
