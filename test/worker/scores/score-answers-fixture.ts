import { beforeEach, expect } from "vitest";
import * as z from "zod";
import { Scores, TouchpointScore } from "../../../shared/contract/scores.ts";
import { newWorkspace, request, type TestWorkspace } from "../workspace.ts";

export let workspace: TestWorkspace;

export const october = "from=2026-10-01&to=2026-11-01";

export const get = (path: string, headers: Record<string, string> = {}) =>
  request(path, { key: workspace.read, headers });

export async function answer(touchpoint: string, ratings: number[], fields: object = {}) {
  const responses = ratings.map((rating) => ({
    id: crypto.randomUUID(),
    touchpoint,
    rating,
    answered_at: "2026-10-10T12:00:00Z",
    ...fields,
  }));
  const sent = await request("/v1/responses/batch", { key: workspace.write, json: { responses } });
  expect(sent.status).toBe(200);
}

export const scores = async (query: string) => {
  const sent = await get(`/v1/scores?${query}`);
  return z.object(Scores.shape).parse(await sent.json());
};

export const score = async (touchpoint: string, query: string) => {
  const sent = await get(`/v1/touchpoints/${touchpoint}/score?${query}`);
  return z.object(TouchpointScore.shape).parse(await sent.json());
};

/** 730 points: with such a series, an answer holds 27 groups. */
export const series = "interval=day&from=2024-11-01&to=2026-11-01";

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeEach(async () => {
    workspace = await newWorkspace();
  });
}
