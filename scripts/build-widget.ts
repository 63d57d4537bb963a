import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { type BuildOptions, build, type Plugin, transform } from "esbuild";

/** A built file: where it is and what a visitor downloads. */
export interface BuiltFile {
  path: string;
  bytes: number;
  brotliBytes: number;
}

export interface BuiltWidget {
  loader: BuiltFile;
  survey: BuiltFile;
  /** Every source file that went into the two, as esbuild names it. */
  inputs: string[];
}

/** esbuild's own text loader would ship the sheet with its comments and white space. */
const minifiedCss: Plugin = {
  name: "minified-css",
  setup: (plugins) =>
    plugins.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), {
        loader: "css",
        minify: true,
        target: "safari16.4",
      });
      return { contents: code.trim(), loader: "text" };
    }),
};

const options = {
  bundle: true,
  minify: true,
  target: "es2020",
  legalComments: "none",
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
  alias: { "preact/jsx-runtime": "./widget/jsx.ts" },
  // Short names for what only Preact itself uses: its private fields and hooks, and the state and life cycle of class
  // components, of which the widget has none.
  mangleProps:
    /^(_|component[DW]|get(Child|Derived|Snapshot)|shouldComponent|context|defaultProps|forceUpdate|debounceRendering|diffed|unmount|(setS|s)tate$|(base|current|props|vnode)$)/,
  // The root tsconfig.json is the worker's and takes JSX for hono's.
  tsconfigRaw: "{}",
  metafile: true,
  logLevel: "warning",
  plugins: [minifiedCss],
} satisfies BuildOptions;

const headers = `/v1/widget.js
  Cache-Control: public, max-age=3600
  Access-Control-Allow-Origin: *
  Cross-Origin-Resource-Policy: cross-origin
  X-Content-Type-Options: nosniff

/v1/survey.*.js
  Cache-Control: public, max-age=31536000, immutable
  Access-Control-Allow-Origin: *
  Cross-Origin-Resource-Policy: cross-origin
  X-Content-Type-Options: nosniff
`;

const measure = async (path: string): Promise<BuiltFile> => {
  const content = await readFile(path);
  return { path, bytes: content.length, brotliBytes: brotliCompressSync(content).length };
};

/** Builds the loader (`v1/widget.js`), the survey module under the hash of its content, and Cloudflare's `_headers`. */
export async function buildWidget(outdir = "dist/assets"): Promise<BuiltWidget> {
  const folder = join(outdir, "v1");
  await mkdir(folder, { recursive: true });
  const survey = await build({
    ...options,
    entryPoints: { survey: "widget/survey.tsx" },
    entryNames: "[name].[hash]",
    format: "esm",
    outdir: folder,
  });
  const surveyPath = Object.keys(survey.metafile.outputs)[0] ?? "";
  const loader = await build({
    ...options,
    entryPoints: { widget: "widget/loader.ts" },
    format: "iife",
    outdir: folder,
    define: { SURVEY_FILE: JSON.stringify(basename(surveyPath)) },
  });
  for (const file of await readdir(folder)) {
    if (/^survey\..*\.js$/.test(file) && file !== basename(surveyPath)) await rm(join(folder, file));
  }
  await writeFile(join(outdir, "_headers"), headers);
  return {
    loader: await measure(join(folder, "widget.js")),
    survey: await measure(surveyPath),
    inputs: [survey, loader].flatMap(({ metafile }) => Object.keys(metafile.inputs)),
  };
}

if (import.meta.main) {
  const { loader, survey } = await buildWidget();
  for (const { path, bytes, brotliBytes } of [loader, survey])
    console.log(`${path}: ${bytes} B, brotli ${brotliBytes} B`);
}
