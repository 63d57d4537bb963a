import { writeFile } from "node:fs/promises";
import { build } from "esbuild";

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
  });
  // Node reads no TSX by itself.
  const module = `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString("base64")}`;
  const { docs, openapi } = await import(module);
  await writeFile("dist/assets/docs.html", docs);
  await writeFile("dist/assets/openapi.json", openapi);
}
