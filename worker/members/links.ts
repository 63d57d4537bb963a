import type { Context } from "hono";
import { dayMs, hourMs, minuteMs } from "../../shared/time/durations.ts";
import type { App } from "../environment.ts";
import { newId } from "../secrets/ids.ts";
import { hashKey, newToken } from "../secrets/secrets.ts";
import type { NewLink, Purpose } from "./db/one-time-links.ts";
import { isLoopback } from "./loopback.ts";

/** The view of the dashboard that takes the link, and how long it works. */
const links: Record<Purpose, { path: string; lifeMs: number }> = {
  setup: { path: "/app/setup", lifeMs: hourMs },
  invitation: { path: "/app/join", lifeMs: 7 * dayMs },
  login: { path: "/app/login", lifeMs: 15 * minuteMs },
  address: { path: "/app/address", lifeMs: 15 * minuteMs },
};

/** A link to store, and its path. The token is a fragment: it reaches no server, no log on the way and no Referer. */
export async function newLink(
  purpose: Purpose,
  given: Omit<NewLink, "id" | "hash" | "purpose" | "createdAt" | "expiresAt">,
  now: number,
): Promise<{ link: NewLink; path: string }> {
  const token = newToken();
  const { path, lifeMs } = links[purpose];
  const times = { createdAt: now, expiresAt: now + lifeMs };
  return {
    link: { ...given, id: newId("otl"), hash: await hashKey(token), purpose, ...times },
    path: `${path}#${token}`,
  };
}

/**
 * The whole address of a link. The platform lets only hosts of the deployment through, so none is made up. Off the loopback
 * it is https, also where somebody asked by plain http: on that way anybody could read the page that takes the token.
 */
export function urlOf(c: Context<App>, path: string): string {
  const url = new URL(c.req.url);
  if (!isLoopback(url)) url.protocol = "https:";
  return url.origin + path;
}
