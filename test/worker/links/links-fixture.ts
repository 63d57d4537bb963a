import { env } from "cloudflare:workers";
import { beforeEach } from "vitest";
import { newWorkspace, request, requestUnlimited, type TestWorkspace } from "../workspace.ts";

export interface Link {
  path: string;
  response: string;
}

export let workspace: TestWorkspace;

export async function newLink(more: Record<string, unknown> = {}): Promise<Link> {
  const answer = await request("/v1/links", {
    key: workspace.write,
    json: { touchpoint: "relationship", ...more },
  });
  const link: { url: string; response: string } = await answer.json();
  return { path: new URL(link.url).pathname, response: link.response };
}

export const form = "application/x-www-form-urlencoded";

/** Sends the form as a browser does, without following the redirect. */
export function submit(path: string, fields: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams(fields).toString();
  return requestUnlimited(path, { method: "POST", headers: { "content-type": form }, body });
}

export const responseOf = async ({ response }: Link) => {
  const answer = await request(`/v1/responses/${response}`, { key: workspace.read });
  return answer.ok ? await answer.json<Record<string, unknown>>() : null;
};

export const scoreNow = async (touchpoint = "relationship") => {
  const answer = await request(`/v1/touchpoints/${touchpoint}/score`, { key: workspace.read });
  return answer.json<{ n: number; score: number | null; ledger: { received: number } }>();
};

/** Every row of every table as text, without unconfirmed clicks. */
export async function everything(): Promise<string> {
  const tables = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name <> 'clicks' ORDER BY name",
  ).all<{ name: string }>();
  const rows = await Promise.all(
    tables.results.map(async ({ name }) => [
      name,
      (await env.DB.prepare(`SELECT * FROM "${name}"`).all()).results,
    ]),
  );
  return JSON.stringify(rows);
}

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeEach(async () => {
    workspace = await newWorkspace();
  });
}
