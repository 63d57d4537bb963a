import { env } from "cloudflare:workers";
import { beforeEach, expect } from "vitest";
import { Erasure } from "../../../shared/contract/erasures.ts";
import { respondentHash } from "../../../worker/people/person.ts";
import { WatchedDatabase } from "../watched.ts";
import { newWorkspace, requestUnlimited, type Sent, type TestWorkspace } from "../workspace.ts";

export let workspace: TestWorkspace;

export const canary = "canary-5e1c";

export const address = `${canary}@shop.example`;

export const spelt = `Canary-5E1C@Shop.Example`;

export const hashOf = (person: string) => respondentHash(env.CANDOR_SECRET, workspace.id, person);

// biome-ignore lint/suspicious/noExplicitAny: a test asserts only the fields that it needs
export async function send(method: string, path: string, json?: unknown, sent: Sent = {}): Promise<any> {
  const answer = await requestUnlimited(path, {
    method,
    key: workspace.write,
    ...(json !== undefined && { json }),
    ...sent,
  });
  const text = await answer.text();
  expect(answer.status, `${method} ${path} ${text}`).toBeLessThan(400);
  return text.startsWith("{") ? JSON.parse(text) : text;
}

export const form = { "content-type": "application/x-www-form-urlencoded" };

export const submit = (path: string, body: string) => send("POST", path, undefined, { body, headers: form });

export const erase = async (respondent = spelt) =>
  Erasure.parse(await send("POST", "/v1/erasures", { respondent }));

export const respond = (fields: object) => {
  const json = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 3, ...fields };
  return send("POST", "/v1/responses", json);
};

/** Erases the person while these messages arrive between the search for others' texts and the write. */
export async function eraseWhile(...messages: object[]) {
  const d1 = new WatchedDatabase(env.DB, async (run, statements) => {
    if (statements.some(({ values }) => values.includes("$.texts")))
      for (const message of messages.splice(0)) await respond(message);
    return run();
  });
  const sent = { key: workspace.write, json: { respondent: spelt } };
  const answer = await requestUnlimited("/v1/erasures", sent, d1);
  expect(messages).toEqual([]);
  return Erasure.parse(await answer.json());
}

export const tables = async () => {
  const { results } = await env.DB.prepare(
    `SELECT tables.name AS "table", columns.name AS "column", columns.type FROM sqlite_master AS tables
     JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite%'
       AND tables.name NOT LIKE '\\_cf%' ESCAPE '\\' AND tables.name <> 'd1_migrations'`,
  ).all<{ table: string; column: string; type: string }>();
  return Map.groupBy(results, ({ table }) => table);
};

/** The places, as "table.column", that contain any of these texts in upper or lower case. */
export async function placesOf(...texts: string[]): Promise<string[]> {
  const places = new Set<string>();
  for (const table of (await tables()).keys()) {
    const { results } = await env.DB.prepare(`SELECT * FROM "${table}"`).all();
    for (const [column, value] of results.flatMap(Object.entries)) {
      const text = JSON.stringify(value).toLowerCase();
      if (texts.some((one) => text.includes(one.toLowerCase()))) places.add(`${table}.${column}`);
    }
  }
  return [...places].sort();
}

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeEach(async () => {
    workspace = await newWorkspace();
    const mail = {
      from: { address: "feedback@shop.example", name: "Shop" },
      postal_address: "1 Main Street",
    };
    await send("PATCH", "/v1/workspace", { mail });
  });
}
