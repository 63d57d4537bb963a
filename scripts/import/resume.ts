import { createHash } from "node:crypto";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import * as z from "zod";

/** How far an import has come. */
const Position = z.object({
  /** Every row up to this one is acknowledged or refused. */
  row: z.int(),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  /** Rows that the server refused. Rows found wrong before sending are counted anew in each run. */
  refused: z.int(),
  /** The error file's length at this row: what was written after it is written again. */
  errorBytes: z.int(),
});
export type Position = z.infer<typeof Position>;
const State = Position.extend({ of: z.string() });

export const start: Position = { row: 0, created: 0, updated: 0, unchanged: 0, refused: 0, errorBytes: 0 };

/**
 * Stores an import's position beside its file. It is valid for the same file size, file time and options, since these
 * decide the rows. Losing it costs only time: rows that are sent again change nothing.
 */
export async function resumable(file: string, options: unknown) {
  const path = `${file}.import-state.json`;
  const { size, mtimeMs } = await stat(file);
  const of = createHash("sha256")
    .update(JSON.stringify([size, mtimeMs, options]))
    .digest("hex");
  return {
    read: async (): Promise<Position> => {
      const text = await readFile(path, "utf8").catch(() => "{}");
      const { success, data } = State.safeParse(JSON.parse(text));
      return success && data.of === of ? data : start;
    },
    /** Atomic: a killed process leaves either the old or the new position. */
    write: async (position: Position): Promise<void> => {
      await writeFile(`${path}.new`, JSON.stringify({ of, ...position }));
      await rename(`${path}.new`, path);
    },
    forget: () => rm(path, { force: true }),
  };
}
