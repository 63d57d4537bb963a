import type { Context, Hono } from "hono";
import type * as z from "zod";
import type { FieldError } from "../../shared/contract/problem.ts";
import type { Access, App, Caller, SignedIn, WorkspaceAccess } from "../environment.ts";
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
import { limitAddress, limitCaller } from "./limits.ts";
import { Problem } from "./problem.ts";
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

/** Declares an endpoint of a workspace and mounts its handler. */
export function endpoint<Query extends z.ZodType, Body extends z.ZodType>(
  app: Hono<App>,
  declared: Endpoint<Query, Body> & { access: WorkspaceAccess },
  handle: (call: Call<z.output<Query>, z.output<Body>> & { caller: Caller }) => Promise<Response>,
): void {
  const { access, method, path, tellsOfPeople = false } = declared;
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
    const caller = await admit(c, isPublic, () => c.var.authenticate(access));
    // To manage is to write. What there is to see of keys, secrets and people is for who may read as well.
    if (access === "manage" && method === "get" && !caller.may.includes("read"))
      throw new Problem("forbidden", { detail: "It lacks the scope read" });
    const call = await read(c, declared, isPublic ? publicBody : secretBody, {
      plainText: isPublic,
      forgives: caller.publishable,
    });
    const answer = await handle({ ...call, caller });
    return tellsOfPeople && answer.ok && !caller.may.includes("read") ? c.body(null, 204) : answer;
  });
}

const unshown = { description: "Done; what it tells of people is shown to keys that may read" };

/** Declares an endpoint for whoever is signed in, about themselves. */
export function memberEndpoint<Query extends z.ZodType, Body extends z.ZodType>(
  app: Hono<App>,
  declared: Omit<Endpoint<Query, Body>, "access">,
  handle: (call: Call<z.output<Query>, z.output<Body>> & { member: SignedIn }) => Promise<Response>,
): void {
  const { method, path } = declared;
  endpoints.push({ ...declared, access: "member" });
  app.on(method, path, async (c) => {
    const member = await admit(c, false, () => c.var.signedIn());
    return await handle({ ...(await read(c, declared, publicBody)), member });
  });
}

/** Reads and validates what an endpoint takes. */
async function read<Query extends z.ZodType, Body extends z.ZodType>(
  c: Context<App>,
  { method, query, body, upload: uploaded, forgiven = [] }: Omit<Endpoint<Query, Body>, "access">,
  maxBytes: number,
  { plainText = false, forgives = false } = {},
): Promise<Call<z.output<Query>, z.output<Body>>> {
  const upload = uploaded && contentType(c) === uploaded ? readStream(c.req.raw, uploadBody) : null;
  // First of all: a client whose body was not read may not see the answer.
  const bytes = method === "get" || upload ? new ArrayBuffer() : await readBytes(c.req.raw, maxBytes);
  const validated =
    body && !upload ? validPart(body, readJson(c, bytes, plainText), forgives ? forgiven : []) : undefined;
  return {
    c,
    query: queryOf(c, query),
    body: validated?.data as z.output<Body>,
    upload,
    ignored: validated?.ignored ?? [],
    param: (name) => c.req.param(name) ?? "",
  };
}

/**
 * Finds who calls, within the limits. The headers are enough for that, so the body of a refused request is read only
 * a little.
 */
async function admit<Who extends { id: string }>(
  c: Context<App>,
  isPublic: boolean,
  find: () => Promise<Who>,
): Promise<Who> {
  try {
    if (isPublic) await limitAddress(c);
    const caller = await find().catch(async (error: unknown) => {
      // Limits the guessing of keys and sessions.
      if (!isPublic) await limitAddress(c);
      throw error;
    });
    await limitCaller(c, caller, isPublic);
    return caller;
  } catch (error) {
    await drain(c.req.raw);
    throw error;
  }
}

/** Declares an endpoint that needs no key. Where `body` is declared, its JSON is read and handed on. */
export function openEndpoint<Query extends z.ZodType, Body extends z.ZodType>(
  app: Hono<App>,
  declared: Omit<Endpoint<Query, Body>, "access">,
  handle: (c: Context<App>, query: z.output<Query>, body: z.output<Body>) => Promise<Response> | Response,
): void {
  endpoints.push({ ...declared, access: "open" });
  app.on(declared.method, declared.path, async (c) => {
    // What takes something else than JSON reads it itself.
    if (!declared.body) return await handle(c, queryOf(c, declared.query), undefined as z.output<Body>);
    const { query, body } = await read(c, declared, publicBody);
    return await handle(c, query, body);
  });
}

const queryOf = <Query extends z.ZodType>(c: Context<App>, query: Query | undefined): z.output<Query> =>
  (query ? validQuery(query, c) : undefined) as z.output<Query>;
