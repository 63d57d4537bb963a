import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { expectProblem, type Refusal } from "./problems.ts";
import { newWorkspace, request, type TestWorkspace } from "./workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const see = (fields: object = {}, key = workspace.publishable) =>
  request("/v1/impressions", {
    key,
    json: { touchpoint: "checkout", survey: workspace.surveys.csat, ...fields },
  });
const counts = async () =>
  (
    await env.DB.prepare(
      "SELECT touchpoints.name, channel, day, seen FROM impression_counts JOIN touchpoints ON ref = touchpoint_ref ORDER BY 1, 2",
    ).all()
  ).results;

test("each impression counts one at its touchpoint, channel and day", async () => {
  for (let count = 0; count < 3; count += 1) {
    const answer = await see();
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  }
  await see({}, workspace.write);
  await see({ touchpoint: "relationship", survey: workspace.surveys.nps });
  const day = Math.floor(Date.now() / 86_400_000);
  expect(await counts()).toEqual([
    { name: "checkout", channel: "api", day, seen: 1 },
    { name: "checkout", channel: "widget", day, seen: 3 },
    { name: "relationship", channel: "widget", day, seen: 1 },
  ]);
});

test("forty impressions at once are forty", async () => {
  await Promise.all(Array.from({ length: 40 }, () => see()));
  expect(await counts()).toMatchObject([{ seen: 40 }]);
});

test("an impression is taken as plain text, without a preflight", async () => {
  const body = JSON.stringify({ touchpoint: "checkout", survey: workspace.surveys.csat });
  const sent = { key: workspace.publishable, body, headers: { "content-type": "text/plain" } };
  expect((await request("/v1/impressions", sent)).status).toBe(204);
  expect(await counts()).toMatchObject([{ seen: 1 }]);
});

const refusals: Refusal[] = [
  ["no touchpoint", { touchpoint: undefined }, ["/touchpoint"]],
  ["a touchpoint that is no name", { touchpoint: "A B" }, ["/touchpoint"]],
  ["an unknown touchpoint", { touchpoint: "nowhere" }, ["/survey"]],
  ["no survey", { survey: undefined }, ["/survey"]],
  ["an unknown survey", { survey: "srv_nothing" }, ["/survey"]],
  ["a survey that is no text", { survey: 1 }, ["/survey"]],
];
test("each wrong field of an impression is refused by its name, and nothing is counted", async () => {
  for (const [what, fields, pointers] of refusals)
    await expectProblem(await see(Object(fields)), "invalid-input", pointers, what);
  expect(await counts()).toEqual([]);
});

test("an impression needs a key that may respond", async () => {
  await expectProblem(await see({}, workspace.read), "forbidden");
  await expectProblem(await see({}, "pk_0000000000000000000000000000000000000000"), "unauthorized");
  const other = await newWorkspace();
  await expectProblem(await see({}, other.publishable), "invalid-input", ["/survey"]);
  expect(await counts()).toEqual([]);
});
