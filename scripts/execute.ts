import type { Queryable } from "../worker/rollup/recount.ts";
import { readWrangler } from "./wrangler.ts";

/** Writes the values into the SQL, since wrangler has no bound parameters. Only whole numbers are allowed. */
function finished(sql: string, values: readonly unknown[]): string {
  return sql.replaceAll(/\?(\d+)/g, (parameter, position) => {
    const value = values[Number(position) - 1];
    if (!Number.isSafeInteger(value)) throw new Error(`${parameter} is not a whole number`);
    return String(value);
  });
}

/** Queries D1 through `wrangler d1 execute`, remote or local. Each query starts a process and takes seconds. */
export const executed = (where: "--remote" | "--local"): Queryable => ({
  async all(sql, ...values) {
    const command = finished(sql, values);
    const printed = await readWrangler([
      "d1",
      "execute",
      "DB",
      where,
      "--yes",
      "--json",
      "--command",
      command,
    ]);
    return JSON.parse(printed)[0].results;
  },
});
