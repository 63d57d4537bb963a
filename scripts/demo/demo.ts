import { KINDS } from "../../shared/surveys/kinds.ts";
import { dayMs } from "../../shared/time/durations.ts";
import type { Database } from "../../worker/db/database.ts";
import type { NewResponse } from "../../worker/responses/db/response.ts";
import { removeResponses } from "../../worker/responses/db/responses.ts";
import { saveResponses } from "../../worker/responses/db/save.ts";
import { inventAnswer, pick, seededRandom } from "../../worker/samples/invented.ts";
import { findAsked } from "../../worker/surveys/db/asked.ts";
import { DEMO_SURVEYS } from "./seed.ts";

export const DEMO_NAME = "Demo shop";
const sampleSize = 2000;
const days = 90;
const listLength = 500;

function uuid(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

const plans = ["free", "free", "pro", "business"] as const;

/** Ids use a generator of their own, so that `demo:clear` finds them even if the rest of the sample changes. */
function sampleIds(): string[] {
  const random = seededRandom(20_260_801);
  return Array.from({ length: sampleSize }, () => uuid(random));
}

/** Inserts 2,000 responses over the 90 days before `now`, slightly better each week, through the SQL of real responses. */
export async function insertSampleResponses(
  db: Database,
  workspace: number,
  now = Date.now(),
): Promise<void> {
  const random = seededRandom(7);
  const asked = await Promise.all(
    DEMO_SURVEYS.map(({ touchpoint }) => findAsked(db, workspace, touchpoint, null)),
  );
  const responses = sampleIds().map((id, index): NewResponse => {
    const at = asked[index % asked.length];
    const kind = at && KINDS[at.survey.kind];
    if (!at || !kind) throw new Error("the demo's surveys are missing");
    const scale = { min: at.survey.scaleMin, max: at.survey.scaleMax };
    const { daysAgo, ...answer } = inventAnswer(random, scale, days);
    return {
      id,
      touchpointRef: at.touchpointRef,
      surveyRef: at.survey.ref,
      ...answer,
      locale: "en",
      respondent: null,
      properties: { plan: pick(plans, random) },
      revision: 0,
      answeredAt: Math.floor(now - daysAgo * dayMs),
    };
  });
  for (let start = 0; start < responses.length; start += listLength) {
    await saveResponses(db, workspace, responses.slice(start, start + listLength), now);
  }
}

/** Removes exactly the sample; responses given since then stay. */
export const removeSampleResponses = (db: Database, workspace: number): Promise<void> =>
  removeResponses(db, workspace, sampleIds());
