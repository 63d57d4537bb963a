import type * as z from "zod";
import { schemaOf } from "./openapi.ts";

export interface Field {
  /** Dotted path, with `[]` for list items: `options[].rating`. */
  name: string;
  type: string;
  required: boolean;
  description: string;
}

type Schema = z.core.JSONSchema.JSONSchema;
type Part = Schema | boolean | undefined;

const isSchema = (part: Part): part is Schema => typeof part === "object";

/** The schema without its alternative `null`, and whether it had one. */
function orNull(schema: Schema): { schema: Schema; nullable: boolean } {
  const alternatives = schema.anyOf?.filter(isSchema) ?? [];
  const [only, ...more] = alternatives.filter(({ type }) => type !== "null");
  const nullable = alternatives.some(({ type }) => type === "null");
  if (!nullable || !only || more.length > 0) return { schema, nullable };
  return { schema: { ...only, ...(schema.description && { description: schema.description }) }, nullable };
}

function bounds({ minimum, maximum }: Schema): string {
  const known = (bound: number | undefined) =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  if (known(minimum) && known(maximum)) return ` ${minimum} to ${maximum}`;
  return known(minimum) ? ` from ${minimum}` : "";
}

/** Describes a value's type in words and constants. */
function typeText(part: Part): string {
  if (!isSchema(part)) return "anything";
  const { schema, nullable } = orNull(part);
  if (nullable) return `${typeText(schema)} or null`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(", ");
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeText))].join(" or ");
  if (schema.type === "array") {
    const item = Array.isArray(schema.items) ? undefined : schema.items;
    return `list of ${typeText(item)}`;
  }
  if (schema.type === "string") {
    if (schema.format) return schema.format;
    return schema.maxLength === undefined ? "text" : `text, at most ${schema.maxLength}`;
  }
  if (schema.type === "integer" || schema.type === "number") return `${schema.type}${bounds(schema)}`;
  return typeof schema.type === "string" ? schema.type : "anything";
}

function fieldsIn(part: Part, prefix: string): Field[] {
  if (!isSchema(part)) return [];
  const { schema } = orNull(part);
  if (schema.type === "array" && !Array.isArray(schema.items)) return fieldsIn(schema.items, `${prefix}[]`);
  if (schema.anyOf) return schema.anyOf.flatMap((alternative) => fieldsIn(alternative, prefix));
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]): Field[] => {
    if (!isSchema(value)) return [];
    const name = prefix ? `${prefix}.${key}` : key;
    const field = {
      name,
      type: typeText(value),
      required: schema.required?.includes(key) ?? false,
      description: value.description ?? "",
    };
    return [field, ...fieldsIn(value, name)];
  });
}

/** Every field of a schema as a row, nested fields below their parent: the same as in /openapi.json. */
export const fieldsOf = (schema: z.ZodType, io: "input" | "output"): Field[] =>
  fieldsIn(schemaOf(schema, io), "");
