import { brotliCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ask } from "../../shared/contract/ask.ts";
import { TEXTS } from "../../shared/texts.ts";
import { type Server, startServer } from "../harness.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const brotliBytes = (ask: Ask) => brotliCompressSync(JSON.stringify(ask)).length;

/** The same survey without a word in it. */
const wordless = (ask: Ask): Ask => ({
  ...ask,
  texts: {
    ...ask.texts,
    question: "",
    low: "",
    high: "",
    comment: "",
    send: "",
    close: "",
    thanks: "",
    unsent: "",
  },
  options: ask.options.map((option) => ({ ...option, text: "", label: "" })),
});

test("one language travels, and its words take at most 400 bytes, brotli, in any of them", async () => {
  const bytes: Record<string, number> = {};
  for (const touchpoint of ["relationship", "checkout", "ticket-closed"]) {
    for (const tag of Object.keys(TEXTS)) {
      const query = `key=${server.publishableKey}&touchpoint=${touchpoint}&locale=${tag}`;
      const ask: Ask = await (await fetch(`${server.url}/v1/ask?${query}`)).json();
      expect(ask.locale).toBe(tag);
      bytes[`${touchpoint} ${tag}`] = brotliBytes(ask) - brotliBytes(wordless(ask));
    }
  }
  expect(Object.entries(bytes).filter(([, taken]) => taken > 400)).toEqual([]);
});
