import type { Context } from "hono";
import { dayMs, hourMs, minuteMs } from "../../shared/time/durations.ts";
import type { App, SignedIn } from "../environment.ts";
import { Problem } from "../http/problem.ts";
import { newId } from "../secrets/ids.ts";
import { hashKey, newToken, sign } from "../secrets/secrets.ts";
import { challenge } from "../workspaces/authentication.ts";
import { givenToken, setToken } from "./cookie.ts";
import {
  endOf,
  endReplayed,
  type FoundSession,
  findSession,
  type Means,
  rotateSession,
  touchSession,
} from "./db/sessions.ts";
import type { NewSession } from "./db/sign-in.ts";
import { deviceOf } from "./device.ts";
import { requireSameOrigin } from "./origin.ts";

/**
 * The session of the request, with what its member is in a workspace. Throws unauthorized where it has none, or one that
 * has ended, and forbidden for a page of another origin.
 */
export async function openSession(c: Context<App>, workspaceId: string | null): Promise<FoundSession> {
  c.set("bySession", true);
  if (givenToken(c) === null) throw new Problem("unauthorized", { headers: challenge });
  requireSameOrigin(c);
  const found = await visitingSession(c, workspaceId);
  if (!found) throw new Problem("unauthorized", { detail: "The session has ended", headers: challenge });
  return found;
}

/** As `openSession`, for a page, which one may come to from any site; null: there is no session that goes on. */
export async function visitingSession(
  c: Context<App>,
  workspaceId: string | null,
): Promise<FoundSession | null> {
  c.set("bySession", true);
  const token = givenToken(c);
  if (token === null) return null;
  const { db, now } = c.var;
  const hash = await hashKey(token);
  const found = await findSession(db, hash, workspaceId, now);
  if (found) await keepUp(c, token, hash, found);
  else await endReplayed(db, hash, now);
  return found;
}

/** The request's session where it has one that goes on; null otherwise, whatever is wrong with it. */
export async function currentSession(c: Context<App>): Promise<FoundSession | null> {
  const token = givenToken(c);
  if (token === null) return null;
  c.set("bySession", true);
  return findSession(c.var.db, await hashKey(token), null, c.var.now);
}

/** How long after somebody signed in they may still do what outlives the session. */
const freshMs = 15 * minuteMs;

/**
 * Throws where somebody has signed in longer ago. Whoever finds a session open, or has a copy of its token, must not make
 * that moment last, by a way in of their own.
 */
export function requireFresh(c: Context<App>, { since }: Pick<SignedIn, "since">): void {
  if (c.var.now - since > freshMs)
    throw new Problem("sign-in-again", {
      detail: "Sign in again, by passkey or link, and then do this within 15 minutes",
    });
}

/**
 * Replaces the token once a day, and writes down once an hour that the session is in use. A copy that is found later, in a
 * backup or a log, opens nothing. It is no defence against somebody who uses a copy all along: they get the new token as the
 * owner does, or, where the other has come first and a minute has passed, end the session for both. The new token derives
 * from the one before: requests at once, and one whose answer never came, all get the same. Without the secret nobody can go
 * from one to the other.
 */
async function keepUp(c: Context<App>, token: string, hash: string, found: FoundSession): Promise<void> {
  const { db, now } = c.var;
  const isFormer = found.hash !== hash;
  const isDue = now - found.rotatedAt >= dayMs;
  if (isFormer || isDue) {
    const next = await sign(c.env.CANDOR_SECRET, "session", token, 32);
    const nextHash = await hashKey(next);
    if (!isFormer) await rotateSession(db, found, nextHash, now);
    if (!isFormer || nextHash === found.hash) setToken(c, next, endOf(found.createdAt, now));
  } else if (now - found.lastUsedAt >= hourMs) await touchSession(db, found, now);
}

/** A session to begin in place of the request's own, and its token. */
export async function newSession(
  c: Context<App>,
  means: Means,
): Promise<{ session: NewSession; token: string }> {
  const token = newToken();
  const replaces = (await currentSession(c))?.session ?? null;
  const device = deviceOf(c.req.header("user-agent") ?? "");
  const made = { id: newId("ses"), hash: await hashKey(token), means, device, now: c.var.now, replaces };
  return { session: made, token };
}

/** Gives the browser the token of a session that has begun. */
export function keepSession(c: Context<App>, token: string): void {
  c.set("bySession", true);
  setToken(c, token, endOf(c.var.now, c.var.now));
}
