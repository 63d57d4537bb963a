import * as z from "zod";
import { PROBLEMS, ProblemDetails } from "../../shared/contract/problem.ts";
import type { Endpoint } from "../../worker/http/endpoint.ts";

/** The JSON Schema on the wire: the input side for what is accepted, the output side for what is answered. */
export const schemaOf = (schema: z.ZodType, io: "input" | "output") => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    target: "draft-2020-12",
  });
  return json;
};

function queryParameters(query: z.ZodType | undefined) {
  if (!query) return [];
  const { properties = {}, required = [] } = schemaOf(query, "input");
  return Object.entries(properties).map(([name, value]) => {
    const { description, ...schema } = typeof value === "object" ? value : {};
    return {
      name,
      in: "query",
      required: required.includes(name),
      ...(typeof value === "object" && value.type === "object" && { style: "deepObject", explode: true }),
      ...(description && { description }),
      schema,
    };
  });
}

const pathParameters = (path: string) =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));

const security = {
  open: [],
  respond: [{ publishable_key: [] }, { secret_key: [] }],
  read: [{ secret_key: [] }, { session: [] }],
  write: [{ secret_key: [] }, { session: [] }],
  manage: [{ secret_key: [] }, { session: [] }],
  member: [{ session: [] }],
};

function contentOf({ schema, page, stream }: Endpoint["answers"][number]) {
  if (stream) return { "text/event-stream": { schema: { type: "string" } } };
  if (schema) return { "application/json": { schema: schemaOf(schema, "output") } };
  return page && { "text/html": { schema: { type: "string" } } };
}

/** The accepted bodies by content type. A public page may send its JSON as plain text, which needs no preflight. */
function contentTaken({ access, body, upload, form }: Endpoint) {
  const json = body && schemaOf(body, "input");
  const plain = { type: "string", contentMediaType: "application/json", contentSchema: json };
  const content = {
    ...(json && { "application/json": { schema: json } }),
    ...(json && access === "respond" && { "text/plain": { schema: plain } }),
    ...(upload && { [upload]: { schema: { type: "string" } } }),
    ...(form && { "application/x-www-form-urlencoded": { schema: schemaOf(form, "input") } }),
  };
  return Object.keys(content).length > 0 ? { requestBody: { required: true, content } } : {};
}

function operation(endpoint: Endpoint) {
  const { method, path, access, summary, query, answers } = endpoint;
  const answered = Object.entries(answers).map(([status, answer]) => {
    const { description } = answer;
    const content = contentOf(answer);
    return [status, { description, ...(content && { content }) }];
  });
  return {
    operationId: `${method} ${path}`.replaceAll(/\W+/g, "_").replace(/_$/, ""),
    summary,
    ...(access !== "open" && { description: `Access: ${access}` }),
    security: security[access],
    parameters: [...pathParameters(path), ...queryParameters(query)],
    ...contentTaken(endpoint),
    responses: { ...Object.fromEntries(answered), default: { $ref: "#/components/responses/problem" } },
  };
}

/** Converts `/v1/surveys/:survey` to OpenAPI's notation. */
export const openapiPath = (path: string): string => path.replaceAll(/:(\w+)(\{[^/]+\})?/g, "{$1}");

/** The OpenAPI 3.1 document of the endpoints. */
export function openapiDocument(endpoints: readonly Endpoint[], version: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    const path = openapiPath(endpoint.path);
    paths[path] = { ...paths[path], [endpoint.method]: operation(endpoint) };
  }
  const problems = Object.entries(PROBLEMS).map(
    ([name, { status, title }]) => `- ${status} \`${name}\`: ${title}`,
  );
  return {
    openapi: "3.1.0",
    info: {
      title: "Candor",
      version,
      description: "Customer feedback: ask for a rating, save the response, read the score.",
      license: { name: "MIT", identifier: "MIT" },
    },
    paths,
    components: {
      securitySchemes: {
        secret_key: { type: "http", scheme: "bearer", description: "sk_…, for servers only" },
        publishable_key: { type: "apiKey", in: "query", name: "key", description: "pk_…, safe to show" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-session",
          description: "A member who is signed in, with the workspace's id in the header candor-workspace",
        },
      },
      responses: {
        problem: {
          description: `A problem (RFC 9457):\n${problems.join("\n")}`,
          content: { "application/problem+json": { schema: schemaOf(ProblemDetails, "output") } },
        },
      },
    },
  };
}
