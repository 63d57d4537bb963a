import type { Context, Hono } from "hono";
import type * as z from "zod";
import type { Access, App, Caller } from "../environment.ts";
import {
  contentType,
  drain,
  publicBody,
  readBytes,
  readJson,
  readStream,
  secretBody,
  uploadBody,
} from "./body.ts";
import { limitAddress, limitKey } from "./limits.ts";
import type { FieldError } from "./problem.ts";
import { validPart, validQuery } from "./validation.ts";

/** One endpoint as data. The same declaration is what is validated and what /openapi.json and /docs say. */
export interface Endpoint<Query extends z.ZodType = z.ZodType, Body extends z.ZodType = z.ZodType> {
  method: "get" | "post" | "patch" | "delete";
  /** Hono's form: `/v1/surveys/:survey`. */
  path: string;
  access: Access;
  /** Pages of other sites may call it, as they may call everything that a publishable key opens. */
  cors?: true;
  summary: string;
  query?: Query;
  body?: Body;
  /** Optional fields of the body that a page may get wrong. What is wrong in them is left out instead of refused. */
  forgiven?: readonly string[];
  /** A content type that may be sent instead of JSON. Its body is read as a stream. */
  upload?: string;
  /** What an HTML form sends, where the body is not JSON. */
  form?: z.ZodType;
  /** The answer contains personal data. A key that may write but not read gets a 204 instead. */
  tellsOfPeople?: true;
  /** By status; `page`: HTML; `stream`: server-sent events. */
  answers: Record<number, { description: string; schema?: z.ZodType; page?: true; stream?: true }>;
}

/** Every declared endpoint, in order. */
export const endpoints: Endpoint[] = [];

interface Call<Query, Body> {
  c: Context<App>;
  caller: Caller;
  query: Query;
  /** undefined where a file was uploaded. */
  body: Body;
  /** null: JSON was sent. */
  upload: ReadableStream<Uint8Array> | null;
  /** What was wrong in the forgiven fields. */
  ignored: FieldError[];
  /** A parameter of the path. */
  param: (name: string) => string;
}

/** Declares an endpoint and mounts its handler. */
export function endpoint<Query extends z.ZodType, Body extends z.ZodType>(
  app: Hono<App>,
  declared: Endpoint<Query, Body> & { access: Exclude<Access, "open"> },
  handle: (call: Call<z.output<Query>, z.output<Body>>) => Promise<Response>,
): void {
  const { access, method, path, query, body, forgiven = [], tellsOfPeople = false } = declared;
  endpoints.push(tellsOfPeople ? { ...declared, answers: { ...declared.answers, 204: unshown } } : declared);
  const isPublic = access === "respond";
  const cors = isPublic || declared.cors === true;
  if (cors) {
    app.options(path, (c) => {
      c.set("cors", true);
      const allow = {
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": "authorization, content-type, last-event-id",
      };
      return c.body(null, 204, { ...allow, "access-control-max-age": "86400" });
    });
  }
  app.on(method, path, async (c) => {
    c.set("cors", cors);
    const caller = await admit(c, access);
    const upload =
      declared.upload && contentType(c) === declared.upload ? readStream(c.req.raw, uploadBody) : null;
    // First of all: a client whose body was not read may not see the answer.
    const bytes =
      method === "get" || upload
        ? new ArrayBuffer()
        : await readBytes(c.req.raw, isPublic ? publicBody : secretBody);
    const validated =
      body && !upload && validPart(body, readJson(c, bytes, isPublic), caller.publishable ? forgiven : []);
    const answer = await handle({
      c,
      caller,
      query: (query ? validQuery(query, c) : undefined) as z.output<Query>,
      body: (validated || undefined)?.data as z.output<Body>,
      upload,
      ignored: (validated || undefined)?.ignored ?? [],
      param: (name) => c.req.param(name) ?? "",
    });
    return tellsOfPeople && answer.ok && !caller.scopes.includes("read") ? c.body(null, 204) : answer;
  });
}

const unshown = { description: "Done; what it tells of people is shown to keys that may read" };

/**
 * Finds the caller, within the limits. The headers are enough for that, so the body of a refused request is read only
 * a little.
 */
async function admit(c: Context<App>, access: Exclude<Access, "open">): Promise<Caller> {
  const isPublic = access === "respond";
  try {
    if (isPublic) await limitAddress(c);
    const caller = await c.var.authenticate(access).catch(async (error: unknown) => {
      // Limits the guessing of keys.
      if (!isPublic) await limitAddress(c);
      throw error;
    });
    await limitKey(c, caller, isPublic);
    return caller;
  } catch (error) {
    await drain(c.req.raw);
    throw error;
  }
}

/** Declares an endpoint that needs no key. */
export function openEndpoint<Query extends z.ZodType>(
  app: Hono<App>,
  declared: Omit<Endpoint<Query>, "access" | "body">,
  handle: (c: Context<App>, query: z.output<Query>) => Promise<Response> | Response,
): void {
  endpoints.push({ ...declared, access: "open" });
  const { method, path, query } = declared;
  app.on(method, path, (c) => handle(c, (query ? validQuery(query, c) : undefined) as z.output<Query>));
}
