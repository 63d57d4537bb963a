import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildWidget } from "./build-widget.ts";

/** Stores the current widget in the repository, for pages that pin it. Run it with each release and commit the result. */
export async function releaseWidget(releases = "widget/releases"): Promise<string> {
  const outdir = await mkdtemp(join(tmpdir(), "candor-release-"));
  const { build, pinnedLoader } = await buildWidget(outdir, releases);
  await cp(join(outdir, "v1", build), join(releases, build), { recursive: true });
  await rm(outdir, { recursive: true });
  return `<script async src="…/v1/${build}/widget.js" integrity="${pinnedLoader.integrity}" crossorigin …>`;
}

if (import.meta.main) console.log(await releaseWidget());
