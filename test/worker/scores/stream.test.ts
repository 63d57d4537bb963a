import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import * as z from "zod";
import { Scores } from "../../../shared/contract/scores.ts";
import { app } from "../../../worker/demo/index.ts";
import { expectProblem } from "../problems.ts";
import { recordedDatabase } from "../watched.ts";
import { newWorkspace, request, requestUnlimited, toRequest } from "../workspace.ts";

/** A stream after its first event, and its queries to the database. */
async function openStream(query = "") {
  const { read } = await newWorkspace();
  const { d1, batches } = recordedDatabase(env.DB);
  const { ASSETS, CANDOR_SECRET } = env;
  const context = createExecutionContext();
  const sent = toRequest(`/v1/scores/stream${query}`, { key: read });
  const { body } = await app.fetch(sent, { DB: d1, ASSETS, CANDOR_SECRET }, context);
  const reader = body?.getReader();
  await reader?.read();
  const event = async () => new TextDecoder().decode((await reader?.read())?.value);
  const leave = async () => {
    await reader?.cancel();
    // If it did not end, this would wait for a minute.
    await waitOnExecutionContext(context);
  };
  return { batches, event, leave };
}

test("once the client is gone nothing more is asked", async () => {
  const { batches, leave } = await openStream();
  const asked = batches.length;
  expect(asked).toBeGreaterThan(0);
  await leave();
  expect(batches).toHaveLength(asked);
});

test("a stream ends for a key that was archived, and tells it nothing more", async () => {
  const { write } = await newWorkspace();
  const json = { name: "screen", kind: "secret", scopes: ["read"] };
  const made = await requestUnlimited("/v1/keys", { key: write, json });
  const { id, key } = await made.json<{ id: string; key: string }>();
  const answer = await requestUnlimited("/v1/scores/stream?touchpoint=relationship", { key });
  const texts = new Response(answer.body).text();
  await requestUnlimited(`/v1/keys/${id}`, { method: "DELETE", key: write });
  const response = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 10 };
  expect((await requestUnlimited("/v1/responses", { key: write, json: response })).status).toBe(201);
  const text = await texts;
  expect(text.match(/^event: scores$/gm)).toHaveLength(1);
  // It ends at the next look, and not after its minute.
  expect(text.match(/^:$/gm) ?? []).toEqual([]);
});

test("it takes a series of headlines as /v1/scores does, and refuses one without an interval", async () => {
  const { event, leave } = await openStream("?period=7d&interval=day&series=headline&compare=previous");
  const [, data = ""] = /^data: (.*)$/m.exec(await event()) ?? [];
  await leave();
  const { data: groups } = z.object(Scores.shape).parse(JSON.parse(data));
  const points = [groups[0]?.series ?? [], groups[0]?.compare?.series ?? []];
  expect(points.map(({ length }) => length)).toEqual([7, 7]);
  for (const point of points.flat())
    expect(Object.keys(point).sort()).toEqual(["from", "interval", "n", "score", "small_sample", "to"]);
  const { read: key } = await newWorkspace();
  await expectProblem(await request("/v1/scores/stream?series=headline", { key }), "invalid-input", [
    "?series",
  ]);
});

test("a look is one statement, which seeks the touchpoints' cells of today; with the key and the answer it is eleven at most", async () => {
  const queries = [
    "?period=7d&time_zone=Asia/Kolkata&compare=previous&interval=day&rolling=7d",
    "?from=2026-10-01T00:07:00Z&to=2026-10-20T10:08:00Z&group_by=touchpoint",
  ];
  for (const query of queries) {
    const { batches, leave } = await openStream(query);
    await leave();
    const statements = batches.flat();
    expect(statements.length, query).toBeLessThanOrEqual(11);
    const looks = statements.filter(({ sql }) => sql.includes("json_group_array"));
    expect(looks).toHaveLength(1);
    for (const { sql, values } of looks) {
      const plan = env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`).bind(...values);
      const lines = (await plan.all<{ detail: string }>()).results.map(({ detail }) => detail);
      expect(lines).toContain(
        "SEARCH counts USING PRIMARY KEY (workspace_ref=? AND touchpoint_ref=? AND value_ref=? AND day>?)",
      );
    }
  }
});
