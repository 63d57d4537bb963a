import { writeFile } from "node:fs/promises";
import { build, type Plugin } from "esbuild";

/** Writes the answers of /docs and /openapi.json, so that the worker does not carry the code that renders them. */
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
  // Node cannot read TSX by itself.
  const module = `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString("base64")}`;
  const { docs, openapi } = await import(module);
  await writeFile("dist/assets/docs.html", docs);
  await writeFile("dist/assets/openapi.json", openapi);
}

/** Stubs the platform's modules: the reference needs their names but never calls them. */
const platform: Plugin = {
  name: "platform",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cloudflare:/ }, ({ path }) => ({ path, namespace: "platform" }));
    onLoad({ filter: /./, namespace: "platform" }, () => ({ contents: "module.exports = {}" }));
  },
};
