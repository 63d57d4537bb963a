import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { getPHPLoaderModule } from "@php-wasm/node-8-4";
import { loadPHPRuntime, PHP } from "@php-wasm/universal";
import { loadPyodide } from "pyodide";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Server, startServer } from "../harness.ts";
import { runImport } from "../server/import/importing.ts";
import { readCurl, readmeSnippets } from "./readme.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** The text with the reader's values filled in: address, keys and a survey id. */
const filled = (text: string, survey = "") =>
  text
    .replaceAll("http://localhost:8787", server.url)
    .replaceAll("pk_…", server.publishableKey)
    .replaceAll("sk_…", server.secretKey)
    .replaceAll("srv_…", survey);

const curls = async () =>
  (await readmeSnippets()).filter(({ text }) => text.startsWith("curl")).map(({ text }) => text);

const readAll = (shape: unknown, path = ""): string[] =>
  typeof shape === "object" && shape !== null
    ? Object.entries(shape).flatMap(([key, value]) => readAll(value, `${path}/${key}`))
    : [path];

test("the README's curl commands make a link and a mail's block, read scores, make one public, make a survey and a touchpoint, and forget somebody", async () => {
  const [
    link = "",
    email = "",
    score = "",
    scores = "",
    shown = "",
    survey = "",
    touchpoint = "",
    erasure = "",
    ...others
  ] = await curls();
  expect(others).toEqual([]);
  const made = await fetch(readCurl(filled(link)));
  expect(made.status).toBe(201);
  const { url, rating_urls } = await made.json<{ url: string; rating_urls: unknown[] }>();
  expect(url).toMatch(`${server.url}/r/`);
  expect(rating_urls).toHaveLength(7);
  expect((await fetch(url)).status).toBe(200);

  const read = await fetch(readCurl(filled(score)));
  expect(read.status).toBe(200);
  expect(await read.json()).toMatchObject({ touchpoint: "checkout", kind: null, score: null, n: 0 });

  const all = await fetch(readCurl(filled(scores)));
  expect(await all.json()).toEqual(
    expect.objectContaining({ time_zone: "Europe/Berlin", source: "counts", data: [] }),
  );

  const published = await fetch(readCurl(filled(shown)));
  expect(await published.json()).toMatchObject({ public_score: { period: "90d", threshold: 10 } });

  const created = await fetch(readCurl(filled(survey)));
  expect(created.status).toBe(201);
  const { id } = await created.json<{ id: string }>();
  const asked = await fetch(readCurl(filled(touchpoint, id)));
  expect(asked.status).toBe(201);
  const mailed = await fetch(readCurl(filled(email, id)));
  expect(mailed.status).toBe(200);
  expect(await mailed.json()).toMatchObject({ provider: "mailchimp", tags: { email: "*|EMAIL|*" } });
  expect(await asked.json()).toMatchObject({ name: "delivered", survey: id });

  const invitations = async () => {
    const headers = { authorization: `Bearer ${server.secretKey}` };
    const answer = await fetch(`${server.url}/v1/invitations?limit=10`, { headers });
    return await answer.json<{ data: { respondent: string | null }[] }>();
  };
  expect(await invitations()).toMatchObject({ data: [{ respondent: "customer-42" }] });
  const forgotten = await fetch(readCurl(filled(erasure)));
  expect([200, 202]).toContain(forgotten.status);
  // The scheduled job finishes what did not fit into the request.
  await server.schedule("*/2 * * * *");
  expect(await invitations()).toMatchObject({ data: [{ respondent: null }] });
});

test("the README's answer has the fields of a real score, and its numbers follow from its counts", async () => {
  const snippets = await readmeSnippets();
  const shown = JSON.parse(snippets.find(({ language }) => language === "json")?.text ?? "");
  const times = (count: number, rating: number): number[] => Array(count).fill(rating);
  const ratings = [...times(30, 5), ...times(50, 4), ...times(20, 3)];
  const secret = { authorization: `Bearer ${server.secretKey}`, "content-type": "application/json" };
  const responses = [...ratings, 1, 2, 3].map((rating) => ({
    id: crypto.randomUUID(),
    touchpoint: "checkout",
    rating,
  }));
  const saved = await fetch(`${server.url}/v1/responses/batch`, {
    method: "POST",
    headers: secret,
    body: JSON.stringify({ responses }),
  });
  expect(saved.status).toBe(200);
  const [first, second, third] = responses.slice(-3).map(({ id }) => `${server.url}/v1/responses/${id}`);
  for (const url of [first, second]) {
    const body = JSON.stringify({ excluded: "duplicate" });
    expect((await fetch(url ?? "", { method: "PATCH", headers: secret, body })).status).toBe(200);
  }
  expect((await fetch(third ?? "", { method: "DELETE", headers: secret })).status).toBe(204);
  const answer = await (
    await fetch(`${server.url}/v1/touchpoints/checkout/score`, { headers: secret })
  ).json();
  for (const path of readAll(shown)) {
    const [got, told] = [answer, shown].map((from) =>
      path
        .split("/")
        .slice(1)
        .reduce((value, key) => value?.[key], from),
    );
    if (typeof told === "number") expect(got, path).toBeCloseTo(told, 1);
    else expect(got, path).toEqual(told);
  }
});

