import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { type BuildOptions, build, type Plugin, transform } from "esbuild";
import { askVersion } from "../../shared/contract/ask.ts";

/** A built file: its path, and the bytes that a visitor downloads. */
interface BuiltFile {
  path: string;
  bytes: number;
  brotliBytes: number;
  /** The value of the `integrity` attribute. */
  integrity: string;
}

/** The modules that the loader and other modules fetch when needed. */
const sources = {
  survey: "survey/survey.tsx",
  steps: "survey/steps.tsx",
  tab: "survey/tab.tsx",
  commands: "commands.ts",
  triggers: "triggers.ts",
  reach: "survey/reach.ts",
  words: "survey/words.ts",
  kept: "kept.ts",
};
type ModuleName = keyof typeof sources;
const moduleNames = Object.keys(sources) as ModuleName[];

interface BuiltWidget extends Record<ModuleName, BuiltFile> {
  /** The folder's name: the hash of its contents. */
  build: string;
  /** The loader that pages embed. */
  loader: BuiltFile;
  /** The same loader beside its modules, at an address whose content never changes. */
  pinnedLoader: BuiltFile;
  /** Every source file in the bundles, by esbuild's names. */
  inputs: string[];
}

/** esbuild's own text loader would ship the sheet with its comments and white space. */
export const minifiedCss: Plugin = {
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

/**
 * Turns imports of modules into requests for files of the same folder. Modules fetched after the survey import from it
 * what it already holds.
 */
const neighbours: Plugin = {
  name: "neighbours",
  setup: (plugins) => {
    const modules = new RegExp(`^\\.\\.?/(?:survey/)?(${moduleNames.join("|")})\\.tsx?$`);
    plugins.onResolve({ filter: modules }, ({ path }) => ({
      path: `./${modules.exec(path)?.[1]}.js`,
      external: true,
    }));
    const held = /^(#jsx\/|\.\.?\/)(json|jsx-runtime|respond|send|store|swallow-errors)(\.ts)?$/;
    plugins.onResolve({ filter: held }, ({ importer }) =>
      /(steps|tab)\.tsx$|(kept|words)\.ts$/.test(importer)
        ? { path: "./survey.js", external: true }
        : undefined,
    );
  },
};

/**
 * Names that only the widget's own modules use: not the DOM, the contract or a page. Each becomes one letter in what a
 * visitor loads, the same in all modules. q is no such letter, since pages see it.
 */
const ownNames =
  "answer ask base change drawn due ending events floating keep local looks meant outcome passed path press props refused resend select selected settings since stage submit tag timer waiting".split(
    " ",
  );
const letters = "abcdefghijklmnoprstuvwxyzABCDEFGH";

const options = {
  bundle: true,
  mangleProps: new RegExp(`^(${ownNames.join("|")})$`),
  mangleCache: Object.fromEntries(ownNames.map((name, index) => [name, letters.charAt(index)])),
  minify: true,
  write: false,
  // Supported by Safari 15.4, Chrome 94 and Firefox 93 and later: five years of each.
  target: "es2022",
  legalComments: "none",
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "#jsx",
  // tsconfig.json files are for the editor and the compiler; what is built is said here alone.
  tsconfigRaw: "{}",
  metafile: true,
  logLevel: "warning",
  plugins: [minifiedCss, neighbours],
} satisfies BuildOptions;

const anywhere = `  Access-Control-Allow-Origin: *
  Cross-Origin-Resource-Policy: cross-origin
  X-Content-Type-Options: nosniff
`;
const headers = `/v1/widget.js
  Cache-Control: public, max-age=600
${anywhere}
/v1/:build/*
  Cache-Control: public, max-age=31536000, immutable
${anywhere}`;

async function write(path: string, content: Uint8Array): Promise<BuiltFile> {
  await writeFile(path, content);
  return {
    path,
    bytes: content.length,
    brotliBytes: brotliCompressSync(content).length,
    integrity: `sha384-${createHash("sha384").update(content).digest("base64")}`,
  };
}

/**
 * Builds the loader (`v1/widget.js`), the modules in a folder named by their hash, and Cloudflare's `_headers`. Earlier
 * releases (`widget/releases`) stay beside it, since pages may have pinned them.
 */
export async function buildWidget(
  outdir = "dist/assets",
  releases = "widget/releases",
): Promise<BuiltWidget> {
  const root = join(outdir, "v1");
  await rm(root, { recursive: true, force: true });
  const inputs = new Set<string>();
  const bundle = async (source: string, format: "esm" | "iife", define: Record<string, string> = {}) => {
    // Errors while the script is evaluated do not reach the page either.
    const banner = format === "iife" ? { banner: { js: "try{" }, footer: { js: "}catch{}" } } : {};
    const entryPoints = [source];
    const { outputFiles, metafile } = await build({ ...options, ...banner, entryPoints, format, define });
    for (const input of Object.keys(metafile.inputs)) inputs.add(input);
    return outputFiles[0]?.contents ?? new Uint8Array();
  };
  const modules = new Map<ModuleName, Uint8Array>();
  for (const name of moduleNames) modules.set(name, await bundle(`widget/${sources[name]}`, "esm"));
  const loader = (folder: string) =>
    bundle("widget/loader.ts", "iife", {
      BUILD: JSON.stringify(folder),
      ASK_VERSION: JSON.stringify(askVersion),
    });
  const hash = createHash("sha256").update(await loader(""));
  for (const content of modules.values()) hash.update(content);
  // Hexadecimal instead of base64url, whose upper and lower case some file systems do not distinguish.
  const folder = hash.digest("hex").slice(0, 6);
  await mkdir(join(root, folder), { recursive: true });
  if (existsSync(releases)) await cp(releases, root, { recursive: true });
  await writeFile(join(outdir, "_headers"), headers);
  // The worker reads this file.
  await writeFile(join(root, "build.txt"), folder);
  const written = await Promise.all(
    moduleNames.map(async (name) => {
      const content = modules.get(name) ?? new Uint8Array();
      return [name, await write(join(root, folder, `${name}.js`), content)] as const;
    }),
  );
  return {
    ...(Object.fromEntries(written) as Record<ModuleName, BuiltFile>),
    build: folder,
    loader: await write(join(root, "widget.js"), await loader(folder)),
    pinnedLoader: await write(join(root, folder, "widget.js"), await loader(folder)),
    inputs: [...inputs],
  };
}

if (import.meta.main) {
  const { build: folder, inputs: _, ...files } = await buildWidget();
  for (const { path, bytes, brotliBytes } of Object.values(files))
    console.log(`${path}: ${bytes} B, brotli ${brotliBytes} B`);
  const { integrity } = files.pinnedLoader;
  console.log(`Pinned: <script async src="…/v1/${folder}/widget.js" integrity="${integrity}" crossorigin …>`);
}
