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

/** The files of a source, and the sheet of its view. */
const builtFrom = (source: RegExp) =>
  Object.entries(metafile.outputs).flatMap(([path, { entryPoint = "" }]) =>
    source.test(entryPoint) ? [...brotliBytes.keys()].filter((name) => path.endsWith(name)) : [],
  );
const sheetOf = (view: string) =>
  [...brotliBytes.keys()].find((name) => new RegExp(`/${view}-\\w+\\.css$`).test(name));
const added = (names: readonly (string | undefined)[]) =>
  sizeOf(names.filter((name) => !first.includes(name ?? "")));

test("a touchpoint adds at most 8 kB", () => {
  expect(added([...views.touchpoint, sheetOf("touchpoint")])).toBeLessThanOrEqual(8_000);
});

test("what stands in pages adds at most 12 kB, and the templates with the words of one language too", () => {
  expect(added([...views.install, sheetOf("install")])).toBeLessThanOrEqual(12_000);
  const words = builtFrom(/gallery\/words\//);
  expect(words.length).toBe(3);
  for (const language of words)
    expect(added([...views.gallery, sheetOf("gallery"), language])).toBeLessThanOrEqual(12_000);
});

test("the steps to the first score add at most 6 kB to home", () => {
  const steps = builtFrom(/setup\/setup\.tsx$/);
  expect(steps.length).toBe(1);
  expect(added([...steps, sheetOf("setup")])).toBeLessThanOrEqual(6_000);
});

test.each(["en", "de", "ar"])(
  "each page of the settings adds at most 12 kB, with its words in %s",
  (language) => {
    const sheet = [...brotliBytes.keys()].find((name) => /\/settings-\w+\.css$/.test(name));
    const source = `dashboard/settings/words/${language}.json`;
    const [own] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === source) ?? [
      "",
    ];
    const spoken = [...brotliBytes.keys()].find((name) => own.endsWith(name.split("/").at(-1) ?? " "));
    for (const view of [views.members, views.audit, views.account]) {
      expect(view.length).toBeGreaterThan(0);
      const added = [...view, sheet, spoken].filter((name) => !first.includes(name ?? ""));
      expect(sizeOf(added)).toBeLessThanOrEqual(12_000);
    }
  },
);

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
    inputs.filter((input) =>
      /zod|\/hono\/|render-to-string|dashboard\/(touchpoint|settings)\/.*\.tsx/.test(input),
    ),
  ).toEqual([]);
});
