import { beforeEach, expect } from "vitest";
import * as z from "zod";
import { Invitation, Link } from "../../../shared/contract/links.ts";
import { Response as StoredResponse } from "../../../shared/contract/responses.ts";
import { newWorkspace, requestUnlimited, type TestWorkspace } from "../workspace.ts";

export let workspace: TestWorkspace;

export const post = (json: unknown, key = workspace.write) => requestUnlimited("/v1/links", { key, json });

export const newLink = async (more: object = {}) =>
  Link.parse(await (await post({ touchpoint: "relationship", ...more })).json());

export const pathOf = (url: string) => url.replace("http://candor.test", "");

export async function get<Shape extends z.ZodType>(path: string, shape: Shape): Promise<z.output<Shape>> {
  const answer = await requestUnlimited(path, { key: workspace.read });
  expect(answer.status).toBe(200);
  return shape.parse(await answer.json());
}

export const list = (query = "") =>
  get(
    `/v1/invitations?${query}`,
    z.object({ data: z.array(Invitation), next_cursor: z.string().nullable() }),
  );

export const responseOf = ({ response }: { response: string }) =>
  get(`/v1/responses/${response}`, StoredResponse);

export const scoreOf = (touchpoint = "relationship") =>
  get(`/v1/touchpoints/${touchpoint}/score`, z.object({ n: z.int() }));

export function submit(path: string, fields: Record<string, string> | [string, string][]): Promise<Response> {
  return requestUnlimited(path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });
}

/** Sends a form and returns the page that it leads to. */
export async function submitted(path: string, fields: Record<string, string> | [string, string][]) {
  const answer = await submit(path, fields);
  expect(answer.status).toBe(303);
  const at = answer.headers.get("location") ?? "";
  return { at, html: await (await requestUnlimited(at)).text() };
}

/** Registers the hooks of a test file. */
export function setUp(): void {
  beforeEach(async () => {
    workspace = await newWorkspace();
  });
}
