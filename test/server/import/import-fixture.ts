import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { type Server, startServer } from "../../harness.ts";

export let server: Server;

let folder: string;

/** Writes a file into its own folder, so that what an import leaves beside it can be checked. */
export async function fileOf(name: string, content: string | Buffer): Promise<string> {
  const path = join(await mkdtemp(join(folder, "file-")), name);
  await writeFile(path, content);
  return path;
}

export async function post<Answer>(path: string, body: object): Promise<Answer> {
  const headers = { authorization: `Bearer ${server.secretKey}`, "content-type": "application/json" };
  const answer = await fetch(`${server.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(201);
  return answer.json<Answer>();
}

/** Makes a touchpoint with its own survey and no responses. */
export async function newTouchpoint(kind: string): Promise<string> {
  const survey = await post<{ id: string }>("/v1/surveys", { name: kind, kind, subject: "us" });
  const name = crypto.randomUUID();
  await post("/v1/touchpoints", { name, survey: survey.id });
  return name;
}

interface Row {
  id: string;
  rating: number;
  comment: string | null;
  channel: string;
  respondent: string | null;
  properties: string | null;
  answered_at: number;
}

export const stored = async (touchpoint: string): Promise<Row[]> =>
  (
    await server.d1
      .prepare(
        `SELECT responses.* FROM responses JOIN touchpoints ON touchpoints.ref = touchpoint_ref
         WHERE touchpoints.name = ? ORDER BY answered_at, responses.id`,
      )
      .bind(touchpoint)
      .all<Row>()
  ).results;

export const csv = `\ufeff"Response ID","Person Email",Score,Comment,"Created At",Plan,Name
r1,a@example.com,9,"Quick, friendly, ""great""\r\nand on time",2019-03-31 01:30:00,pro,Ann
r2,b@example.com,0,,2019-04-01 09:00:00 +0200,,Bob
`;

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeAll(async () => {
    server = await startServer({ onLog: () => undefined });
    folder = await mkdtemp(join(tmpdir(), "candor-import-"));
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });
}
