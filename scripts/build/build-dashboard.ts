import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import type { DashboardFiles, PageFiles } from "../../shared/contract/dashboard.ts";
import { KINDS, type Labels, type Look } from "../../shared/surveys/kinds.ts";
import { TEXTS } from "../../shared/surveys/languages.ts";

/** Where the files are served. The worker is not asked for them (`run_worker_first` in wrangler.toml). */
const address = "/assets/dashboard/";

/** Browsers with `light-dark()`, `popover` and `Promise.withResolvers`: whoever works here keeps theirs up to date. */
const target = ["es2024", "chrome123", "firefox129", "safari17.5"];

/**
 * What the kinds are called in a language, so that a new kind needs no word of the dashboard's own; and how their ratings look,
 * of which a view would else carry the whole table.
 */
export const kindsIn = (tag: string): Readonly<Record<string, Labels & { look: Look }>> => {
  const languages: Readonly<Record<string, { score?: { labels: Readonly<Record<string, Labels>> } }>> = TEXTS;
  const own = languages[tag]?.score?.labels ?? {};
  return Object.fromEntries(
    Object.entries(KINDS).map(([name, { title, bucketLabels, look }]) => [
      name,
      // The long form is of the score page; where a language lacks a kind, English names it.
      { ...(own[name] ?? { title, bucketLabels }), look },
    ]),
  );
};

/** The gallery's words of a language. */
export const galleryIn = (tag: string, templates: unknown): unknown => {
  const { kinds, comment } = TEXTS[tag] ?? TEXTS.en;
  return {
    templates,
    comment,
    // English words its kinds in the table that has all else of them.
    kinds: Object.fromEntries(
      Object.entries(kinds).map(([name, { question, low, high }]) => [name, { question, low, high }]),
    ),
  };
};

/**
 * A language's sentences and, on the dashboard itself, what it calls the kinds, as one module: only one language travels. The
 * gallery's has its templates, and what surveys ask that have no words of their own.
 */
const words: Plugin = {
  name: "words",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/words\/\w+\.json$/ }, async ({ path }) => {
      const sentences = JSON.parse(await readFile(path, "utf8"));
      const tag = basename(path, ".json");
      const page = basename(dirname(dirname(path)));
      const kinds = page === "dashboard" ? kindsIn(tag) : {};
      const language = page === "gallery" ? galleryIn(tag, sentences) : { sentences, kinds };
      return { contents: `export default ${JSON.stringify(language)}`, loader: "js" };
    }),
};

const styles = { bundle: true, minify: true, write: false, target } satisfies BuildOptions;

/** A view that imports its sheet gets the address of it: which sheets a page needs is known only when a view opens. */
const sheets: Plugin = {
  name: "sheets",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /\.css$/ }, ({ path, resolveDir, kind }) =>
      kind === "import-statement" ? { path: join(resolveDir, path), namespace: "sheet" } : undefined,
    );
    onLoad({ filter: /./, namespace: "sheet" }, async ({ path }) => {
      const { outputFiles } = await build({ ...styles, entryPoints: [path] });
      return { contents: outputFiles[0]?.contents ?? "", loader: "file" };
    });
  },
};

const mainModule = resolve("dashboard/main.tsx");

/**
 * A view runs in the page of `main.tsx` and finds its modules there. Said so, they stay together, also where some views
 * share a part of them: else each such part would be a file by itself, and of many small files the page is heavier.
 */
const views: Plugin = {
  name: "views",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /\.tsx$/ }, ({ path, resolveDir, kind }) =>
      kind === "dynamic-import" ? { path: join(resolveDir, path), pluginData: "view" } : undefined,
    );
    onLoad({ filter: /\.tsx$/ }, async ({ path, pluginData }) =>
      pluginData === "view"
        ? {
            contents: `${await readFile(path, "utf8")}\nimport ${JSON.stringify(mainModule)};`,
            loader: "tsx",
          }
        : undefined,
    );
  },
};

interface BuiltDashboard {
  files: DashboardFiles;
  metafile: Metafile;
  /** The bytes over the wire of each file, by its name. */
  brotliBytes: ReadonlyMap<string, number>;
}

/** The files of a build, by the source that each was made from. */
function filesOf({ outputs }: Metafile): DashboardFiles {
  const nameOf = (path: string) => address + basename(path);
  const from = (source: string) =>
    Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === `dashboard/${source}`)?.[0] ?? "";
  /** A module and all that it imports statically: the browser would find them one after the other. */
  const chunksOf = (path: string, seen = new Set<string>()): Set<string> => {
    if (!path || seen.has(path)) return seen;
    seen.add(path);
    for (const one of outputs[path]?.imports ?? [])
      if (one.kind === "import-statement") chunksOf(one.path, seen);
    return seen;
  };
  const pageOf = (folder: string): PageFiles => ({
    script: nameOf(from(`${folder}main.tsx`)),
    style: nameOf(from(`${folder}main.css`)),
    preload: [...chunksOf(from(`${folder}main.tsx`))].slice(1).map(nameOf),
    words: Object.fromEntries(languages.map((tag) => [tag, nameOf(from(`${folder}words/${tag}.json`))])),
  });
  const main = chunksOf(from("main.tsx"));
  const beside = (source: string) =>
    [...chunksOf(from(source))].filter((path) => !main.has(path)).map(nameOf);
  return {
    ...pageOf(""),
    views: {
      home: beside("home/home.tsx"),
      touchpoint: beside("touchpoint/touchpoint.tsx"),
      gallery: beside("gallery/gallery.tsx"),
      install: beside("install/install.tsx"),
      members: beside("settings/members/members.tsx"),
      audit: beside("settings/audit/audit.tsx"),
      account: beside("settings/account/account.tsx"),
    },
    signIn: pageOf("sign-in/"),
  };
}

const languages = ["en", "de", "ar"] as const;

/** Builds the dashboard's modules and sheets, named by their hash, and the list of them that the worker reads. */
export async function buildDashboard(outdir = "dist/assets"): Promise<BuiltDashboard> {
  const folder = join(outdir, address);
  await rm(folder, { recursive: true, force: true });
  const { outputFiles, metafile } = await build({
    ...styles,
    entryPoints: ["", "sign-in/"].flatMap((page) => [
      `dashboard/${page}main.tsx`,
      `dashboard/${page}main.css`,
    ]),
    outdir: folder,
    publicPath: address,
    format: "esm",
    splitting: true,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    charset: "utf8",
    legalComments: "none",
    jsx: "automatic",
    jsxImportSource: "preact",
    // tsconfig.json files are for the editor and the compiler; what is built is said here alone.
    tsconfigRaw: "{}",
    metafile: true,
    logLevel: "warning",
    plugins: [words, sheets, views],
  });
  const brotliBytes = new Map<string, number>();
  for (const { path, contents } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
    brotliBytes.set(address + basename(path), brotliCompressSync(contents).length);
  }
  const files = filesOf(metafile);
  await writeFile(join(folder, "files.json"), JSON.stringify(files));
  return { files, metafile, brotliBytes };
}

if (import.meta.main) {
  const { brotliBytes } = await buildDashboard();
  for (const [name, bytes] of brotliBytes) console.log(`${name}: brotli ${bytes} B`);
}
