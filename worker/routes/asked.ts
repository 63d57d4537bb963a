import type { Context } from "hono";
import type { App } from "../app.ts";
import type { Caller } from "../auth.ts";
import { Cache } from "../cache.ts";
import { type AskedSurvey, findAsked } from "../db/touchpoints.ts";
import { Problem } from "../problem.ts";

const asked = new Cache<AskedSurvey | null>(10_000);

/** Forgets what is asked where, in this isolate; other isolates follow within ten seconds. */
export const forgetAsked = (): void => asked.clear();

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
