import { KINDS, ratingsOf } from "../../shared/surveys/kinds.ts";
import { dayMs } from "../../shared/time/durations.ts";
import type { Database } from "../../worker/db/database.ts";
import type { NewResponse } from "../../worker/responses/db/response.ts";
import { removeResponses } from "../../worker/responses/db/responses.ts";
import { saveResponses } from "../../worker/responses/db/save.ts";
import { findAsked } from "../../worker/surveys/db/touchpoints.ts";
import { DEMO_SURVEYS } from "./seed.ts";

export const DEMO_NAME = "Demo shop";
const sampleSize = 2000;
const days = 90;
const listLength = 500;

/** A small random generator with a fixed seed (mulberry32), so that the sample is the same on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function uuid(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

const pick = <Item>(items: readonly [Item, ...Item[]], random: () => number): Item =>
  items[Math.floor(random() * items.length)] ?? items[0];

/** Comments for each third of the scale, from the worst to the best. */
const comments: readonly (readonly [string, ...string[]])[] = [
  [
    "Took three mails until somebody answered.",
    "The parcel came a week late.",
    "I could not find the return form.",
  ],
  ["Fine, but the page is slow on my phone.", "Good choice, delivery could be faster.", "It was okay."],
  [
    "Ordered in two minutes, arrived the next day.",
    "Friendly and quick help.",
    "Exactly what I was looking for.",
  ],
];
const channels = ["widget", "widget", "widget", "link", "email"] as const;
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
    const ratings = ratingsOf({ min: at.survey.scaleMin, max: at.survey.scaleMax });
    const age = random() * days;
    // Most respondents are content, and slightly more so recently: the shop improves.
    const place = random() ** (0.26 + age / 800);
    const rating = ratings[Math.floor(place * ratings.length)] ?? at.survey.scaleMax;
    const mood = comments[Math.floor((rating / (at.survey.scaleMax + 1)) * comments.length)] ?? comments[0];
    return {
      id,
      touchpointRef: at.touchpointRef,
      surveyRef: at.survey.ref,
      rating,
      comment: mood && random() < 0.3 ? pick(mood, random) : null,
      channel: pick(channels, random),
      locale: "en",
      respondent: null,
      properties: { plan: pick(plans, random) },
      revision: 0,
      answeredAt: Math.floor(now - age * dayMs),
    };
  });
  for (let start = 0; start < responses.length; start += listLength) {
    await saveResponses(db, workspace, responses.slice(start, start + listLength), now);
  }
}

/** Removes exactly the sample; responses given since then stay. */
export const removeSampleResponses = (db: Database, workspace: number): Promise<void> =>
  removeResponses(db, workspace, sampleIds());
