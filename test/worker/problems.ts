import { expect } from "vitest";
import type * as z from "zod";
import { PROBLEMS, ProblemDetails, type ProblemName } from "../../shared/contract/problem.ts";

/**
 * Asserts the whole form of a problem, and with `pointers` the fields that it names. Returns its body. `what` describes
 * the request.
 */
export async function expectProblem(
  answer: Response,
  name: ProblemName,
  pointers?: readonly string[],
  what = "",
): Promise<z.infer<typeof ProblemDetails>> {
  const text = await answer.text();
  const { status, title } = PROBLEMS[name];
  expect([answer.status, answer.headers.get("content-type")], `${what} ${text}`).toEqual([
    status,
    "application/problem+json",
  ]);
  const body = ProblemDetails.parse(JSON.parse(text));
  expect(body).toMatchObject({ type: `/docs#${name}`, title, status });
  expect(body.request_id).toBe(answer.headers.get("x-request-id"));
  expect(["no-store", "private, no-store"]).toContain(answer.headers.get("cache-control"));
  expect(new TextEncoder().encode(text).length).toBeLessThan(2048);
  if (pointers)
    expect(
      body.errors?.map(({ pointer }) => pointer),
      what,
    ).toEqual(pointers);
  return body;
}

/** A refused input: its description, the input, and the fields that the 422 names. */
export type Refusal = readonly [what: string, sent: unknown, pointers: readonly string[]];
