import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { openapiPath } from "../../../scripts/reference/openapi.ts";
import { PROBLEMS } from "../../../shared/contract/problem.ts";
import app from "../../../worker/demo/index.ts";
import { endpoints } from "../../../worker/http/endpoint.ts";
import { isDeployed, newWorkspace, request, toRequest } from "../workspace.ts";

/** The addresses that a page's elements link to or load from. */
const addresses = (html: string) =>
  [...html.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, to = ""]) => to);

async function demo(keys: { DEMO_PUBLISHABLE_KEY?: string; DEMO_READ_KEY?: string }): Promise<Response> {
  const { DB, ASSETS, CANDOR_SECRET } = env;
  return app.fetch(toRequest("/demo"), { DB, ASSETS, CANDOR_SECRET, ...keys }, createExecutionContext());
}

test("the start page leads to the reference and to health, and to the demo only where there is one", async () => {
  const answer = await request("/");
  const html = await answer.text();
  expect(answer.status).toBe(200);
  expect(addresses(html)).toEqual(expect.arrayContaining(["/docs", "/health"]));
  expect(addresses(html)).not.toContain("/demo");
});

test("without demo keys there is no demo", async () => {
  const { publishable, read } = await newWorkspace();
  const unknown = `pk_${"0".repeat(40)}`;
  const partial = [
    {},
    { DEMO_PUBLISHABLE_KEY: publishable },
    { DEMO_READ_KEY: read },
    { DEMO_PUBLISHABLE_KEY: unknown, DEMO_READ_KEY: read },
  ];
  for (const keys of partial) {
    const answer = await demo(keys);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  }
});

test("the demo embeds the real snippet and a new survey link, and loads nothing from elsewhere", async () => {
  const { publishable, read, write } = await newWorkspace();
  const answer = await demo({ DEMO_PUBLISHABLE_KEY: publishable, DEMO_READ_KEY: read });
  const html = await answer.text();
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-security-policy")).toContain("script-src 'self'; connect-src 'self'");
  expect(answer.headers.get("content-security-policy")).not.toContain("unsafe");
  expect(answer.headers.get("set-cookie")).toBeNull();
  expect(html).toContain(
    `<script async="" src="/v1/widget.js" data-key="${publishable}" data-touchpoint="relationship"></script>`,
  );
  expect(html).toContain('<candor-survey touchpoint="checkout"></candor-survey>');
  expect(html).not.toContain(write);
  const outside = addresses(html).filter(
    (to) => !to.startsWith("/") && !to.startsWith("http://candor.test/s/"),
  );
  expect(outside).toEqual([]);
  const link = addresses(html).find((to) => to.includes("/s/") && !to.includes("?"));
  const survey = await request(new URL(link ?? "").pathname);
  expect(survey.status).toBe(200);
  expect(await survey.text()).toContain("Demo shop made it easy for me to handle my issue.");
});

test("the reference names every endpoint and every problem, under the address that problems point to", async () => {
  const answer = await request("/docs");
  const html = await answer.text();
  expect(answer.status).toBe(200);
  for (const { method, path } of endpoints.filter(isDeployed)) {
    expect(html).toContain(`<b class="${method}">${method.toUpperCase()}</b> ${openapiPath(path)}</code>`);
  }
  for (const [name, { status, title }] of Object.entries(PROBLEMS)) {
    expect(html).toContain(
      `<tr id="${name}"><td>${status}</td><td><code>${name}</code></td><td>${title}</td></tr>`,
    );
  }
  const { type } = await (await request("/nowhere")).json<{ type: string }>();
  expect(type).toBe("/docs#not-found");
});

test("in the reference every link leads somewhere and every field has a type", async () => {
  const html = await (await request("/docs")).text();
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => `#${id}`);
  expect(new Set(ids).size).toBe(ids.length);
  for (const to of addresses(html).filter((to) => to.startsWith("#"))) expect(ids).toContain(to);
  const types = [...html.matchAll(/<span class="type">([^<]*)<\/span>/g)].map(([, type]) => type);
  expect(types.length).toBeGreaterThan(100);
  expect(types).not.toContain("");
  expect(html).not.toMatch(/undefined|\[object/);
});

test("the reference loads nothing from elsewhere and runs no script", async () => {
  const answer = await request("/docs");
  const html = await answer.text();
  expect(html).not.toMatch(/<script| style=| on\w+="/);
  expect(addresses(html).filter((to) => !/^[/#]/.test(to))).toEqual([]);
  expect(answer.headers.get("content-security-policy")).toBe(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
});

test("the OpenAPI document has the pages as HTML and the survey page's form", async () => {
  const { paths } = await (await request("/openapi.json")).json<{ paths: Record<string, unknown> }>();
  expect(paths["/s/{link}"]).toMatchObject({
    get: { security: [], responses: { 200: { content: { "text/html": {} } } } },
    post: { requestBody: { content: { "application/x-www-form-urlencoded": {} } }, responses: { 303: {} } },
  });
});
