import { env } from "cloudflare:workers";
import { beforeEach, expect } from "vitest";
import { newWorkspace, requestUnlimited, type Sent, type TestWorkspace } from "../workspace.ts";

export let workspace: TestWorkspace;

export const sender = {
  from: { address: "feedback@shop.example", name: "Shop" },
  postal_address: "1 Main Street",
};

export const send = (path: string, sent: Sent = {}) =>
  requestUnlimited(path, { key: workspace.write, ...sent });

/** Throws if the request is refused. */
// biome-ignore lint/suspicious/noExplicitAny: a test asserts only the fields that it needs
export async function write(method: string, path: string, json?: unknown): Promise<any> {
  const answer = await send(path, { method, ...(json !== undefined && { json }) });
  const text = await answer.text();
  expect(answer.status, `${method} ${path} ${text}`).toBeLessThan(300);
  return text ? JSON.parse(text) : null;
}

export const newCampaign = async (fields: object = {}): Promise<string> =>
  (await write("POST", "/v1/campaigns", { name: "autumn", touchpoint: "relationship", ...fields })).id;

export const mails = async () =>
  (await env.DB.prepare("SELECT address, name, state, due_at AS due FROM mails ORDER BY address").all())
    .results;

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeEach(async () => {
    workspace = await newWorkspace();
    await write("PATCH", "/v1/workspace", { mail: sender });
  });
}
