import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { buildWidget } from "../../scripts/build-widget.ts";
import { startServer } from "../harness.ts";

/** Built beside what other tests are served meanwhile. */
const built = await buildWidget(await mkdtemp(join(tmpdir(), "candor-widget-")));

test("the loader has at most 900 bytes", () => {
  expect(built.loader.brotliBytes).toBeLessThanOrEqual(900);
});

test("the loader, the survey and an NPS to ask have at most 8,000 bytes together, and the README says how many", async () => {
  const server = await startServer();
  const answer = await fetch(
    `${server.url}/v1/ask?key=${server.publishableKey}&touchpoint=relationship&locale=en`,
  );
  const ask = brotliCompressSync(await answer.text()).length;
  await server.stop();
  const bytes = built.loader.brotliBytes + built.survey.brotliBytes + ask;
  expect(bytes).toBeLessThanOrEqual(8000);
  expect(await readFile("README.md", "utf8")).toContain(
    `is ${(bytes / 1000).toFixed(1)} kB in three requests`,
  );
});

test("nothing but Preact and the widget's own files is in it", () => {
  const foreign = built.inputs.filter((path) => !/^(widget\/|node_modules\/preact\/)/.test(path));
  expect(foreign).toEqual([]);
});

test("nothing in it is forbidden by a strict content security policy", async () => {
  for (const { path } of [built.loader, built.survey]) {
    expect(await readFile(path, "utf8")).not.toMatch(/\beval\(|new Function|<style|document\.write/);
  }
});

test("the survey may be kept for ever by browsers, the loader for an hour, and any page may load both", async () => {
  const server = await startServer();
  const headers = async (name: string) => (await fetch(`${server.url}/v1/${name}`)).headers;
  const loader = await headers("widget.js");
  const survey = await headers(built.survey.path.split("/").at(-1) ?? "");
  await server.stop();
  expect(loader.get("cache-control")).toBe("public, max-age=3600");
  expect(survey.get("cache-control")).toBe("public, max-age=31536000, immutable");
  for (const sent of [loader, survey]) {
    expect(sent.get("access-control-allow-origin")).toBe("*");
    expect(sent.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(sent.get("x-content-type-options")).toBe("nosniff");
  }
});
