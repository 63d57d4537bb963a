import type { Context } from "hono";
import type { App } from "../environment.ts";
import { toBase64url } from "../secrets/secrets.ts";

/** The hash that names a body: its ETag, or an event's id in a stream. */
export async function hashOf(body: BufferSource): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.digest("SHA-256", body), 0, 16));
}

/**
 * The answer with a strong ETag, or a 304 where the client has it. The 304 repeats the other headers: a cache takes
 * them over (RFC 9111, 4.3.4), and a policy other than the page's would break the page.
 */
export async function answerWithEtag(c: Context<App>, answer: Response): Promise<Response> {
  const body = await answer.arrayBuffer();
  const etag = `"${await hashOf(body)}"`;
  const headers = new Headers(answer.headers);
  headers.set("etag", etag);
  const known = c.req
    .header("if-none-match")
    ?.split(",")
    .map((tag) => tag.trim().replace(/^W\//, ""));
  if (!known?.some((tag) => tag === etag || tag === "*")) return new Response(body, { headers });
  return new Response(null, { status: 304, headers });
}

/** The tag that a write expects its thing to have still (RFC 9110, 13.1.1); null: any. */
export function expectedTag(c: Context<App>): string | null {
  const tag = c.req.header("if-match")?.trim();
  return tag === undefined || tag === "*" ? null : tag.replace(/^"(.*)"$/, "$1");
}
