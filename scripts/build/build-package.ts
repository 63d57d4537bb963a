import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { askVersion } from "../../shared/contract/ask.ts";
import { minifiedCss } from "./build-widget.ts";

/** The package's entry points. */
const parts = ["index", "react", "vue"];

/**
 * Builds the npm package `candor-widget` from the widget's own source into `dist/package`. `index.js` holds the loader.
 * Modules that are fetched later are separate files, which bundlers keep separate.
 */
export async function buildPackage(outdir = "dist/package"): Promise<string> {
  await rm(outdir, { recursive: true, force: true });
  await build({
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    outdir,
    entryPoints: parts.map((part) => `widget/package/${part}.ts`),
    external: ["react", "vue"],
    define: { ASK_VERSION: JSON.stringify(askVersion) },
    jsx: "automatic",
    jsxImportSource: "#jsx",
    tsconfigRaw: "{}",
    legalComments: "none",
    plugins: [minifiedCss],
    logLevel: "warning",
  });
  for (const name of ["package.json", "README.md"])
    await cp(join("widget/package", name), join(outdir, name));
  await cp("widget/package/types", outdir, { recursive: true });
  await cp("LICENSE", join(outdir, "LICENSE"));
  return outdir;
}

if (import.meta.main) console.log(await buildPackage());
