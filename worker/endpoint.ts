import type { Context, Hono } from "hono";
import type * as z from "zod";
import type { App } from "./app.ts";
import { type Access, authenticate, type Caller } from "./auth.ts";
import { limitAddress, limitKey } from "./limits.ts";
import { type FieldError, Problem } from "./problem.ts";

/** One endpoint as data: what is validated, and what /openapi.json and /docs say, is the same declaration. */
export interface Endpoint<Query extends z.ZodType = z.ZodType, Body extends z.ZodType = z.ZodType> {
  method: "get" | "post" | "patch" | "delete";
  /** Hono's form: `/v1/surveys/:survey`. */
  path: string;
  access: Access;
  /** Pages of other sites may call it, as they may what a publishable key opens. */
  cors?: true;
  summary: string;
  query?: Query;
  body?: Body;
  /** Optional fields of the body that a page may get wrong: what is wrong in them is left out, and not refused. */
  forgiven?: readonly string[];
  /** A content type that may be sent in the place of JSON, and is read as it arrives. */
  upload?: string;
  /** What an HTML form sends, where the body is not JSON. */
  form?: z.ZodType;
  /** By status; `page`: HTML; `stream`: server-sent events. */
  answers: Record<number, { description: string; schema?: z.ZodType; page?: true; stream?: true }>;
}

/** Every declared endpoint, in order. */
export const endpoints: Endpoint[] = [];

interface Call<Query, Body> {
  c: Context<App>;
  caller: Caller;
  query: Query;
  /** undefined where an upload was sent. */
  body: Body;
  /** null: JSON was sent. */
  upload: ReadableStream<Uint8Array> | null;
  /** What was wrong in the forgiven fields. */
  ignored: FieldError[];
  /** A parameter of the path. */
  param: (name: string) => string;
}

/** Bytes: what a public page may send, and what a secret key may. */
export const publicBody = 16_384;
const secretBody = 1_048_576;
const uploadBody = 10_485_760;

/** Declares an endpoint and mounts its handler. */
export function endpoint<Query extends z.ZodType, Body extends z.ZodType>(
  app: Hono<App>,
  declared: Endpoint<Query, Body> & { access: Exclude<Access, "open"> },
  handle: (call: Call<z.output<Query>, z.output<Body>>) => Promise<Response>,
): void {
  endpoints.push(declared);
  const { access, method, path, query, body, forgiven = [] } = declared;
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
    // Before anything can refuse: a client whose body is left unread sees a broken connection and not the answer.
    const upload =
      declared.upload && contentType(c) === declared.upload ? limited(c.req.raw, uploadBody) : null;
    const text =
      method === "get" || upload ? "" : await readText(c.req.raw, isPublic ? publicBody : secretBody);
    if (isPublic) await limitAddress(c);
    const caller = await authenticate(c, access);
    if (caller.publishable) await limitKey(c, caller);
    const validated =
      body && !upload && validPart(body, readJson(c, text, isPublic), caller.publishable ? forgiven : []);
    return handle({
      c,
      caller,
      query: (query ? validQuery(query, c) : undefined) as z.output<Query>,
      body: (validated || undefined)?.data as z.output<Body>,
      upload,
      ignored: (validated || undefined)?.ignored ?? [],
      param: (name) => c.req.param(name) ?? "",
    });
  });
}

const contentType = (c: Context<App>) => c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();

/** The stream up to so many bytes; with more it fails as a body that is too large. */
function limited({ body, headers }: Request, limit: number): ReadableStream<Uint8Array> {
  if (Number(headers.get("content-length")) > limit) throw new Problem("body-too-large");
  let length = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      length += chunk.byteLength;
      if (length > limit) controller.error(new Problem("body-too-large"));
      else controller.enqueue(chunk);
    },
  });
  return (body ?? new Blob([]).stream()).pipeThrough(count);
}

/** `text/plain` carries JSON too on public routes: it needs no preflight, so that it is sent when a page closes. */
function readJson(c: Context<App>, text: string, plainText: boolean): unknown {
  const type = contentType(c);
  if (type !== "application/json" && !(plainText && type === "text/plain")) {
    throw new Problem("unsupported-media-type", { detail: "Send JSON as application/json" });
  }
  return parseJson(text);
}

