import type { Context } from "hono";
import type { App } from "../app.ts";
import type { Caller } from "../auth.ts";
import { Cache } from "../cache.ts";
import { countedResponses } from "../db/counts.ts";
import { type AskedSurvey, findAsked, findAutomatic } from "../db/touchpoints.ts";
import type { Offer } from "../deciding.ts";
import { Problem } from "../problem.ts";

const lifeMs = 10_000;
const asked = new Cache<AskedSurvey | null>(lifeMs);
const automatic = new Cache<AskedSurvey[]>(lifeMs);
const counted = new Cache<number>(lifeMs);

/** Forgets what is asked where, in this isolate; other isolates follow within ten seconds. */
export function forgetAsked(): void {
  asked.clear();
  automatic.clear();
  counted.clear();
}

/** What is asked at a touchpoint now, or the given survey there; null: nothing. Remembered for ten seconds. */
export const askedAt = (
  c: Context<App>,
  caller: Caller,
  touchpoint: string,
  survey: string | null,
): Promise<AskedSurvey | null> =>
  asked.get(`${caller.workspace} ${touchpoint} ${survey ?? ""}`, c.var.now, () =>
    findAsked(c.var.db, caller.workspace, touchpoint, survey),
  );

/** Like `askedAt`, for an answer. Throws a 422 that names the field. */
export async function answeredAt(
  c: Context<App>,
  caller: Caller,
  touchpoint: string,
  survey: string | null,
): Promise<AskedSurvey> {
  const found = await askedAt(c, caller, touchpoint, survey);
  if (found) return found;
  throw survey === null
    ? Problem.field("/touchpoint", "no survey is asked at this touchpoint")
    : Problem.field("/survey", "there is no such survey or touchpoint");
}

/** What a page asks that names no touchpoint. Remembered as long. */
export const automaticallyAsked = (c: Context<App>, caller: Caller): Promise<AskedSurvey[]> =>
  automatic.get(String(caller.workspace), c.var.now, () => findAutomatic(c.var.db, caller.workspace, 20));

/** Counted responses to a survey at its touchpoint, as far as its rules ask for them. Remembered as long. */
export async function responsesFor(
  c: Context<App>,
  caller: Caller,
  { asked: { touchpointRef, survey }, rules }: Offer,
): Promise<number> {
  if (rules.most_responses === undefined) return 0;
  return counted.get(`${touchpointRef} ${survey.ref}`, c.var.now, () =>
    countedResponses(c.var.db, caller.workspace, touchpointRef, survey.ref),
  );
}
