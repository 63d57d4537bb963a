import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { buildWidget } from "../../../scripts/build/build-widget.ts";
import { releaseWidget } from "../../../scripts/build/release-widget.ts";
import { startServer } from "../../harness.ts";

/** Built into its own folder, since other tests are served from the usual one. */
const built = await buildWidget(await mkdtemp(join(tmpdir(), "candor-widget-")));

/** Modules that visitors of most surveys never load. */
const others = ["steps", "tab", "commands", "triggers", "reach", "words", "kept"] as const;

test("the loader has at most 1,500 bytes, with all that decides who is asked", () => {
  expect(built.loader.brotliBytes).toBeLessThanOrEqual(1500);
});

test("the loader, the survey and an NPS to ask have at most 7,000 bytes together, and the README says how many", async () => {
  const server = await startServer();
  const answer = await fetch(
    `${server.url}/v1/ask?key=${server.publishableKey}&touchpoint=relationship&locale=en`,
  );
  const ask = brotliCompressSync(await answer.text()).length;
  await server.stop();
  const bytes = built.loader.brotliBytes + built.survey.brotliBytes + ask;
  expect(bytes).toBeLessThanOrEqual(7000);
  expect(await readFile("README.md", "utf8")).toContain(
    `is ${(bytes / 1000).toFixed(1)} kB in three requests`,
  );
});

test("what only some surveys need travels by itself, in at most a kilobyte each", () => {
  for (const name of others) {
    const { brotliBytes, path } = built[name];
    expect(brotliBytes, path).toBeLessThanOrEqual(1000);
  }
});

test("nothing but the widget's own files and the decision is in it", () => {
  const foreign = built.inputs.filter(
    (path) => !/^(widget\/|shared\/(asking\/asking|surveys\/steps)\.ts$)/.test(path),
  );
  expect(foreign).toEqual([]);
});

test("what was released stays where it was, to the byte, beside every later build", async () => {
  const releases = await mkdtemp(join(tmpdir(), "candor-releases-"));
  const snippet = await releaseWidget(releases);
  const [released = ""] = await readdir(releases);
  expect(snippet).toContain(`/v1/${released}/widget.js" integrity="${built.pinnedLoader.integrity}"`);
  // An earlier release, as a later build finds it: with content that today's build does not have.
  const marked = "/* of an earlier day */";
  await mkdir(join(releases, "0a1b2c"));
  await writeFile(join(releases, "0a1b2c", "survey.js"), marked);
  const outdir = await mkdtemp(join(tmpdir(), "candor-later-"));
  const later = await buildWidget(outdir, releases);
  expect((await readdir(join(outdir, "v1"))).sort()).toEqual(
    [...new Set(["0a1b2c", "build.txt", later.build, released, "widget.js"])].sort(),
  );
  expect(await readFile(join(outdir, "v1/0a1b2c/survey.js"), "utf8")).toBe(marked);
});

test("nothing in it is forbidden by a strict content security policy", async () => {
  for (const name of ["loader", "survey", ...others] as const) {
    expect(await readFile(built[name].path, "utf8")).not.toMatch(
      /\beval\(|new Function|<style|document\.write/,
    );
  }
});

test("a build's files may be kept for ever by browsers, the loader for ten minutes, and any page may load them", async () => {
  const server = await startServer();
  const headers = async (name: string) => (await fetch(`${server.url}/v1/${name}`)).headers;
  const loader = await headers("widget.js");
  const pinned = ["widget", "survey", ...others].map((name) => `${built.build}/${name}.js`);
  const immutable = await Promise.all(pinned.map(headers));
  await server.stop();
  expect(loader.get("cache-control")).toBe("public, max-age=600");
  for (const sent of immutable) expect(sent.get("cache-control")).toBe("public, max-age=31536000, immutable");
  for (const sent of [loader, ...immutable]) {
    expect(sent.get("access-control-allow-origin")).toBe("*");
    expect(sent.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(sent.get("x-content-type-options")).toBe("nosniff");
  }
});
