import { appendFile, cp, mkdir, writeFile } from "node:fs/promises";
import { TEXTS } from "../../shared/surveys/languages.ts";
import { buildDashboard } from "./build-dashboard.ts";
import { buildReference } from "./build-reference.ts";
import { buildWidget } from "./build-widget.ts";
import { buildWorkers } from "./build-worker.ts";

/** Builds all static files and what the worker reads into dist/assets, and the workers beside it. */
export async function buildAll(): Promise<void> {
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
  await buildWorkers();
}

/** Writes a file for each language except English, which is part of the worker. Only worker/surveys/languages.ts reads them. */
async function buildLanguages(): Promise<void> {
  const { en: _, ...others } = TEXTS;
  await mkdir("dist/assets/languages", { recursive: true });
  for (const [tag, language] of Object.entries(others))
    await writeFile(`dist/assets/languages/${tag}.json`, JSON.stringify(language));
}
