import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

/** A project whose tools come from its own folder, so that installing them asks no registry. */
async function projectWithTools(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "candor-install-"));
  await cp("scripts/install.mjs", join(folder, "install.mjs"));
  const tools = { devDependencies: { tool: "file:tool" }, optionalDependencies: { extra: "file:extra" } };
  const project = { name: "project", version: "1.0.0", ...tools };
  for (const name of ["tool", "extra"]) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "package.json"), JSON.stringify({ name, version: "1.0.0" }));
  }
  const packages = {
    "": project,
    tool: { version: "1.0.0", dev: true },
    extra: { version: "1.0.0", optional: true },
    "node_modules/tool": { resolved: "tool", link: true },
    "node_modules/extra": { resolved: "extra", link: true },
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(project));
  const lock = { name: "project", version: "1.0.0", lockfileVersion: 3, requires: true, packages };
  await writeFile(join(folder, "package-lock.json"), JSON.stringify(lock));
  return folder;
}

test.each([{ NODE_ENV: "production" }, { npm_config_omit: "dev" }, { npm_config_omit: "dev\n\noptional" }])(
  "what the scripts need is installed although the surroundings say %j",
  async (surroundings) => {
    const cwd = await projectWithTools();
    const { npm_execpath: _, ...env } = process.env;
    await promisify(execFile)(process.execPath, ["install.mjs"], { cwd, env: { ...env, ...surroundings } });
    expect((await readdir(join(cwd, "node_modules"))).filter((name) => !name.startsWith("."))).toEqual([
      "extra",
      "tool",
    ]);
    await rm(cwd, { recursive: true });
  },
);
