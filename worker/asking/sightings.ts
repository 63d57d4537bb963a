import type { Context } from "hono";
import { isNamed } from "../../shared/asking/origins.ts";
import { touchpointName } from "../../shared/contract/fields.ts";
import { isOrigin, longestOrigin } from "../../shared/contract/keys.ts";
import { dayMs, minuteMs } from "../../shared/time/durations.ts";
import { Cache } from "../cache.ts";
import type { App, Caller } from "../environment.ts";
import { logError } from "../log.ts";
import { registeredOrigins } from "../workspaces/db/keys.ts";
import {
  findSeenPlaces,
  mostOrigins,
  type Replaced,
  renewedMs,
  type SeenPlace,
  saveSightings,
} from "./db/sightings.ts";
import { automaticallyAsked } from "./offered.ts";

/** After this long without being seen, an origin that no key names gives its place to whichever comes. */
const forgottenMs = 400 * dayMs;

/** What this isolate knows to be noted: whoever asks again, or finds no room, costs no statement for a minute. */
const places = new Cache<SeenPlace[]>("offered", minuteMs);
const registeredOf = new Cache<string[]>("keys", minuteMs);

/**
 * The origin of the page that asks. With a GET to the page's own site a browser sends none, and Sec-Fetch-Site says that it is
 * that one (Fetch). The Referer is not looked at: a page may switch it off, and it holds more than an origin. null: no web
 * page's (`null` of files and sandboxes, schemes of apps and extensions), or none.
 */
function originOf(c: Context<App>): string | null {
  const own = c.req.header("sec-fetch-site") === "same-origin" ? new URL(c.req.url).origin : "";
  const origin = c.req.header("origin") ?? own;
  return origin.length <= longestOrigin && isOrigin(origin) ? origin : null;
}

/**
 * Notes behind the answer on which origin a page asked: also where nothing is asked there, and where the key is not for that
 * origin, so that its owner learns which to add. A claim that decides nothing: an error in it is nobody's but the log's.
 */
export function noteSighting(c: Context<App>): void {
  const { caller } = c.var;
  const origin = originOf(c);
  if (!caller?.publishable || !origin || !(c.res.ok || c.res.status === 403)) return;
  const about = { request_id: c.var.requestId };
  c.executionCtx.waitUntil(note(c, caller, origin).catch((error) => logError(about, error)));
}

async function note(c: Context<App>, caller: Caller, origin: string): Promise<void> {
  const { db, now } = c.var;
  const { workspace } = caller;
  const names = await namesAsked(c, caller);
  const load = () => findSeenPlaces(db, workspace, names);
  const found = await places.get(`${workspace} ${names.join(" ")}`, now, load);
  const due = found.filter(({ lastSeen }) => (lastSeen.get(origin) ?? 0) <= now - renewedMs);
  if (due.length === 0) return;
  const origins = await registeredOf.get(String(workspace), now, () => registeredOrigins(db, workspace));
  const noted: number[] = [];
  const replaced: Replaced[] = [];
  for (const { touchpointRef, lastSeen } of due) {
    const room = roomFor(origin, lastSeen, origins, now);
    if (!room) continue;
    if (room !== "free") {
      lastSeen.delete(room[0]);
      replaced.push([touchpointRef, ...room]);
    }
    lastSeen.set(origin, now);
    noted.push(touchpointRef);
  }
  if (noted.length > 0) await saveSightings(db, origin, noted, replaced, now);
}

/** The touchpoint that the page names, or all that ask where none is named. */
async function namesAsked(c: Context<App>, caller: Caller): Promise<string[]> {
  const named = c.req.query("touchpoint");
  if (!named) return (await automaticallyAsked(c, caller)).map(({ touchpoint }) => touchpoint);
  // Of a refused request nobody has looked at it yet.
  return touchpointName.safeParse(named).success ? [named] : [];
}

/**
 * Whose place an origin takes, with when that was last seen; undefined: there is none for it. One that a key names takes the
 * place of the oldest that none names, and gives its own to nobody: strangers, who can claim any, push no owner's out.
 */
function roomFor(
  origin: string,
  lastSeen: ReadonlyMap<string, number>,
  registered: readonly string[],
  now: number,
): "free" | [origin: string, lastSeenAt: number] | undefined {
  if (lastSeen.has(origin) || lastSeen.size < mostOrigins) return "free";
  const before = isNamed(origin, registered) ? now : now - forgottenMs;
  return [...lastSeen]
    .filter(([other, at]) => at <= before && !isNamed(other, registered))
    .sort(([, one], [, two]) => one - two)[0];
}
