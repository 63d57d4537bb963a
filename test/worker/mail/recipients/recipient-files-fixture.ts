import { env } from "cloudflare:workers";
import { beforeEach } from "vitest";
import { Database } from "../../../../worker/db/database.ts";
import { continueFiles } from "../../../../worker/mail/recipient-files.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../../workspace.ts";

/** Files of recipients are stored on arrival and read in parts: here a hundred rows a request, as on the free plan. */

export let workspace: TestWorkspace;

export let campaign: string;

const free = { RECIPIENTS_A_MINUTE: "100" };

export const add = (body: BodyInit, type = "text/csv", d1?: D1Database) =>
  requestUnlimited(
    `/v1/campaigns/${campaign}/recipients`,
    { key: workspace.write, method: "POST", body, headers: { "content-type": type } },
    d1,
    free,
  );

export const csv = (count: number, from = 0) =>
  `email,name\n${Array.from({ length: count }, (_, n) => `r${from + n}@shop.example,Ann ${n}`).join("\n")}`;

export const readOn = (d1: D1Database = env.DB) =>
  continueFiles({ ...env, DB: d1, ...free }, new Database(d1), Date.now());

export const readAll = async () => {
  let minutes = 1;
  while (await readOn()) minutes += 1;
  return minutes;
};

export const progress = async () => {
  const answer = await requestUnlimited(`/v1/campaigns/${campaign}`, { key: workspace.read });
  const { recipients, recipients_pending, upload, state } = await answer.json<Record<string, unknown>>();
  return { recipients, recipients_pending, upload, state };
};

export const rows = (table: string) =>
  env.DB.prepare(`SELECT COUNT(*) AS n FROM ${table}`).first<number>("n");

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeEach(async () => {
    workspace = await newWorkspace();
    const mail = {
      from: { address: "feedback@shop.example", name: "Shop" },
      postal_address: "1 Main Street",
    };
    await requestUnlimited("/v1/workspace", { key: workspace.write, method: "PATCH", json: { mail } });
    const made = await requestUnlimited("/v1/campaigns", {
      key: workspace.write,
      json: { name: "autumn", touchpoint: "relationship" },
    });
    campaign = (await made.json<{ id: string }>()).id;
  });
}
