import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../worker/migrations");

/** wrangler's own table, so that either tool continues where the other stopped. */
const table = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/**
 * Applies the missing migrations to a local D1 as one text: all or none, in a tenth of a second. `wrangler d1
 * migrations apply --local` takes fifteen seconds.
 */
export async function migrate(d1: D1Database): Promise<void> {
  await d1.prepare(table).run();
  const { results } = await d1.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  const due = (await readdir(folder)).filter((name) => !applied.has(name)).sort();
  if (due.length === 0) return;
  const texts = due.map(async (name) => {
    const migration = await readFile(join(folder, name), "utf8");
    return `${migration}\nINSERT INTO d1_migrations (name) VALUES ('${name}');`;
  });
  // D1 runs every statement of a prepared text without parameters.
  await d1.prepare((await Promise.all(texts)).join("\n")).run();
}
