import { afterEach, beforeEach, expect, vi } from "vitest";
import * as z from "zod";
import { Email } from "../../../shared/contract/mail/email.ts";
import { KINDS } from "../../../shared/surveys/kinds.ts";
import { newWorkspace, request, requestUnlimited, type TestWorkspace } from "../workspace.ts";

export let workspace: TestWorkspace;

export const surveys = Object.entries(KINDS).flatMap(([kind, { scales }]) =>
  scales.map((scale) => ({ kind, scale })),
);

export async function emailOf(survey: string, query: Record<string, string> = {}) {
  const search = new URLSearchParams({ touchpoint: "relationship", ...query });
  const answer = await requestUnlimited(`/v1/surveys/${survey}/email?${search}`, { key: workspace.read });
  expect(answer.status).toBe(200);
  return Email.parse(await answer.json());
}

export const open = async (path: string) => {
  const answer = await requestUnlimited(path);
  const html = await answer.text();
  return {
    status: answer.status,
    claim: /data-claim="([^"]+)"/.exec(html)?.[1],
    action: /action="([^"]+)"/.exec(html)?.[1] ?? "",
    checked: [...html.matchAll(/<input[^>]*value="(\d+)"[^>]*checked/g)].map(([, value]) => value),
    language: /<html lang="([^"]*)"/.exec(html)?.[1],
  };
};

export const submit = (path: string, rating: number, comment = "", again = "") =>
  requestUnlimited(path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ rating: String(rating), comment, again }).toString(),
  });

/** Opens a link and sends its form. */
export async function answerBy(path: string, rating: number) {
  const { action } = await open(path);
  expect((await submit(action, rating)).status).toBe(303);
  return action;
}

const Stored = z.object({
  id: z.string(),
  rating: z.number(),
  comment: z.string().nullable(),
  channel: z.string(),
  respondent: z.string().nullable(),
  claimed_respondent: z.string().nullable(),
  properties: z.record(z.string(), z.unknown()),
});

export async function stored() {
  const answer = await request("/v1/responses", { key: workspace.read });
  return z.object({ data: z.array(Stored) }).parse(await answer.json()).data;
}

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeEach(async () => {
    workspace = await newWorkspace();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}
