import { createHash } from "node:crypto";
import { appendFile, cp, glob, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { TEXTS } from "../../shared/surveys/languages.ts";
import { buildDashboard } from "./build-dashboard.ts";
import { buildReference } from "./build-reference.ts";
import { buildWidget } from "./build-widget.ts";
import { buildWorker } from "./build-worker.ts";

/** All that a build reads: the packages too, by their versions. */
const inputs = "{widget,dashboard,shared,worker,scripts/{build,reference},package-lock.json}";
/** Holds the hash of the inputs that dist was made of. It goes with dist. */
const stamp = "dist/inputs.sha256";

async function hashInputs(): Promise<string> {
  const paths = await Array.fromAsync(glob([inputs, `${inputs}/**/*`]));
  const hash = createHash("sha256");
  for (const path of paths.toSorted()) {
    const contents = await readFile(path).catch(() => null); // a folder
    if (contents) hash.update(`${path} ${contents.length} `).update(contents);
  }
  return hash.digest("hex");
}

/**
 * Builds all static files and what the worker reads into dist/assets, and the worker beside it, unless they are of these very
 * sources: a second start is the quicker for it by what six seconds of CPU take.
 */
export async function build(): Promise<void> {
  const hash = await hashInputs();
  if ((await readFile(stamp, "utf8").catch(() => "")) === hash) return;
  // A build that ends halfway is none.
  await rm(stamp, { force: true });
  await buildAll();
  await writeFile(stamp, hash);
}

async function buildAll(): Promise<void> {
  await mkdir("dist/assets/assets", { recursive: true });
  await cp("worker/html/assets", "dist/assets/assets", { recursive: true });
  await buildWidget();
  await buildDashboard();
  await appendFile(
    "dist/assets/_headers",
    `
/assets/*
  X-Content-Type-Options: nosniff

/assets/dashboard/*
  Cache-Control: public, max-age=31536000, immutable
`,
  );
  await buildLanguages();
  await buildReference();
  await buildWorker();
}

/** Writes a file for each language except English, which is part of the worker. Only worker/surveys/languages.ts reads them. */
async function buildLanguages(): Promise<void> {
  const { en: _, ...others } = TEXTS;
  await mkdir("dist/assets/languages", { recursive: true });
  for (const [tag, language] of Object.entries(others))
    await writeFile(`dist/assets/languages/${tag}.json`, JSON.stringify(language));
}

if (import.meta.main) await build();
