import type { Context } from "hono";
import type { App } from "../environment.ts";

/** On every answer but pages, which have policies of their own. */
export const securityHeaders = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "strict-transport-security": "max-age=63072000; includeSubDomains",
  "x-content-type-options": "nosniff",
};

/**
 * A JSON answer with all its headers at once. Not c.json: setting headers one by one on its answer costs a fortieth of
 * what saving a response costs.
 */
export function json(
  c: Context<App>,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-request-id": c.get("requestId"),
      ...securityHeaders,
      ...(c.get("cors") && { "access-control-allow-origin": "*" }),
      ...headers,
    },
  });
}
