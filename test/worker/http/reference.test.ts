import { expect, test } from "vitest";
import * as z from "zod";
import { openapiPath } from "../../../scripts/reference/openapi.ts";
import { PROBLEMS } from "../../../shared/contract/problem.ts";
import { app } from "../../../worker/demo/index.ts";
import { endpoints } from "../../../worker/http/endpoint.ts";
import { isDeployed, request } from "../workspace.ts";

const Operation = z.object({
  operationId: z.string(),
  summary: z.string().min(5),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(z.object({ name: z.string(), in: z.enum(["path", "query"]), required: z.boolean() })),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: z.unknown() })) }).optional(),
  responses: z.record(z.string(), z.unknown()),
});
const OpenApi = z.object({
  openapi: z.literal("3.1.0"),
  info: z.object({ version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ responses: z.object({ problem: z.object({ description: z.string() }) }) }),
});

async function document() {
  const answer = await request("/openapi.json");
  expect(answer.status).toBe(200);
  return { answer, body: OpenApi.parse(await answer.json()) };
}

const documented = (paths: z.infer<typeof OpenApi>["paths"]) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  );

test("the document has every route of the app, and no other", async () => {
  const { body } = await document();
  const routes = app.routes
    .filter(isDeployed)
    .filter(({ method }) => !["ALL", "OPTIONS"].includes(method))
    .map(({ method, path }) => `${method.toLowerCase()} ${openapiPath(path)}`);
  const names = documented(body.paths).map(({ name }) => name);
  expect(names.sort()).toEqual([...new Set(routes)].sort());
});

test("each operation says what it takes, what it answers, and who may call it", async () => {
  const { body } = await document();
  const operations = new Map(documented(body.paths).map(({ name, operation }) => [name, operation]));
  expect(new Set([...operations.values()].map(({ operationId }) => operationId)).size).toBe(operations.size);
  for (const endpoint of endpoints.filter(isDeployed)) {
    const operation = operations.get(`${endpoint.method} ${openapiPath(endpoint.path)}`);
    expect(operation?.security.length === 0, endpoint.path).toBe(endpoint.access === "open");
    const { access, body: taken, upload, form } = endpoint;
    expect(Object.keys(operation?.requestBody?.content ?? {}), endpoint.path).toEqual([
      ...(taken ? ["application/json"] : []),
      ...(taken && access === "respond" ? ["text/plain"] : []),
      ...(upload ? [upload] : []),
      ...(form ? ["application/x-www-form-urlencoded"] : []),
    ]);
    expect(Object.keys(operation?.responses ?? {})).toEqual([...Object.keys(endpoint.answers), "default"]);
    const inPath = operation?.parameters.filter((parameter) => parameter.in === "path") ?? [];
    expect(inPath.map(({ name }) => `:${name}`)).toEqual(endpoint.path.match(/:\w+/g) ?? []);
  }
});

test("the document names every problem with its status", async () => {
  const { body } = await document();
  for (const [name, { status }] of Object.entries(PROBLEMS))
    expect(body.components.responses.problem.description).toContain(`- ${status} \`${name}\``);
});

test("any page may read the document, for five minutes without asking again", async () => {
  const { answer } = await document();
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
});

test.each(["/openapi.json", "/docs"])("%s is sent once for as long as it stays the same", async (path) => {
  const { headers } = await request(path);
  const etag = headers.get("etag") ?? "";
  expect(etag).toMatch(/^"[\w-]+"$/);
  const again = await request(path, { headers: { "if-none-match": etag } });
  expect(again.status).toBe(304);
  for (const name of ["cache-control", "content-security-policy", "strict-transport-security"])
    expect(again.headers.get(name), name).toBe(headers.get(name));
});
