import type { Hono } from "hono";
import { version } from "../../package.json";
import type { App } from "../app.ts";
import { endpoints, openEndpoint } from "../endpoint.ts";
import { json } from "../json.ts";
import { openapiDocument } from "../openapi.ts";

export function referenceRoutes(app: Hono<App>): void {
  openEndpoint(
    app,
    {
      method: "get",
      path: "/openapi.json",
      summary: "This reference as an OpenAPI 3.1 document",
      answers: { 200: { description: "The document" } },
    },
    (c) => {
      c.set("cors", true);
      return json(c, openapiDocument(endpoints, version), 200, { "cache-control": "public, max-age=300" });
    },
  );
}
