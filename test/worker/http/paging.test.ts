import { expect, test } from "vitest";
import * as z from "zod";
import { endpoints } from "../../../worker/http/endpoint.ts";
import { expectProblem } from "../problems.ts";
import { newWorkspace, requestUnlimited } from "../workspace.ts";

/** Strings that are no cursor, cursors of other lists, and a truncated one. */
const otherCursors = [
  "x",
  "",
  "'",
  "1",
  "null",
  "srv_",
  "srv_01k",
  "sup_01k",
  "1.x",
  "1.2",
  `${Date.parse("2026-10-01T12:00:00Z")}.01900000-0000-7000-8000-0000000000010`,
  "\u0000",
  `wsp_${"0".repeat(26)}`,
  `srv_${"0".repeat(25)}`,
];
test("every list refuses a cursor that is none of its own: an empty page would read as its end", async () => {
  const { write, surveys } = await newWorkspace();
  const HasCursor = z.object({ shape: z.object({ cursor: z.unknown() }) });
  const hasCursor = (schema: unknown) => "cursor" in (HasCursor.safeParse(schema).data?.shape ?? {});
  const lists = endpoints.filter(({ query, body }) => hasCursor(query) || hasCursor(body));
  expect(lists.map(({ path }) => path).sort()).toEqual([
    "/v1/audit",
    "/v1/campaigns",
    "/v1/invitations",
    "/v1/invitations/search",
    "/v1/keys",
    "/v1/responses",
    "/v1/responses/search",
    "/v1/suppressions",
    "/v1/surveys",
    "/v1/surveys/:survey/versions",
    "/v1/templates",
    "/v1/touchpoints",
  ]);
  for (const { path: route, method } of lists) {
    const path = route.replace(":survey", surveys.nps);
    for (const cursor of otherCursors) {
      const isQuery = method === "get";
      const answer = await requestUnlimited(isQuery ? `${path}?${new URLSearchParams({ cursor })}` : path, {
        key: write,
        ...(!isQuery && { json: { respondent: "ann", cursor } }),
      });
      await expectProblem(answer, "invalid-input", [isQuery ? "?cursor" : "/cursor"], `${path} ${cursor}`);
    }
  }
});
