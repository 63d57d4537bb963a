import type { Context, Hono } from "hono";
import type { App } from "../../environment.ts";
import { pageHeaders } from "../../html/page.tsx";
import { openEndpoint } from "../../http/endpoint.ts";
import { answerWithEtag } from "../../http/etag.ts";

const caching = { "cache-control": "public, max-age=300" };

/** The build writes both files, from the declarations that the endpoints themselves use. */
export function referenceRoutes(app: Hono<App>): void {
  openEndpoint(
    app,
    {
      method: "get",
      path: "/openapi.json",
      summary: "This reference as an OpenAPI 3.1 document",
      answers: {
        200: { description: "The document" },
        304: { description: "As If-None-Match has it" },
      },
    },
    (c) => {
      c.set("cors", true);
      return built(c, { "content-type": "application/json", ...caching });
    },
  );

  openEndpoint(
    app,
    {
      method: "get",
      path: "/docs",
      summary: "This reference as a page",
      answers: {
        200: { description: "The page", page: true },
        304: { description: "As If-None-Match has it" },
      },
    },
    (c) => built(c, { ...pageHeaders(), ...caching }),
  );
}

/** The file that the build wrote for this address. */
async function built(c: Context<App>, headers: Record<string, string>): Promise<Response> {
  const file = await c.env.ASSETS.fetch(c.req.url);
  if (!file.ok) throw new Error(`no file was built for ${c.req.path}`);
  return answerWithEtag(c, new Response(file.body, { headers }));
}
