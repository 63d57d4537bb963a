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

/** Gives the survey at `relationship` these steps. */
export async function askSteps(steps: readonly object[] | null) {
  const path = `/v1/surveys/${workspace.surveys.nps}`;
  const answer = await request(path, { method: "PATCH", key: workspace.write, json: { steps } });
  expect(answer.status).toBe(200);
}

const texts = { en: { question: "And?" } };
const choicesOf = (ids: readonly string[]) => ids.map((id) => ({ id, texts: { en: id } }));
export const step = {
  text: (id: string) => ({ id, kind: "text", texts }),
  rating: (id: string) => ({ id, kind: "rating", texts }),
  choice: (id: string, ...ids: string[]) => ({ id, kind: "choice", texts, choices: choicesOf(ids) }),
  choices: (id: string, ...ids: string[]) => ({ id, kind: "choices", texts, choices: choicesOf(ids) }),
  comment: { id: "comment", kind: "text" },
};

export const storedRows = async () =>
  (await env.DB.prepare("SELECT * FROM responses ORDER BY id").all<Record<string, unknown>>()).results;

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeEach(async () => {
    workspace = await newWorkspace();
  });
}
