import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import type { Plugin } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleWorker } from "../../scripts/build/build-worker.ts";
import type { Ask } from "../../shared/contract/ask.ts";
import { TEXTS } from "../../shared/surveys/languages.ts";
import { type Server, startServer } from "../harness.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const brotliBytes = (ask: Ask) => brotliCompressSync(JSON.stringify(ask)).length;

/** The same survey with all its texts empty. */
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

test("the worker carries English and no other language", async () => {
  const carried: string[] = [];
  const noted: Plugin = {
    name: "noted",
    setup: ({ onLoad }) =>
      onLoad({ filter: /surveys[\\/]languages[\\/]\w+\.ts$/ }, ({ path }) => {
        carried.push(basename(path, ".ts"));
        return undefined;
      }),
  };
  await bundleWorker("index.ts", [noted]);
  expect(carried).toEqual(["en"]);
});

describe("where a language's file is gone, not JSON, or of an older build", () => {
  const lines: string[] = [];
  const notRead = (tag: string) =>
    lines.filter((line) => line.includes(`"error":"language-not-read","language":"${tag}"`)).length;
  let folder: string;
  let broken: Server;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "candor-languages-"));
    await cp("dist/assets", folder, { recursive: true });
    await rm(join(folder, "languages/de.json"));
    await writeFile(join(folder, "languages/fr.json"), "<!doctype html>");
    const { send: _, ...older } = TEXTS.es ?? TEXTS.en;
    await writeFile(join(folder, "languages/es.json"), JSON.stringify(older));
    broken = await startServer({ assets: folder, onLog: (line) => lines.push(line) });
  });
  afterAll(async () => {
    await broken.stop();
    await rm(folder, { recursive: true });
  });

  const askIn = async (locale: string): Promise<Ask> => {
    const query = `key=${broken.publishableKey}&touchpoint=relationship&locale=${locale}`;
    const answer = await fetch(`${broken.url}/v1/ask?${query}`);
    expect(answer.status).toBe(200);
    return await answer.json();
  };

  test.each(["de", "fr"])("a reader of %s is asked in English, and the log says why", async (tag) => {
    const { locale, direction, texts } = await askIn(tag);
    expect({ locale, direction, send: texts.send }).toEqual({
      locale: "en",
      direction: "ltr",
      send: TEXTS.en.send,
    });
    expect(notRead(tag)).toBe(1);
  });

  test("a page that needs it is in English too", async () => {
    const page = await fetch(`${broken.url}/s/nothing`, { headers: { "accept-language": "de-AT" } });
    expect(page.status).toBe(404);
    expect(await page.text()).toContain(TEXTS.en.unknownLink);
  });

  test("English says what is missing, in a language that is otherwise shown", async () => {
    const { locale, texts } = await askIn("es");
    expect(locale).toBe("es");
    expect(texts).toMatchObject({ send: TEXTS.en.send, thanks: TEXTS.es?.thanks });
  });

  test("saving a response reads none", async () => {
    const before = notRead("de");
    const response = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9, locale: "de" };
    const body = JSON.stringify(response);
    const saved = await fetch(`${broken.url}/v1/responses?key=${broken.publishableKey}`, {
      method: "POST",
      body,
    });
    expect(saved.status).toBe(201);
    expect(notRead("de")).toBe(before);
  });

  test("what was read once is not read again", async () => {
    expect((await askIn("it")).locale).toBe("it");
    await rm(join(folder, "languages/it.json"));
    expect((await askIn("it-CH")).locale).toBe("it-CH");
    expect(notRead("it")).toBe(0);
  });
});
