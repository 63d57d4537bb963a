import type { Context, Hono } from "hono";
import type * as z from "zod";
import { cleanText } from "../shared/contract/fields.ts";
import type { App } from "./app.ts";
import { type Access, authenticate, type Caller } from "./auth.ts";
import {
  contentType,
  drain,
  publicBody,
  readJson,
  readStream,
  readText,
  secretBody,
  uploadBody,
} from "./body.ts";
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
  /** What it answers tells of people: a key that may write and not read is answered 204 in its place. */
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
  /** undefined where an upload was sent. */
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
    // Before anything else can refuse: a client whose body is left unread may not see the answer.
    const text =
      method === "get" || upload ? "" : await readText(c.req.raw, isPublic ? publicBody : secretBody);
    const validated =
      body && !upload && validPart(body, readJson(c, text, isPublic), caller.publishable ? forgiven : []);
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
 * Who calls, once the limits have let them pass. The headers say so before any of the body is read: whoever is refused
 * costs no more than a public page may send.
 */
async function admit(c: Context<App>, access: Exclude<Access, "open">): Promise<Caller> {
  const isPublic = access === "respond";
  try {
    if (isPublic) await limitAddress(c);
    const caller = await authenticate(c, access).catch(async (error: unknown) => {
      // Keys are not guessed without end.
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
  // A comment that is too long is refused: what a visitor wrote would be lost, who can shorten it.
  const isRefused = ({ path: [field], code }: z.core.$ZodIssue) =>
    !forgiven.includes(String(field)) || (field === "comment" && code === "too_big");
  if (error.issues.some(isRefused)) throw new Problem("invalid-input", { errors });
  for (const { path } of error.issues) mend(value, path);
  // Again, since some rules are only looked at where the parts are right.
  const { data: rest, ignored } = validPart(schema, value, forgiven);
  return { data: rest, ignored: [...errors, ...ignored] };
}

/**
 * Takes out of parsed JSON what stands at the path; of a list, the whole list; of what a visitor wrote, only what cannot be
 * stored.
 */
function mend(value: unknown, [...path]: PropertyKey[]): void {
  const item = path.findIndex((key) => typeof key === "number");
  if (item >= 0) path.length = item;
  const holder = path.slice(0, -1).reduce<unknown>((outer, key) => Reflect.get(Object(outer), key), value);
  const name = path.at(-1) ?? "";
  const given: unknown = Reflect.get(Object(holder), name);
  const isWritten = path[0] === "comment" || path[0] === "answers";
  const written = isWritten && typeof given === "string" && cleanText(given);
  if (written && written !== given) Reflect.set(Object(holder), name, written);
  else Reflect.deleteProperty(Object(holder), name);
}

/** `property[plan]=pro` as OpenAPI's deepObject has it. */
const deep = /^(\w+)\[([^\]]+)\]$/;

/** Without a prototype: every name is a field like any other. */
const plainObject = (fields: Iterable<readonly [string, unknown]>): object =>
  Object.setPrototypeOf(Object.fromEntries(fields), null);

/** A parameter given twice, or one that does not exist, is refused: a misspelt `from` would answer a wrong number. */
function validQuery<Schema extends z.ZodType>(schema: Schema, c: Context<App>): z.output<Schema> {
  const given = new Map<string, string | Map<string, string>>();
  const errors: FieldError[] = [];
  // Not c.req.queries(): it puts what somebody named into an object, where `__proto__` is no name.
  const { searchParams } = new URL(c.req.url);
  for (const name of new Set(searchParams.keys())) {
    if (name === "key") continue;
    const [value = "", ...more] = searchParams.getAll(name);
    const refuse = (detail: string) => errors.push({ pointer: `?${name}`.slice(0, 200), detail });
    if (more.length > 0) refuse("is given more than once");
    const [, object, key] = deep.exec(name) ?? [];
    if (object && key) {
      const parts = given.get(object);
      const all = parts instanceof Map ? parts : new Map<string, string>();
      given.set(object, all.set(key, value));
      // zod leaves it out of an object without a word.
      if (key === "__proto__") refuse("is no such parameter");
    } else given.set(name, value);
  }
  const parsed = schema.safeParse(
    plainObject([...given].map(([name, value]) => [name, value instanceof Map ? plainObject(value) : value])),
  );
  if (!parsed.success) errors.push(...fieldErrors(parsed.error, queryPointer));
  if (errors.length > 0) throw new Problem("invalid-input", { errors });
  return parsed.data as z.output<Schema>;
}
