import { HIGHEST_RATING } from "../../shared/surveys/kinds.ts";
import type { Database } from "../db/database.ts";
import { countingTriggers, storedTriggers } from "./triggers.ts";

export interface Schema {
  /** Name of the last migration; null: none was applied. */
  migration: string | null;
  /** The triggers that keep the roll-up exist word for word, and its counters cannot fall below zero. */
  countsGuarded: boolean;
}

/** What the database itself tells about its schema. */
export async function readSchema(db: Database): Promise<Schema> {
  const tables = await db.all<{ name: string; sql: string | null }>(
    "SELECT name, sql FROM sqlite_master WHERE name IN ('rating_counts', 'd1_migrations')",
  );
  const ddl = tables.find(({ name }) => name === "rating_counts")?.sql ?? "";
  const ratings = Array.from({ length: HIGHEST_RATING + 1 }, (_, rating) => rating);
  // D1 has no such table before the first migration, and reading it would be an error.
  const migrated = tables.some(({ name }) => name === "d1_migrations");
  const last = migrated
    ? await db.first<{ name: string }>("SELECT name FROM d1_migrations ORDER BY id DESC LIMIT 1")
    : null;
  const triggers = new Map((await storedTriggers(db)).map(({ name, sql }) => [name, sql]));
  return {
    migration: last?.name ?? null,
    countsGuarded:
      ratings.every((rating) => ddl.includes(`CHECK (r${rating} >= 0)`)) &&
      Object.entries(countingTriggers).every(([name, sql]) => triggers.get(name) === sql),
  };
}
