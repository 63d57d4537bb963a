import type { Context } from "hono";
import { minuteMs } from "../../shared/time/durations.ts";
import { Cache } from "../cache.ts";
import type { App, Caller } from "../environment.ts";
import { Problem } from "../http/problem.ts";
import { countedResponses } from "../rollup/counts.ts";
import { type AskedSurvey, findAsked, findAskedAt, findAutomatic, type Place } from "../surveys/db/asked.ts";
import { latestAnswer } from "../surveys/db/former-steps.ts";
import type { Offer } from "./offer.ts";

/** Isolates follow a change within a minute, for secret keys within ten seconds. */
const lifeMs = minuteMs;
const freshMs = 10_000;
const offered = new Cache<AskedSurvey | null>("offered", lifeMs, freshMs);
const automatic = new Cache<AskedSurvey[]>("offered", lifeMs, freshMs);
const counted = new Cache<number>("offered", freshMs);

/** For a page's visitors the value may be a minute old, and is reloaded after the answer. */
const behind = (c: Context<App>, { publishable }: Caller) =>
  publishable ? (loading: Promise<unknown>) => c.executionCtx.waitUntil(loading) : null;

/** What is asked at a touchpoint now, or the given survey there; null: nothing. */
export const askedAt = (
  c: Context<App>,
  caller: Caller,
  touchpoint: string,
  survey: string | null,
  suffices?: (asked: AskedSurvey | null) => boolean,
): Promise<AskedSurvey | null> =>
  offered.get(
    `${caller.workspace} ${touchpoint} ${survey ?? ""}`,
    c.var.now,
    () => findAsked(c.var.db, caller.workspace, touchpoint, survey),
    behind(c, caller),
    suffices,
  );

/**
 * Like `askedAt`, for a response. A page may answer only what is asked there now or was until lately: one response to
 * another survey would leave the touchpoint without a common score, and an archived survey would get responses for
 * ever. A secret key may answer anything. Nothing is refused for what an isolate remembers, since it may be asked
 * meanwhile: a repeated refusal costs a look, like one for a name that nobody had sent before. Throws a 422 that names
 * the field.
 */
export async function answeredAt(
  c: Context<App>,
  caller: Caller,
  touchpoint: string,
  survey: string | null,
): Promise<AskedSurvey> {
  const suffices = (asked: AskedSurvey | null) => isAnswered(c, caller, asked);
  return answered(c, caller, survey, await askedAt(c, caller, touchpoint, survey, suffices));
}

/** The same for the rows of a list. It takes one query, however many places the rows name. */
export async function answeredAmong(
  c: Context<App>,
  caller: Caller,
  places: readonly Place[],
): Promise<(touchpoint: string, survey: string | null) => AskedSurvey> {
  const keyOf = (place: Place) => JSON.stringify(place);
  const distinct = [...new Map(places.map((place) => [keyOf(place), place])).values()];
  const asked = await findAskedAt(c.var.db, caller.workspace, distinct);
  const found = new Map(distinct.map((place, index) => [keyOf(place), asked[index] ?? null]));
  return (touchpoint, survey) => answered(c, caller, survey, found.get(keyOf([touchpoint, survey])) ?? null);
}

const isAnswered = (c: Context<App>, { publishable }: Caller, found: AskedSurvey | null): boolean =>
  found !== null && !(publishable && (found.askedUntil ?? c.var.now) + latestAnswer <= c.var.now);

function answered(
  c: Context<App>,
  caller: Caller,
  survey: string | null,
  found: AskedSurvey | null,
): AskedSurvey {
  if (found && isAnswered(c, caller, found)) return found;
  if (found) throw Problem.field("/survey", "is not asked at this touchpoint");
  throw survey === null
    ? Problem.field("/touchpoint", "no survey is asked at this touchpoint")
    : Problem.field("/survey", "there is no such survey or touchpoint");
}

/** What is asked where a page names no touchpoint. */
export const automaticallyAsked = (c: Context<App>, caller: Caller): Promise<AskedSurvey[]> =>
  automatic.get(
    String(caller.workspace),
    c.var.now,
    () => findAutomatic(c.var.db, caller.workspace, 20),
    behind(c, caller),
  );

/** Counted responses to a survey at its touchpoint, if its rules need them; at most ten seconds old. */
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
