import type { Context, Hono } from "hono";
import { type App, accessOf } from "../../environment.ts";
import { openEndpoint } from "../../http/endpoint.ts";
import { filesOf, languageFor, Shell, sendScripted } from "../shell.tsx";

/**
 * The page on which one signs in. It knows nothing of who opens it: what a link is for, its script asks, as the link's token
 * never reaches the server in an address. As 404 it stands where somebody else's workspace would.
 */
export async function sendSignIn(c: Context<App>, status = 200): Promise<Response> {
  const { signIn } = await filesOf(c);
  const shell = { title: "Candor", language: languageFor(c, null), files: signIn };
  return sendScripted(<Shell {...shell} byAccess={accessOf(c.env) !== null} />, status);
}

export function signInPages(app: Hono<App>): void {
  for (const [path, summary] of [
    ["/app/login", "Sign in by a passkey, or by a link that was mailed or printed"],
    ["/app/setup", "Become the first owner by the set-up link"],
    ["/app/join", "Become a member by an invitation"],
    ["/app/address", "Prove a mail address by the link that went to it"],
  ] as const)
    openEndpoint(
      app,
      { method: "get", path, summary, answers: { 200: { description: "The page", page: true } } },
      (c) => sendSignIn(c),
    );
}
