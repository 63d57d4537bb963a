import { writeFile } from "node:fs/promises";
import { build, type Plugin } from "esbuild";

/** Writes what /docs and /openapi.json answer: the worker need not carry what writes them. */
export async function buildReference(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: ["scripts/reference/written.tsx"],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "es2024",
    logLevel: "warning",
    plugins: [platform],
  });
  // Node reads no TSX by itself.
  const module = `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString("base64")}`;
  const { docs, openapi } = await import(module);
  await writeFile("dist/assets/docs.html", docs);
  await writeFile("dist/assets/openapi.json", openapi);
}

/** What only the platform has is described here and never called. */
const platform: Plugin = {
  name: "platform",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cloudflare:/ }, ({ path }) => ({ path, namespace: "platform" }));
    onLoad({ filter: /./, namespace: "platform" }, () => ({ contents: "module.exports = {}" }));
  },
};
