import { beforeEach, expect } from "vitest";
import { Samples } from "../../../shared/contract/surveys/samples.ts";
import { KINDS } from "../../../shared/surveys/kinds.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";

/** Sample data comes in as many parts, each of so many answers. */
export const kinds = Object.keys(KINDS);
export const answersOf = 84;

export let workspace: TestWorkspace;

/** Asks as another workspace from now on. */
export function workIn(other: TestWorkspace): void {
  workspace = other;
}

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeEach(async () => {
    workspace = await newWorkspace();
  });
}

export const ask = (method: string, path: string, json?: object) =>
  requestUnlimited(path, { method, key: workspace.write, ...(json && { json }) });

// biome-ignore lint/suspicious/noExplicitAny: a test asserts only the fields that it needs
export async function read(method: string, path: string, json?: object): Promise<any> {
  const answer = await ask(method, path, json);
  const text = await answer.text();
  expect(answer.status, `${method} ${path} ${text}`).toBeLessThan(300);
  return text === "" ? null : JSON.parse(text);
}

export const part = async (method: string) => Samples.parse(await read(method, "/v1/samples"));

export const load = async () => {
  for (const _ of kinds) await part("POST");
};
