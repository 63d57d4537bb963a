// Plain JavaScript: it runs before `npm start` and `npm test`, on any Node and with nothing installed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const packagesOf = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : {});
const wanted = packagesOf("package-lock.json");
const installed = packagesOf("node_modules/.package-lock.json");

/** Optional packages are for other platforms, so a missing one is no reason to install. */
const isStale = Object.entries(wanted).some(
  ([path, { version, optional }]) =>
    path !== "" && (installed[path] ? installed[path].version !== version : !optional),
);

if (isStale) {
  console.log("Installing what is missing …");
  const npm = process.env.npm_execpath;
  const [command, ...before] = npm ? [process.execPath, npm] : ["npm"];
  // The tools are needed in full, even if NODE_ENV or npm's own settings omit some packages.
  const args = [...before, "ci", "--include=dev", "--include=optional"];
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

// The scripts are TypeScript, which Node runs from 22.18 on. On most platforms a package provides such a Node.
const carried = existsSync("node_modules/.bin/node") || existsSync("node_modules/.bin/node.cmd");
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (!carried && (major < 22 || (major === 22 && minor < 18))) {
  console.error(
    `Candor's tools need Node 22.18 or later on this platform; this is ${process.versions.node}.`,
  );
  process.exit(1);
}
