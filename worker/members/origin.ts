import type { Context } from "hono";
import type { App } from "../environment.ts";
import { contentType } from "../http/body.ts";
import { Problem } from "../http/problem.ts";

/**
 * Throws a 403 unless a page of this origin sent the request: browsers add the cookie to whatever page sends it, and
 * SameSite holds back other sites alone, not a sister domain's. What changes something needs the same Origin, and JSON,
 * which no form sends and for which a page of another origin has to ask first. What reads needs no Origin, as browsers
 * send none; where they say which site it came from, it is this origin or the person at the address bar.
 */
export function requireSameOrigin(c: Context<App>): void {
  const site = c.req.header("sec-fetch-site") ?? null;
  const isRead = c.req.method === "GET" || c.req.method === "HEAD";
  const isOurs = isRead
    ? site === null || site === "same-origin" || site === "none"
    : c.req.header("origin") === new URL(c.req.url).origin && (site === null || site === "same-origin");
  if (!isOurs)
    throw new Problem("forbidden", {
      detail: "Only a page of this origin may do that with a session, or to begin one",
    });
  if (!isRead && contentType(c) !== "application/json")
    throw new Problem("forbidden", { detail: "Send application/json, also where there is no body" });
}
