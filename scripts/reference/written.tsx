import { html } from "hono/html";
import { version } from "../../package.json";
import { endpoints } from "../../worker/http/endpoint.ts";
import "../../worker/app.ts";
import { openapiDocument } from "./openapi.ts";
import { Reference } from "./page.tsx";

// Mounting the routes, as importing the worker does, is what declares the endpoints.

/** What /openapi.json answers. */
export const openapi = JSON.stringify(openapiDocument(endpoints, version));

/** What /docs answers. */
export const docs = String(await html`<!doctype html>${<Reference />}`);
