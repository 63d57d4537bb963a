import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeys } from "../../scripts/rooms.ts";
import { type Server, startServer } from "../harness.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** The tables of docs/storage.md: name -> "column TYPE" lines. */
async function documented(): Promise<Record<string, string[]>> {
  const text = await readFile("docs/storage.md", "utf8");
  const sections = text.split(/^##+ /m).slice(1);
  const tables = sections.map((section) => {
    const [name = ""] = section.split("\n");
    const columns = [...section.matchAll(/^\| (\w+) \| ([A-Z]+) \|/gm)].map(
      ([, column, type]) => `${column} ${type}`,
    );
    return [name, columns] as const;
  });
  return Object.fromEntries(tables.filter(([, columns]) => columns.length > 0));
}

test("docs/storage.md names every table and column of the schema with its type, and no other", async () => {
  const { results } = await server.d1
    .prepare(
      `SELECT tables.name AS name, columns.name || ' ' || columns.type AS line
       FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns
       WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite%' AND tables.name NOT LIKE '\\_cf%' ESCAPE '\\'
         AND tables.name <> 'd1_migrations' ORDER BY tables.name, columns.cid`,
    )
    .all<{ name: string; line: string }>();
  const schema = Map.groupBy(results, ({ name }) => name);
  const lines = Object.fromEntries([...schema].map(([name, rows]) => [name, rows.map(({ line }) => line)]));
  expect(Object.keys(lines).length).toBeGreaterThan(5);
  expect(await documented()).toEqual(lines);
});

test("docs/storage.md has the tables by the rooms that own them, in the rooms' order", async () => {
  const text = await readFile("docs/storage.md", "utf8");
  const order = storeys.flat();
  const rooms = [...text.matchAll(/^## ([a-z]+)$/gm)].map(([, room = ""]) => room);
  expect(rooms.length).toBeGreaterThan(5);
  expect(rooms).toEqual(order.filter((room) => rooms.includes(room)));
});

test("every table is STRICT", async () => {
  const { results } = await server.d1
    .prepare("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND schema = 'main'")
    .all<{ name: string }>();
  const ours = results.map(({ name }) => name).filter((name) => !/^(sqlite_|_cf_|d1_)/.test(name));
  expect(ours).toEqual([]);
});
