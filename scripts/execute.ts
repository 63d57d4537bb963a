import type { Asked } from "../worker/rollup/recount.ts";
import { readWrangler } from "./wrangler.ts";

/** wrangler binds nothing: it takes a finished text, and only whole numbers are written into it. */
function finished(sql: string, values: readonly unknown[]): string {
  return sql.replaceAll(/\?(\d+)/g, (parameter, position) => {
    const value = values[Number(position) - 1];
    if (!Number.isSafeInteger(value)) throw new Error(`${parameter} is not a whole number`);
    return String(value);
  });
}

/** D1 through `wrangler d1 execute`: the deployment's, or the local one. One query a process, some seconds each. */
export const executed = (where: "--remote" | "--local"): Asked => ({
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
