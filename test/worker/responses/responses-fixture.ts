import { env } from "cloudflare:workers";
import { beforeEach, expect } from "vitest";
import { Response as ResponseShape, SavedResponse } from "../../../shared/contract/responses.ts";
import { newWorkspace, request, type TestWorkspace } from "../workspace.ts";

export let workspace: TestWorkspace;

export const save = (fields: object, key = workspace.publishable) =>
  request("/v1/responses", {
    key,
    json: { id: crypto.randomUUID(), touchpoint: "relationship", rating: 9, ...fields },
  });

/** Saves a response and returns it as the API then reads it. */
export async function saved(fields: object, key = workspace.publishable) {
  const answer = await save(fields, key);
  expect(answer.status).toBe(201);
  const { id } = SavedResponse.parse(await answer.json());
  return read(id);
}

export async function read(id: string) {
  const answer = await request(`/v1/responses/${id}`, { key: workspace.read });
  expect(answer.status).toBe(200);
  return ResponseShape.parse(await answer.json());
}

export const storedRows = async () =>
  (await env.DB.prepare("SELECT * FROM responses ORDER BY id").all<Record<string, unknown>>()).results;

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeEach(async () => {
    workspace = await newWorkspace();
  });
}
