import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** Shortens the times in worker/scores/routes/stream.ts, so that a test waits neither for seconds nor for a stream's end. */
export const quickLooks = ({ endless = false } = {}): Plugin => ({
  name: "quick looks",
  setup: ({ onLoad }) =>
    onLoad({ filter: /routes[\\/]stream\.ts$/ }, async ({ path }) => {
      const numbers: Record<string, string> = { lookMs: "20", restMs: "40", retryMs: "50" };
      if (endless) numbers.maxStatements = "Infinity";
      let contents = await readFile(path, "utf8");
      for (const [name, number] of Object.entries(numbers)) {
        const declared = new RegExp(`const ${name} = [\\d_]+;`);
        if (!declared.test(contents)) throw new Error(`${name} is not where this plugin expects it`);
        contents = contents.replace(declared, `const ${name} = ${number};`);
      }
      return { contents, loader: "ts" };
    }),
});
