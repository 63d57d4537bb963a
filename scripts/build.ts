import { appendFile, cp, mkdir } from "node:fs/promises";
import { buildWidget } from "./build-widget.ts";

/** Everything that is served as a static file, into dist/assets. */
export async function build(): Promise<void> {
  await mkdir("dist/assets/assets", { recursive: true });
  await cp("worker/pages/assets", "dist/assets/assets", { recursive: true });
  await buildWidget();
  await appendFile("dist/assets/_headers", "\n/assets/*\n  X-Content-Type-Options: nosniff\n");
}

if (import.meta.main) await build();