test("the README's way from Delighted looks first, and then brings the responses in", async () => {
  const snippet = (await readmeSnippets()).find(({ text }) => text.includes("delighted.csv"));
  const [key, ...commands] = filled(snippet?.text ?? "")
    .trim()
    .split("\n");
  expect(key).toBe(`export CANDOR_KEY=${server.secretKey}`);
  const folder = await mkdtemp(join(tmpdir(), "candor-readme-"));
  const file = join(folder, "delighted.csv");
  await writeFile(
    file,
    "Response ID,Person Email,Score,Comment,Created At\n1,a@example.com,9,,2026-01-01 10:00:00\n",
  );
  const told = [];
  for (const command of commands) {
    const [, args = ""] = /^npm run import -- (.+)$/.exec(command) ?? [];
    told.push(await runImport(server, ...args.replace("delighted.csv", file).split(" ")));
  }
  await rm(folder, { recursive: true });
  expect(told).toMatchObject([
    { code: 0, stdout: expect.stringContaining("Nothing was written") },
    { code: 0, stdout: expect.stringContaining("1 created") },
  ]);
});

/**
 * Runs the README's one line that signs a respondent's id, once its language is loaded: that blocks this process for seconds,
 * in which the server ends the connections that are open.
 */
type Signer = (line: string, secret: string) => string | Promise<string>;
const signers: Record<string, () => Promise<Signer>> = {
  js: async () => (line, secret) =>
    runInNewContext(line, { crypto: { createHmac }, process: { env: { IDENTITY_SECRET: secret } } }),
  python: async () => {
    const python = await loadPyodide();
    python.runPython("import hashlib, hmac, os");
    return (line, secret) => {
      python.globals.set("secret", secret);
      return String(python.runPython(`os.environ['IDENTITY_SECRET'] = secret\n${line}`));
    };
  },
  php: async () => {
    const php = new PHP(await loadPHPRuntime(await getPHPLoaderModule(), {}));
    return async (line, secret) => {
      const { text } = await php.run({ code: `<?php putenv("IDENTITY_SECRET=${secret}"); echo ${line}` });
      php.exit();
      return text;
    };
  },
};

test.each(Object.keys(signers))(
  "a respondent signed in %s as the README says is trusted",
  async (language) => {
    const snippet = (await readmeSnippets()).find((candidate) => candidate.language === language);
    const sign = await signers[language]?.();
    const secret = { authorization: `Bearer ${server.secretKey}` };
    const workspace = await (await fetch(`${server.url}/v1/workspace`, { headers: secret })).json<{
      identity_secret: string;
    }>();
    const hash = await sign?.(snippet?.text ?? "", workspace.identity_secret);
    const id = crypto.randomUUID();
    const sent = {
      id,
      touchpoint: "relationship",
      rating: 9,
      respondent: "customer-42",
      respondent_hash: hash,
    };
    const url = `${server.url}/v1/responses?key=${server.publishableKey}`;
    expect((await fetch(url, { method: "POST", body: JSON.stringify(sent) })).status).toBe(201);
    const stored = await fetch(`${server.url}/v1/responses/${id}`, { headers: secret });
    expect(await stored.json()).toMatchObject({ respondent: "customer-42" });
  },
);

test("every npm script, file and page that the documents name exists", async () => {
  const { scripts } = JSON.parse(await readFile("package.json", "utf8"));
  for (const path of [
    "README.md",
    "CONTRIBUTING.md",
    "docs/deploy.md",
    "docs/email.md",
    "docs/import.md",
    "docs/storage.md",
    "docs/promises.md",
    "bench/README.md",
  ]) {
    const text = await readFile(path, "utf8");
    for (const [, script = ""] of text.matchAll(/npm run ([\w:-]+)/g))
      expect(scripts, path).toHaveProperty([script]);
    const folder = path.includes("/") ? `${path.split("/")[0]}/` : "";
    for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      expect(existsSync(folder + target), `${path} points to ${target}`).toBe(true);
    }
  }
});
