import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { dayMs } from "../../../shared/time/durations.ts";
import { drift } from "../../recount.ts";
import { expectProblem } from "../problems.ts";
import { requestUnlimited } from "../workspace.ts";
import { answer, patch, publicScore, rows, score, setUp, workspace } from "./strangers-fixture.ts";

setUp();

test("a page answers what its touchpoint asks and nothing else, so that no stranger takes its score or badge away", async () => {
  const badge = await publicScore();
  const before = await badge();
  const { csat } = workspace.surveys;
  const foreign = { touchpoint: "relationship", survey: csat };
  await expectProblem(await answer(foreign), "invalid-input", ["/survey"]);
  const seen = await requestUnlimited("/v1/impressions", { key: workspace.publishable, json: foreign });
  await expectProblem(seen, "invalid-input", ["/survey"]);
  expect(await (await score()).json()).toMatchObject({ kind: "nps", n: 3, score: 100 });
  expect(await badge()).toBe(before);
  expect(before).toContain("100");
});

test("an owner brings what the owner will, and by excluding or erasing it has score and badge back", async () => {
  const badge = await publicScore();
  const before = await badge();
  const { csat } = workspace.surveys;
  for (const undo of ["exclude", "erase"]) {
    const id = crypto.randomUUID();
    const foreign = { id, touchpoint: "relationship", survey: csat };
    expect((await answer(foreign, workspace.write)).status).toBe(201);
    await expectProblem(await score(), "surveys-disagree");
    expect(await badge()).not.toBe(before);
    const path = `/v1/responses/${id}`;
    if (undo === "exclude") await patch(path, { excluded: "test" });
    else await requestUnlimited(path, { method: "DELETE", key: workspace.write });
    const { kind, n, score: value, surveys } = Object(await (await score()).json());
    expect([undo, kind, n, value, surveys]).toEqual([undo, "nps", 3, 100, [workspace.surveys.nps]]);
    expect(await badge()).toBe(before);
  }
  expect(await (await score()).json()).toMatchObject({
    ledger: { received: 5, counted: 3, excluded: { test: 1, erased: 1 } },
  });
  expect(await drift(env.DB)).toEqual([]);
});

test("where nothing is counted, what was left out of two kinds makes no score and no error", async () => {
  const { csat, nps } = workspace.surveys;
  for (const survey of [csat, nps]) {
    const id = crypto.randomUUID();
    await answer({ id, touchpoint: "relationship", survey }, workspace.write);
    await patch(`/v1/responses/${id}`, { excluded: "test" });
  }
  expect(await (await score()).json()).toMatchObject({
    kind: null,
    score: null,
    n: 0,
    surveys: [],
    ledger: { received: 2, counted: 0, excluded: { test: 2 } },
  });
});

test("a page changes no answer that was imported, or that a server saved, and takes the place of none", async () => {
  const json = (channel: string, row: object) => ({ channel, responses: [row] });
  for (const channel of ["import", "api"]) {
    const row = {
      id: crypto.randomUUID(),
      touchpoint: "checkout",
      rating: 5,
      comment: "mine",
      respondent: "ann",
    };
    const batch = { key: workspace.write, json: json(channel, row) };
    await requestUnlimited("/v1/responses/batch", batch);
    const before = await rows();
    for (const fields of [{ rating: 1, comment: "theirs", revision: 9 }, { properties: { plan: "pro" } }, {}])
      await expectProblem(await answer({ id: row.id, touchpoint: "checkout", ...fields }), "conflict", [
        "/id",
      ]);
    expect(await rows()).toEqual(before);
    // A write key may change what a page saved.
    const id = crypto.randomUUID();
    await answer({ id, touchpoint: "checkout" });
    const changed = { key: workspace.write, json: json(channel, { ...row, id, revision: 1, rating: 2 }) };
    expect(await (await requestUnlimited("/v1/responses/batch", changed)).json()).toEqual({
      results: [{ id, status: "updated" }],
    });
  }
  expect(await drift(env.DB)).toEqual([]);
});

test("an import keeps an earlier id that only an import has, so that nobody takes its place", async () => {
  const [earlier, taken, id, other] = Array.from({ length: 4 }, () => crypto.randomUUID());
  const save = async (fields: object) => {
    const row = { touchpoint: "checkout", rating: 5, ...fields };
    const batch = { channel: "import", responses: [row] };
    return (await requestUnlimited("/v1/responses/batch", { key: workspace.write, json: batch })).json();
  };
  await save({ id: earlier });
  await answer({ id: taken, touchpoint: "checkout", rating: 1 });
  expect(await save({ id, earlier_id: earlier })).toEqual({
    results: [{ id, stored_id: earlier, status: "unchanged" }],
  });
  expect(await save({ id: other, earlier_id: taken })).toEqual({
    results: [{ id: other, status: "created" }],
  });
  expect((await rows()).map((row) => [row.id, row.channel, row.rating])).toEqual(
    [
      [earlier, "import", 5],
      [taken, "widget", 1],
      [other, "import", 5],
    ].sort(),
  );
});

/** An id from a device whose clock is so far ahead. */
const idAhead = (ms: number) => {
  const hex = (Date.now() + ms).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8def-${crypto.randomUUID().slice(-12)}`;
};

test("an id of a day to come is kept without its time, and its retries and changes are the same response", async () => {
  const id = idAhead(365 * dayMs);
  const storedId = id.replace("-7abc-", "-8abc-");
  const sent = { id, touchpoint: "checkout" };
  const told = { id, stored_id: storedId };
  const answered = async (fields: object = {}) => (await answer({ ...sent, ...fields })).json();
  expect(await answered()).toEqual({ ...told, status: "created" });
  expect(await answered()).toEqual({ ...told, status: "unchanged" });
  expect(await answered({ rating: 2, revision: 1 })).toEqual({ ...told, status: "updated" });
  expect(await rows()).toMatchObject([{ id: storedId, rating: 2 }]);
  const soon = idAhead(dayMs / 2);
  expect(await (await answer({ id: soon, touchpoint: "checkout" })).json()).toEqual({
    id: soon,
    status: "created",
  });
  // A write key may choose ids freely.
  const owned = idAhead(365 * dayMs);
  const own = await answer({ id: owned, touchpoint: "checkout" }, workspace.write);
  expect(await own.json()).toEqual({ id: owned, status: "created" });
  expect(await drift(env.DB)).toEqual([]);
});

test("sent again when its day has come, such an answer is still the same response", async () => {
  const id = idAhead(dayMs / 2);
  const storedId = id.replace("-7abc-", "-8abc-");
  const sent = { id, touchpoint: "checkout" };
  // Stored like this while its time was more than a day ahead.
  await answer({ ...sent, id: storedId });
  expect(await (await answer(sent)).json()).toEqual({ id, stored_id: storedId, status: "unchanged" });
  const changed = await answer({ ...sent, rating: 1, revision: 1 });
  expect(await changed.json()).toEqual({ id, stored_id: storedId, status: "updated" });
  expect(await rows()).toMatchObject([{ id: storedId, rating: 1 }]);
});
