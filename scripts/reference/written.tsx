import { html } from "hono/html";
import { version } from "../../package.json";
import { endpoints } from "../../worker/http/endpoint.ts";
import "../../worker/app.ts";
import { openapiDocument } from "./openapi.ts";
import { Reference } from "./page.tsx";

// Importing the worker mounts its routes, which declares the endpoints.

/** The body of /openapi.json. */
export const openapi = JSON.stringify(openapiDocument(endpoints, version));

/** The body of /docs. */
export const docs = String(await html`<!doctype html>${<Reference />}`);
