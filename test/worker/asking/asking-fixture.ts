import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, vi } from "vitest";
import type { Ask } from "../../../shared/contract/ask.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import { respondentHash } from "../../../worker/people/person.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";

export const noon = Date.parse("2026-11-25T12:00:00Z");

export let workspace: TestWorkspace;

export const set = (json: object, touchpoint = "checkout") =>
  requestUnlimited(`/v1/touchpoints/${touchpoint}`, { method: "PATCH", key: workspace.write, json });

export const policy = (asking: object) =>
  requestUnlimited("/v1/workspace", { method: "PATCH", key: workspace.write, json: { asking } });

export const ask = (query = "touchpoint=checkout") =>
  requestUnlimited(`/v1/ask?${query}`, { key: workspace.publishable });

/** The survey that is asked, or the reason why none is. */
export async function asked(query?: string): Promise<Ask | string | null> {
  const answer = await ask(query);
  return answer.status === 200 ? answer.json<Ask>() : answer.headers.get("candor-reason");
}

export const hashOf = (person: string) => respondentHash(env.CANDOR_SECRET, workspace.id, person);

export const later = (days: number) => vi.setSystemTime(noon + days * dayMs);

export async function see(person: string | undefined, touchpoint = "checkout") {
  const survey = touchpoint === "checkout" ? workspace.surveys.csat : workspace.surveys.nps;
  const proof = person && { respondent: person, respondent_hash: await hashOf(person) };
  const json = { touchpoint, survey, ...proof };
  const answer = await requestUnlimited("/v1/impressions", { key: workspace.publishable, json });
  expect(answer.status).toBe(204);
}

export const askings = async () =>
  (await env.DB.prepare("SELECT person, channel, asked_at AS at FROM askings").all()).results;

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: noon });
    workspace = await newWorkspace();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}
