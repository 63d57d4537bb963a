import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import {
  circlesIn,
  drawRooms,
  importsOf,
  readImports,
  roomOf,
  storeys,
  upwardImports,
} from "../../scripts/rooms.ts";

/** The project's files: those in git, and those not added yet. */
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  encoding: "utf8",
})
  .trim()
  .split("\n")
  .filter((file) => existsSync(file));

test("no files import one another in a ring", async () => {
  const imports = await readImports("shared", "worker", "widget", "dashboard", "scripts", "bench", "test");
  expect(imports.size).toBeGreaterThan(400);
  expect(circlesIn(imports)).toEqual([]);
});

test("a ring is found where there is one, and an import that leads upwards too", () => {
  const ring = new Map([
    ["a", ["b", "d"]],
    ["b", ["c"]],
    ["c", ["a", "d"]],
    ["d", []],
  ]);
  expect(circlesIn(ring).map((files) => files.sort())).toEqual([["a", "b", "c"]]);
  const upward = new Map([["worker/db/database.ts", ["worker/db/faults.ts", "worker/mail/deliver.ts"]]]);
  expect(upwardImports(upward)).toEqual(["worker/db/database.ts -> worker/mail/deliver.ts"]);
});

test("the rooms of the worker import those below them, types too", async () => {
  const imports = await readImports("worker");
  expect([...new Set([...imports.keys()].map(roomOf))].sort()).toEqual(storeys.flat().sort());
  expect(upwardImports(imports)).toEqual([]);
});

/** By tree the trees that it may import; nobody imports tests and benchmarks but they. */
const trees: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  widget: ["shared"],
  dashboard: ["shared"],
  worker: ["shared"],
  scripts: ["shared", "worker", "widget"],
  // Screenshots are taken of what the tests start.
  "scripts/screenshots": ["shared", "worker", "scripts", "test"],
  bench: ["shared", "worker", "widget", "scripts", "test"],
};

test("the trees import one way, and what browsers load takes of the contract types alone", async () => {
  const imports = await readImports("shared", "widget", "dashboard", "worker", "scripts", "bench");
  const treeOf = (file: string) => /^(scripts\/screenshots|\w+)\//.exec(file)?.[1] ?? "";
  const wrong = [...imports].flatMap(([file, of]) => {
    // package.json and its like are in no tree.
    const allowed = ["", treeOf(file), ...(trees[treeOf(file)] ?? [])];
    return of.filter((other) => !allowed.includes(treeOf(other))).map((other) => `${file} -> ${other}`);
  });
  expect(wrong).toEqual([]);
  const carried: string[] = [];
  for (const file of files.filter((name) => /^(widget|dashboard)\/.*\.tsx?$/.test(name))) {
    const values = /^import (?!type )[^;]*\/shared\/contract\//m;
    if (values.test(await readFile(file, "utf8"))) carried.push(file);
  }
  expect(carried).toEqual([]);
});

test("the drawing of the rooms is the one that their imports make", async () => {
  // `npm run rooms` draws it again.
  expect(await readFile("docs/rooms.svg", "utf8")).toBe(drawRooms(await readImports("worker")));
});

test("no folder and no file is longer than one looks through", async () => {
  const grown = /(^|\/)(languages|migrations|assets|images|releases|__snapshots__)\//;
  const inFolder = Object.groupBy(
    files.filter((file) => !grown.test(file)),
    dirname,
  );
  const full = Object.entries(inFolder).filter(([, of = []]) => of.length > 14);
  expect(full.map(([folder, of = []]) => `${folder}: ${of.length} files`)).toEqual([]);
  expect(inFolder.worker?.length).toBeLessThanOrEqual(6);
  const long: string[] = [];
  for (const file of files.filter(
    (file) => /\.(tsx?|css|sql)$/.test(file) && !/languages\/|\/__snapshots__\//.test(file),
  )) {
    const lines = (await readFile(file, "utf8")).split("\n").length - 1;
    if (lines > 300) long.push(`${file}: ${lines} lines`);
  }
  expect(long).toEqual([]);
});

test("every path that README, CONTRIBUTING and the documents name is there", async () => {
  // Paths that commands create.
  const made = ["bench/peers/node_modules", "widget/releases"];
  const top = new Set(files.map((file) => file.split("/")[0]));
  const pages = files.filter((file) => file.endsWith(".md") && file !== "CHANGELOG.md");
  const missing: string[] = [];
  let named = 0;
  for (const page of pages) {
    const text = await readFile(page, "utf8");
    for (const [, path = ""] of text.matchAll(/`([\w.-]+(?:\/[\w.*-]+)+\/?)`/g)) {
      if (!top.has(path.split("/")[0] ?? "") || path.includes("*") || made.includes(path)) continue;
      named += 1;
      if (!existsSync(path)) missing.push(`${page}: ${path}`);
    }
    for (const [, path = ""] of text.matchAll(/\]\((?!https?:|#|mailto:|\/)([^)#\s]+)/g)) {
      named += 1;
      if (!existsSync(`${dirname(page)}/${path}`)) missing.push(`${page}: ${path}`);
    }
  }
  expect(named).toBeGreaterThan(100);
  expect(missing).toEqual([]);
});

const exported = /^export (?:async )?(?:const|let|function\*?|interface|type|class) (\w+)/gm;
/**
 * Files that are used from outside: by the platform, by pages with the package, or by a build that loads its own
 * bundle; and tests, which export nothing.
 */
const entries =
  /\.test\.tsx?$|^widget\/package\/|^worker\/index\.ts$|^scripts\/reference\/written\.tsx$|\.d\.ts$/;

test("nothing is exported that nobody imports", async () => {
  const sources = files.filter((file) =>
    /^(bench|dashboard|scripts|shared|test|widget|worker)\/.*\.tsx?$/.test(file),
  );
  const texts = new Map<string, string>();
  for (const file of sources) texts.set(file, await readFile(file, "utf8"));
  const taken = new Map(sources.map((file) => [file, new Set<string>()]));
  for (const [file, text] of texts)
    for (const { file: from, names } of importsOf(file, text))
      for (const name of names) taken.get(from)?.add(name);
  const unused = sources.flatMap((file) => {
    const by = taken.get(file);
    if (entries.test(file) || by?.has("*")) return [];
    const names = [...(texts.get(file) ?? "").matchAll(exported)].map(([, name = ""]) => name);
    return names.filter((name) => !by?.has(name)).map((name) => `${file}: ${name}`);
  });
  expect(unused).toEqual([]);
});
