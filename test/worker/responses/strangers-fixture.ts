import { env } from "cloudflare:workers";
import { beforeEach } from "vitest";
import { Touchpoint } from "../../../shared/contract/surveys/touchpoints.ts";
import { Cache } from "../../../worker/cache.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";

/** What somebody can do who knows what every page shows: the publishable key and the ids of surveys. */
export let workspace: TestWorkspace;

export const dayMs = 86_400_000;

export const answer = (fields: object, key = workspace.publishable) =>
  requestUnlimited("/v1/responses", { key, json: { id: crypto.randomUUID(), rating: 5, ...fields } });

export const patch = (path: string, json: object) =>
  requestUnlimited(path, { method: "PATCH", key: workspace.write, json });

export const score = () => requestUnlimited("/v1/touchpoints/relationship/score", { key: workspace.read });

export const rows = async () =>
  (await env.DB.prepare("SELECT * FROM responses ORDER BY id").all<Record<string, unknown>>()).results;

/** Shows the score of the NPS to anyone, with three responses to it. */
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

/** As if all that was asked and seen had been so many days before. */
export async function earlier(days: number): Promise<void> {
  for (const sql of [
    `UPDATE touchpoints SET asked_since = asked_since - ${days * dayMs}`,
    `UPDATE former_surveys SET asked_since = asked_since - ${days * dayMs}, asked_until = asked_until - ${days * dayMs}`,
    `UPDATE impression_counts SET day = day - ${days}`,
  ])
    await env.DB.exec(sql);
  Cache.forget("offered");
}

/** Before and after each test of a file that calls it. */
export function setUp(): void {
  beforeEach(async () => {
    workspace = await newWorkspace();
    Cache.forget("public-scores");
  });
}
