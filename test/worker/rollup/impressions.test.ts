import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { dayMs } from "../../../shared/time/durations.ts";
import { expectProblem, type Refusal } from "../problems.ts";
import { isWrite, recordedDatabase, WatchedDatabase } from "../watched.ts";
import { newWorkspace, request, requestUnlimited, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await newWorkspace();
});

const see = (fields: object = {}, key = workspace.publishable) =>
  requestUnlimited("/v1/impressions", {
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
  const day = Math.floor(Date.now() / dayMs);
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

test("impressions that come in while others are counted go together, of whatever workspace: sixteen clients need a fifth of the transactions", async () => {
  const other = await newWorkspace();
  const { d1, batches } = recordedDatabase(env.DB);
  const hashes: string[] = [];
  const client = async (n: number) => {
    for (let count = 0; count < 10; count += 1) {
      const { write, surveys } = n % 2 ? workspace : other;
      const hash = `${n}${count}`.padStart(64, "0");
      hashes.push(hash);
      const json = { touchpoint: "checkout", survey: surveys.csat, respondent_hash: hash };
      expect((await requestUnlimited("/v1/impressions", { key: write, json }, d1)).status).toBe(204);
    }
  };
  await Promise.all(Array.from({ length: 16 }, (_, n) => client(n)));
  expect(batches.filter(isWrite).length).toBeLessThanOrEqual(32);
  expect(await counts()).toMatchObject([{ seen: 80 }, { seen: 80 }]);
  const { results } = await env.DB.prepare("SELECT person FROM askings ORDER BY person").all();
  expect(results.map(({ person }) => person)).toEqual(hashes.sort());
  const { results: cells } = await env.DB.prepare(
    `SELECT seen, (SELECT SUM(atom) FROM json_tree(json(quarters)) WHERE type = 'integer') AS inQuarters FROM impression_counts`,
  ).all();
  for (const { seen, inQuarters } of cells) expect(inQuarters).toBe(seen);
});

test("an impression that may have been counted is never counted again, and one that the database refuses takes none with it", async () => {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const poison = "f".repeat(64);
  let stuck = true;
  const d1 = new WatchedDatabase(env.DB, async (run, statements) => {
    if (!isWrite(statements)) return run();
    if (JSON.stringify(statements).includes(poison)) throw new Error("D1_ERROR: constraint failed");
    const result = await run();
    if (stuck) {
      stuck = false;
      // The write succeeded, but the platform ended the request that would have received its result.
      await ended;
    }
    return result;
  });
  const send = (person?: string) => {
    const json = { touchpoint: "checkout", survey: workspace.surveys.csat, respondent_hash: person };
    return requestUnlimited("/v1/impressions", { key: workspace.write, json }, d1);
  };
  const [leading, ...waiting] = [send(), send(), send(poison), send()];
  const statuses = (await Promise.all(waiting)).map(({ status }) => status);
  end();
  statuses.unshift((await leading)?.status ?? 0);
  expect(statuses).toEqual([204, 204, 500, 204]);
  expect(await counts()).toMatchObject([{ seen: 3 }]);
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
