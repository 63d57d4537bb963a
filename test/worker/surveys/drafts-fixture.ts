import { beforeEach, expect } from "vitest";
import * as z from "zod";
import { Survey } from "../../../shared/contract/surveys/surveys.ts";
import { SurveyDraft } from "../../../shared/contract/surveys/versions.ts";
import { newWorkspace, requestUnlimited, type Sent, type TestWorkspace } from "../workspace.ts";

export let workspace: TestWorkspace;

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeEach(async () => {
    workspace = await newWorkspace();
  });
}

export const send = (to: string, sent: Sent = {}, d1?: D1Database) =>
  requestUnlimited(`/v1/surveys/${workspace.surveys.nps}${to}`, { key: workspace.write, ...sent }, d1);
export const onlyIf = (etag: string | null) => ({ headers: { "if-match": etag ?? "" } });

export async function draftIn(answer: Response) {
  expect(answer.status).toBe(200);
  return { etag: answer.headers.get("etag"), ...SurveyDraft.parse(await answer.json()) };
}
export const readDraft = async () => draftIn(await send("/draft"));
export const edit = async (json: object, sent: Sent = {}) =>
  draftIn(await send("/draft", { method: "PATCH", json, ...sent }));
export const publish = (sent: Sent = {}) => send("/publish", { method: "POST", ...sent });
export const live = async () => Survey.parse(await (await send("")).json());
export const question = (text: string) => ({ en: { question: text } });

export async function acts() {
  const answer = await requestUnlimited("/v1/audit?limit=100", { key: workspace.write });
  const { data } = z.object({ data: z.array(z.object({ what: z.string() })) }).parse(await answer.json());
  return data.map(({ what }) => what);
}
