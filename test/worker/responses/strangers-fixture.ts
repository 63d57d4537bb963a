import { env } from "cloudflare:workers";
import { beforeEach } from "vitest";
import { Touchpoint } from "../../../shared/contract/surveys/touchpoints.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import { Cache } from "../../../worker/cache.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";

/** For tests of what a stranger can do who knows what every page shows: the publishable key and the surveys' ids. */
export let workspace: TestWorkspace;

export const answer = (fields: object, key = workspace.publishable) =>
  requestUnlimited("/v1/responses", { key, json: { id: crypto.randomUUID(), rating: 5, ...fields } });

export const patch = (path: string, json: object) =>
  requestUnlimited(path, { method: "PATCH", key: workspace.write, json });

export const score = () => requestUnlimited("/v1/touchpoints/relationship/score", { key: workspace.read });

export const rows = async () =>
  (await env.DB.prepare("SELECT * FROM responses ORDER BY id").all<Record<string, unknown>>()).results;

/** Makes the NPS's score public, with three responses. Returns a function that reads its badge. */
export async function publicScore(): Promise<() => Promise<string>> {
  const changed = await patch("/v1/touchpoints/relationship", {
    public_score: { period: "30d", threshold: 3 },
  });
  const { id } = Touchpoint.parse(await changed.json());
  for (const rating of [10, 10, 10]) await answer({ touchpoint: "relationship", rating });
  return async () => {
    Cache.forget("public-scores");
    return (await requestUnlimited(`/v1/public/${id}/badge.svg`)).text();
  };
}

/** Moves everything that was asked and seen so many days back. */
export async function earlier(days: number): Promise<void> {
  for (const sql of [
    `UPDATE touchpoints SET asked_since = asked_since - ${days * dayMs}`,
    `UPDATE former_surveys SET asked_since = asked_since - ${days * dayMs}, asked_until = MAX(asked_until - ${days * dayMs}, 0)`,
    `UPDATE former_surveys SET stood_until = stood_until - ${days * dayMs}`,
    `UPDATE impression_counts SET day = day - ${days}`,
  ])
    await env.DB.exec(sql);
  Cache.forget("offered");
}

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeEach(async () => {
    workspace = await newWorkspace();
    Cache.forget("public-scores");
  });
}
