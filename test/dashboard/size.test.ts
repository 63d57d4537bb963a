import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildDashboard } from "../../scripts/build/build-dashboard.ts";

/** Built into its own folder, since other tests are served from the usual one. */
const { files, brotliBytes, metafile } = await buildDashboard(
  await mkdtemp(join(tmpdir(), "candor-dashboard-")),
);
const sizeOf = (names: readonly (string | undefined)[]) =>
  [...new Set(names)].reduce((sum, name) => sum + (brotliBytes.get(name ?? "") ?? Number.NaN), 0);

const { script, style, preload, views, words, signIn } = files;
const first = [script, style, ...preload, ...views.home];

test.each(Object.entries(words))("home has at most 40 kB with all its words in %s", (_, language) => {
  expect(sizeOf([...first, language])).toBeLessThanOrEqual(40_000);
});

test("a touchpoint adds at most 8 kB", () => {
  const sheet = [...brotliBytes.keys()].find((name) => /\/touchpoint-\w+\.css$/.test(name));
  const added = [...views.touchpoint, sheet].filter((name) => !first.includes(name ?? ""));
  expect(sizeOf(added)).toBeLessThanOrEqual(8_000);
});

test.each(Object.entries(signIn.words))(
  "signing in has at most 18 kB in %s, before a passkey is asked for",
  (_, language) => {
    expect(sizeOf([signIn.script, signIn.style, ...signIn.preload, language])).toBeLessThanOrEqual(18_000);
  },
);

test("neither the validation nor another view's code is in the first load", () => {
  const inputsOf = (names: readonly string[]) =>
    Object.entries(metafile.outputs)
      .filter(([path]) => names.some((name) => path.endsWith(name.split("/").at(-1) ?? " ")))
      .flatMap(([, { inputs }]) => Object.keys(inputs));
  const inputs = inputsOf(first);
  expect(inputs.length).toBeGreaterThan(30);
  expect(
    inputs.filter((input) => /zod|\/hono\/|render-to-string|dashboard\/touchpoint\/.*\.tsx/.test(input)),
  ).toEqual([]);
});
