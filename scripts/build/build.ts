import { createHash } from "node:crypto";
import { glob, readFile, rm, writeFile } from "node:fs/promises";

/** All that a build reads: the packages too, by their versions, and the project's own, which the reference names. */
const inputs =
  "{widget,dashboard,shared,worker,scripts/{build,reference},package.json,package-lock.json,tsconfig.json}";
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

/** Builds dist, unless it is of these very sources: a second start is the quicker for it by what six seconds of CPU take. */
export async function build(): Promise<void> {
  const hash = await hashInputs();
  if ((await readFile(stamp, "utf8").catch(() => "")) === hash) return;
  // A build that ends halfway is none.
  await rm(stamp, { force: true });
  const { buildAll } = await import("./build-all.ts");
  await buildAll();
  await writeFile(stamp, hash);
}

if (import.meta.main) await build();
