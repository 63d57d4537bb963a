import fc from "fast-check";
import { beforeEach } from "vitest";
import { quarterMs } from "../../../shared/time/durations.ts";
import type { Database } from "../../../worker/db/database.ts";
import type { NewResponse } from "../../../worker/responses/db/response.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";

export let workspace: TestWorkspace;

export let db: Database;

export const noon = Date.parse("2026-10-01T12:00:00Z");

export const declare = (dimension: string, values?: string[]) =>
  requestUnlimited("/v1/breakdowns", { key: workspace.write, json: { dimension, values } });

export const id = fc.constantFrom("a", "b", "c", "d", "e", "f");

export const dimension = fc.constantFrom("locale", "property:plan");

export const response: fc.Arbitrary<NewResponse> = fc.record({
  id,
  touchpointRef: fc.constantFrom(1, 1, 2),
  surveyRef: fc.constant(1),
  rating: fc.integer({ min: 0, max: 10 }),
  comment: fc.constant(null),
  channel: fc.constantFrom("widget", "api"),
  locale: fc.constantFrom(null, "de"),
  respondent: fc.constant(null),
  properties: fc.constantFrom(null, { plan: "pro" }, { plan: 1 }, { plan: true }),
  revision: fc.nat({ max: 3 }),
  answeredAt: fc.constantFrom(noon, noon + quarterMs, noon + 43_200_000),
});

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeEach(async () => {
    workspace = await newWorkspace();
    db = workspace.db;
  });
}
