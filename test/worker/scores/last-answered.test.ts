import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { NewResponse } from "../../../worker/responses/db/response.ts";
import { excludeResponse, removeResponses } from "../../../worker/responses/db/responses.ts";
import { saveResponses } from "../../../worker/responses/db/save.ts";
import { WatchedDatabase } from "../watched.ts";
import { newWorkspace, request, requestUnlimited } from "../workspace.ts";
import { answer, october, score, setUp, workspace } from "./score-answers-fixture.ts";

setUp();

const lastAt = async (query = october) => (await score("checkout", query)).last_answered_at;

test("a score says when the newest counted response there was answered, whatever it is asked about", async () => {
  expect(await lastAt()).toBeNull();
  const at = "2026-10-02T09:14:59.999Z";
  await answer("checkout", [5], { answered_at: at, properties: { plan: "pro" } });
  await answer("checkout", [5], { answered_at: "2026-10-02T09:13:00Z" });
  await answer("checkout", [5], { answered_at: "2026-09-30T09:00:00Z" });
  // At the same time somewhere else, and in another workspace.
  await answer("relationship", [5, 6], { answered_at: "2026-10-02T09:14:59.999Z" });
  await answer("relationship", [5], { answered_at: "2026-10-03T09:00:00Z" });
  const other = await newWorkspace();
  const json = { id: crypto.randomUUID(), touchpoint: "checkout", rating: 1 };
  await request("/v1/responses", { key: other.publishable, json });
  for (const query of [october, "from=2025-01-01&to=2025-02-01", "channel=widget", "property[plan]=free"])
    expect(await lastAt(query), query).toBe(at);
  const { n, last_answered_at } = await score("ticket-closed", "");
  expect([n, last_answered_at]).toEqual([0, null]);
});

test("what is excluded between the two reads of an answer is not the newest any more", async () => {
  await answer("checkout", [5], { answered_at: "2026-10-01T12:00:00Z" });
  await answer("checkout", [5], { answered_at: "2026-10-02T12:00:00Z" });
  const excluding = new WatchedDatabase(env.DB, async (run, statements) => {
    if (statements.some(({ sql }) => /SELECT answered_at AS at/.test(sql)))
      await env.DB.exec(
        "UPDATE responses SET exclusion = 'test' WHERE answered_at = unixepoch('2026-10-02T12:00:00Z') * 1000",
      );
    return run();
  });
  const sent = await requestUnlimited(
    `/v1/touchpoints/checkout/score?${october}`,
    { key: workspace.read },
    excluding,
  );
  expect(await sent.json()).toMatchObject({ last_answered_at: "2026-10-01T12:00:00.000Z" });
});

test("after any change it is what a look at every response finds", async () => {
  const places = await workspace.db.all<{ ref: number; name: string; survey: number }>(
    "SELECT ref, name, survey_ref AS survey FROM touchpoints WHERE workspace_ref = ?1 AND name <> 'ticket-closed' ORDER BY ref",
    workspace.ref,
  );
  const start = Date.parse("2026-10-05T00:00:00Z");
  const quarterMs = 900_000;
  const Response = fc.record({
    place: fc.constantFrom(...places),
    channel: fc.constantFrom("widget" as const, "email" as const),
    // Most of them around the edges of a few quarter-hours and days.
    quarter: fc.constantFrom(0, 1, 2, 3, 4, 95, 96, 97, 191, 192, 500),
    ms: fc.constantFrom(0, 1, 2, 400_000, quarterMs - 1),
    fate: fc.constantFrom("kept", "removed", "excluded", "excluded and counted again"),
  });
  let round = 0;
  const property = fc.asyncProperty(fc.array(Response, { minLength: 1, maxLength: 12 }), async (list) => {
    round += 1;
    const made = list.map(({ place, channel, quarter, ms, fate }, n) => {
      const id = `r${round}-${n}`;
      const response: NewResponse = {
        id,
        touchpointRef: place.ref,
        surveyRef: place.survey,
        rating: 5,
        comment: null,
        locale: null,
        respondent: null,
        properties: null,
        revision: 0,
        channel,
        answeredAt: start + quarter * quarterMs + ms,
      };
      return { response, fate, name: place.name };
    });
    const { db, ref } = workspace;
    await saveResponses(
      db,
      ref,
      made.map(({ response }) => response),
      start,
    );
    for (const { response, fate } of made) {
      if (fate === "removed") await removeResponses(db, ref, [response.id]);
      if (fate.startsWith("excluded")) await excludeResponse(db, ref, response.id, "test", start);
      if (fate.endsWith("again")) await excludeResponse(db, ref, response.id, "", start);
    }
    for (const { name } of places) {
      const counted = made.filter((one) => one.name === name && /kept|again/.test(one.fate));
      const times = counted.map(({ response }) => response.answeredAt);
      const newest = times.length > 0 ? new Date(Math.max(...times)).toISOString() : null;
      expect((await score(name, october)).last_answered_at, name).toBe(newest);
    }
    await removeResponses(
      db,
      ref,
      made.map(({ response }) => response.id),
    );
  });
  await fc.assert(property, { seed: 20_261_128, numRuns: 60, endOnFailure: true });
});
