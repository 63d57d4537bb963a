import type { Context } from "hono";
import type * as z from "zod";
import { cleanText } from "../../shared/contract/fields.ts";
import type { FieldError } from "../../shared/contract/problem.ts";
import { maxAnswerLetters } from "../../shared/contract/surveys/follow-up.ts";
import type { App } from "../environment.ts";
import { Problem } from "./problem.ts";

const escapePointer = (key: PropertyKey) => String(key).replaceAll("~", "~0").replaceAll("/", "~1");

/** What is wrong, field by field. */
export function fieldErrors(error: z.ZodError, pointerOf: (path: PropertyKey[]) => string): FieldError[] {
  return error.issues.flatMap((issue) => {
    // An unknown field is reported where it is, not at the object whose list of fields lacks it.
    const paths =
      issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return paths.map((path) => ({
      pointer: pointerOf(path).slice(0, 200),
      detail: issue.message.slice(0, 200),
    }));
  });
}

/** `?name`, or `?name[key]` for an object. */
const queryPointer = ([name = "", key]: PropertyKey[]): string =>
  typeof key === "string" ? `?${String(name)}[${key}]` : `?${String(name)}`;

export const jsonPointer = (path: PropertyKey[]): string =>
  path.map((key) => `/${escapePointer(key)}`).join("");

/** The parsed value. Throws a 422 that names each wrong field. */
export const valid = <Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> =>
  validPart(schema, value, []).data;

/** The parsed value without what is wrong in forgiven fields. Throws a 422 where anything else is wrong. */
export function validPart<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  forgiven: readonly string[],
): { data: z.output<Schema>; ignored: FieldError[] } {
  const { data, error } = schema.safeParse(value);
  if (!error) return { data, ignored: [] };
  const errors = fieldErrors(error, jsonPointer);
  // A comment that is too long is refused, so that the visitor can shorten it. Dropping it would lose their words.
  const isRefused = ({ path: [field], code }: z.core.$ZodIssue) =>
    !forgiven.includes(String(field)) || (field === "comment" && code === "too_big");
  if (error.issues.some(isRefused)) throw new Problem("invalid-input", { errors });
  for (const { path } of error.issues) mend(value, path);
  // Parses again, since some rules are checked only where the parts are right.
  const { data: rest, ignored } = validPart(schema, value, forgiven);
  return { data: rest, ignored: [...errors, ...ignored] };
}

/**
 * Removes from parsed JSON what is at the path. An item of a list takes the whole list with it. Text that a visitor
 * wrote loses only what cannot be stored, and an answer to a step what is too long: a 422 would cost the rating.
 */
function mend(value: unknown, [...path]: PropertyKey[]): void {
  const item = path.findIndex((key) => typeof key === "number");
  if (item >= 0) path.length = item;
  const holder = path.slice(0, -1).reduce<unknown>((outer, key) => Reflect.get(Object(outer), key), value);
  const name = path.at(-1) ?? "";
  const given: unknown = Reflect.get(Object(holder), name);
  const clean = path[0] === "comment" ? cleanText : path[0] === "answers" ? cutAnswer : null;
  const written = typeof given === "string" && clean?.(given);
  if (written && written !== given) Reflect.set(Object(holder), name, written);
  else Reflect.deleteProperty(Object(holder), name);
}

/** By code points, as the contract counts them. */
const cutAnswer = (given: string): string =>
  cleanText([...cleanText(given)].slice(0, maxAnswerLetters).join(""));

/** `property[plan]=pro`, the deepObject of OpenAPI. */
const deep = /^(\w+)\[([^\]]+)\]$/;

/** Without a prototype, so that every name is a field like any other. */
const plainObject = (fields: Iterable<readonly [string, unknown]>): object =>
  Object.setPrototypeOf(Object.fromEntries(fields), null);

/** Refuses repeated and unknown parameters: a misspelt `from` would answer a wrong number. */
export function validQuery<Schema extends z.ZodType>(schema: Schema, c: Context<App>): z.output<Schema> {
  const given = new Map<string, string | Map<string, string>>();
  const errors: FieldError[] = [];
  // Not c.req.queries(): it puts the given names into an object, where `__proto__` is not a name.
  const { searchParams } = new URL(c.req.url);
  for (const name of new Set(searchParams.keys())) {
    // Who calls, and where: authentication has read them.
    if (name === "key" || (name === "workspace" && c.var.bySession)) continue;
    const [value = "", ...more] = searchParams.getAll(name);
    const refuse = (detail: string) => errors.push({ pointer: `?${name}`.slice(0, 200), detail });
    if (more.length > 0) refuse("is given more than once");
    const [, object, key] = deep.exec(name) ?? [];
    if (object && key) {
      const parts = given.get(object);
      const all = parts instanceof Map ? parts : new Map<string, string>();
      given.set(object, all.set(key, value));
      // zod would silently drop it.
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
