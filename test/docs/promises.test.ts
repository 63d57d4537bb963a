import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

test("each test that docs/promises.md names exists", async () => {
  const rows = (await readFile("docs/promises.md", "utf8")).matchAll(
    /^\|[^|]+\|[^|]*\| `(\S+)` "(.+?)" \|/gm,
  );
  const named = [...rows].map(([, path = "", name = ""]) => ({ path, name }));
  expect(named.length).toBeGreaterThan(40);
  for (const { path, name } of named) expect(await readFile(path, "utf8"), path).toContain(name);
});

test("each promise of docs/promises.md names a test", async () => {
  const text = await readFile("docs/promises.md", "utf8");
  const rows = text.split("\n").filter((line) => /^\| (?!promise |---)/.test(line));
  for (const row of rows) expect(row).toMatch(/`test\/\S+\.test\.ts` ".+"/);
});