/** Throws a 400 where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem("malformed-request", { detail: "The body is not valid JSON" });
  }
}

/**
 * The body as text, at most `limit` bytes of it. Not hono/body-limit: it touches the body's stream, which makes reading
 * it several times as dear, also where the length was announced.
 */
export async function readText(request: Request, limit: number): Promise<string> {
  const announced = request.headers.get("content-length");
  if (announced !== null) {
    if (Number(announced) > limit) throw new Problem("body-too-large");
    return await request.text();
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > limit) throw new Problem("body-too-large");
    chunks.push(chunk);
  }
  return await new Blob(chunks).text();
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

const escapePointer = (key: PropertyKey) => String(key).replaceAll("~", "~0").replaceAll("/", "~1");

/** What is wrong, field by field. */
export function fieldErrors(error: z.ZodError, pointerOf: (path: PropertyKey[]) => string): FieldError[] {
  return error.issues.flatMap((issue) => {
    // An unknown field is reported where it stands, and not where it was found missing from the list.
    const paths =
      issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return paths.map((path) => ({
      pointer: pointerOf(path).slice(0, 200),
      detail: issue.message.slice(0, 200),
    }));
  });
}

/** `?name`, or `?name[key]` of an object. */
const queryPointer = ([name = "", key]: PropertyKey[]): string =>
  typeof key === "string" ? `?${String(name)}[${key}]` : `?${String(name)}`;

export const jsonPointer = (path: PropertyKey[]): string =>
  path.map((key) => `/${escapePointer(key)}`).join("");

/** The parsed value. Throws a 422 that names each wrong field. */
export const valid = <Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> =>
  validPart(schema, value, []).data;

/** The parsed value without what is wrong in the forgiven fields. Throws a 422 where anything else is wrong. */
function validPart<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  forgiven: readonly string[],
): { data: z.output<Schema>; ignored: FieldError[] } {
  const { data, error } = schema.safeParse(value);
  if (!error) return { data, ignored: [] };
  const errors = fieldErrors(error, jsonPointer);
  if (error.issues.some(({ path }) => !forgiven.includes(String(path[0]))))
    throw new Problem("invalid-input", { errors });
  for (const { path } of error.issues) remove(value, path);
  // Again, since some rules are only looked at where the parts are right.
  const { data: rest, ignored } = validPart(schema, value, forgiven);
  return { data: rest, ignored: [...errors, ...ignored] };
}

/** Takes out of parsed JSON what stands at the path; of a list, the whole list. */
function remove(value: unknown, [...path]: PropertyKey[]): void {
  const item = path.findIndex((key) => typeof key === "number");
  if (item >= 0) path.length = item;
  const holder = path.slice(0, -1).reduce<unknown>((outer, key) => Reflect.get(Object(outer), key), value);
  Reflect.deleteProperty(Object(holder), path.at(-1) ?? "");
}

/** `property[plan]=pro` as OpenAPI's deepObject has it. */
const deep = /^(\w+)\[([^\]]+)\]$/;

/** A parameter given twice, or one that does not exist, is refused: a misspelt `from` would answer a wrong number. */
function validQuery<Schema extends z.ZodType>(schema: Schema, c: Context<App>): z.output<Schema> {
  const given: Record<string, string | Record<string, string>> = {};
  const errors: FieldError[] = [];
  for (const [name, values] of Object.entries(c.req.queries())) {
    if (name === "key") continue;
    if (values.length > 1)
      errors.push({ pointer: `?${name}`.slice(0, 200), detail: "is given more than once" });
    const [, object, key] = deep.exec(name) ?? [];
    if (object && key)
      given[object] = { ...(typeof given[object] === "object" && given[object]), [key]: values[0] ?? "" };
    else given[name] = values[0] ?? "";
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) errors.push(...fieldErrors(parsed.error, queryPointer));
  if (errors.length > 0) throw new Problem("invalid-input", { errors });
  return parsed.data as z.output<Schema>;
}
