import { randomBytes } from "node:crypto";
import { channels } from "../../shared/contract/fields.ts";
import { dayMs } from "../../shared/time/durations.ts";
import { Database } from "../../worker/db/database.ts";
import type { NewResponse } from "../../worker/responses/db/response.ts";
import { saveResponses } from "../../worker/responses/db/save.ts";
import type { Candor } from "./servers.ts";

/** A UUID version 7 for a time, as the widget makes it. */
export function uuid7(at: number): string {
  const hex = at.toString(16).padStart(12, "0") + randomBytes(10).toString("hex");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, "$1-$2-7$3-8$4-$5");
}

interface Asked {
  touchpointRef: number;
  surveyRef: number;
  scaleMin: number;
  scaleMax: number;
}

/**
 * Fills the demo's three touchpoints with `count` responses of the last `days` days, evenly over three channels and in
 * the order of their times: lists of 5,000 through the SQL of ingest. Returns the responses saved a second.
 */
export async function fill({ d1, ref }: Candor, count: number, until: number, days: number): Promise<number> {
  const { results: asked } = await d1
    .prepare(
      `SELECT touchpoints.ref AS touchpointRef, surveys.ref AS surveyRef, scale_min AS scaleMin, scale_max AS scaleMax
       FROM touchpoints JOIN surveys ON surveys.ref = survey_ref`,
    )
    .all<Asked>();
  const step = (days * dayMs) / count;
  const from = until - days * dayMs;
  const response = (index: number): NewResponse => {
    const answeredAt = Math.floor(from + (index + Math.random()) * step);
    const { touchpointRef, surveyRef, scaleMin, scaleMax } = asked[index % asked.length] as Asked;
    return {
      id: uuid7(answeredAt),
      touchpointRef,
      surveyRef,
      rating: scaleMin + Math.floor(Math.random() * (scaleMax - scaleMin + 1)),
      comment: Math.random() < 0.3 ? "Delivery was quick, but the courier left the parcel next door." : null,
      channel: channels[Math.floor(Math.random() * 3)] ?? "widget",
      locale: "en",
      respondent: null,
      properties: null,
      revision: 0,
      answeredAt,
    };
  };
  const size = 5000;
  const started = performance.now();
  for (let first = 0; first < count; first += size) {
    const list = Array.from({ length: Math.min(size, count - first) }, (_, index) => response(first + index));
    await saveResponses(new Database(d1), ref, list, until);
  }
  return (count / (performance.now() - started)) * 1000;
}
