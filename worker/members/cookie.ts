import type { Context } from "hono";
import { generateCookie, getCookie } from "hono/cookie";
import type { App } from "../environment.ts";
import { isLoopback } from "./loopback.ts";

/**
 * The cookie of a session. `__Host-` binds it to this host and to https: neither a page of a sister domain nor one on
 * plain http can plant its own. On the loopback, where `npm start` serves plain http, Safari would refuse that name.
 */
function cookieOf(c: Context<App>): { name: string; secure: boolean } {
  const url = new URL(c.req.url);
  const plain = url.protocol === "http:" && isLoopback(url);
  return plain ? { name: "session", secure: false } : { name: "__Host-session", secure: true };
}

/** The token of the request's session; null: it has none. */
export const givenToken = (c: Context<App>): string | null => getCookie(c, cookieOf(c).name) ?? null;

/**
 * Gives the browser a token until a time, unix ms; "" takes it away. Scripts never see it. Lax, since with Strict whoever
 * follows a link from a mail would seem not to be signed in; what changes something checks its Origin besides.
 */
export function setToken(c: Context<App>, token: string, until: number): void {
  const { name, secure } = cookieOf(c);
  const maxAge = Math.max(0, Math.floor((until - c.var.now) / 1000));
  c.set(
    "cookie",
    generateCookie(name, token, { path: "/", httpOnly: true, secure, sameSite: "Lax", maxAge }),
  );
}
