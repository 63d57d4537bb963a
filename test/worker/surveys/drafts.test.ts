import { expect, test } from "vitest";
import * as z from "zod";
import { SavedSurvey } from "../../../shared/contract/surveys/surveys.ts";
import { expectProblem } from "../problems.ts";
import { newWorkspace, requestUnlimited } from "../workspace.ts";
import {
  acts,
  draftIn,
  edit,
  live,
  onlyIf,
  publish,
  question,
  readDraft,
  send,
  setUp,
  workspace,
} from "./drafts-fixture.ts";

setUp();

test("a draft changes nothing that anybody is asked until it is published, and then becomes the next version", async () => {
  const before = await live();
  const none = await readDraft();
  expect(none).toMatchObject({ ...before, changes: [], changed_at: null, changed_by: null });

  const first = await edit({ texts: question("Would you?") });
  expect(first).toMatchObject({ texts: question("Would you?"), changes: ["texts"], version: 1 });
  const second = await edit({ subject: "us", theme: { accent: "#123456" } });
  expect(second).toMatchObject({
    texts: question("Would you?"),
    subject: "us",
    changes: ["subject", "texts", "theme"],
  });
  expect(second.changed_by).toMatch(/^key_/);
  expect(new Set([none.etag, first.etag, second.etag]).size).toBe(3);
  expect(await live()).toEqual(before);
  const ask = `/v1/ask?touchpoint=relationship&locale=en`;
  const asked = async () =>
    z
      .object({ survey_version: z.int(), texts: z.object({ question: z.string() }) })
      .parse(await (await requestUnlimited(ask, { key: workspace.publishable })).json());
  expect((await asked()).survey_version).toBe(1);
  expect(await acts()).toEqual([]);

  const published = await publish();
  expect(published.status).toBe(200);
  const after = await live();
  expect(SavedSurvey.parse(await published.json())).toEqual(after);
  expect(after).toMatchObject({ texts: question("Would you?"), subject: "us", version: 2 });
  expect(await asked()).toMatchObject({ survey_version: 2, texts: { question: "Would you?" } });
  expect(await readDraft()).toMatchObject({ changes: [], changed_at: null, version: 2 });
  expect(await acts()).toEqual(["survey.changed"]);
  // Nothing is left to publish.
  expect((await publish()).status).toBe(200);
  expect(await live()).toEqual(after);
});

test("who has not seen another's changes gets a 412, whatever they are about to do, and nothing is lost", async () => {
  const { etag: unseen } = await readDraft();
  const mine = await edit({ subject: "mine" }, onlyIf(unseen));
  for (const [to, method, json] of [
    ["/draft", "PATCH", { subject: "theirs" }],
    ["/draft", "DELETE", undefined],
    ["/publish", "POST", undefined],
    ["/versions/1/restore", "POST", undefined],
  ] as const) {
    const refused = await send(to, { method, json, ...onlyIf(unseen) });
    expect(refused.headers.get("etag"), to).toBe(mine.etag);
    await expectProblem(refused, "precondition-failed");
  }
  expect(await readDraft()).toEqual(mine);
  expect((await publish(onlyIf(mine.etag))).status).toBe(200);
  // What was live meanwhile is another thing than what the reader of the first tag saw.
  await expectProblem(
    await send("/draft", { method: "PATCH", json: { subject: "x" }, ...onlyIf(unseen) }),
    "precondition-failed",
  );
  const next = await readDraft();
  expect(await edit({ subject: "ours" }, onlyIf(next.etag))).toMatchObject({ subject: "ours" });
});

test("a draft is discarded, and a version restored as a draft", async () => {
  const first = await live();
  await edit({ subject: "two", thanks: [{ buckets: ["promoter"], texts: { en: { text: "Great" } } }] });
  await publish();
  await edit({ subject: "three" });
  const gone = await draftIn(await send("/draft", { method: "DELETE" }));
  expect(gone).toMatchObject({ subject: "two", changes: [], changed_at: null });
  expect(await acts()).toEqual(["survey.draft_discarded", "survey.changed"]);
  // There is none any more, which is nothing that anybody did.
  await send("/draft", { method: "DELETE" });
  expect(await acts()).toHaveLength(2);

  const restored = await draftIn(await send("/versions/1/restore", { method: "POST" }));
  expect(restored).toMatchObject({
    subject: first.subject,
    thanks: [],
    changes: ["subject", "thanks"],
    version: 2,
  });
  expect(await live()).toMatchObject({ subject: "two", version: 2 });
  await publish();
  expect(await live()).toMatchObject({ subject: first.subject, thanks: [], version: 3 });
  await expectProblem(await send("/versions/9/restore", { method: "POST" }), "not-found");
});

test("a draft that does not fit its survey is refused, and one part of it never spoils another", async () => {
  const steps = [{ id: "why", kind: "text", texts: question("Why?"), when: [{ bucket: ["satisfied"] }] }];
  await expectProblem(await send("/draft", { method: "PATCH", json: { steps } }), "invalid-input", [
    "/steps/0/when/0/bucket/0",
  ]);
  for (const field of ["name", "kind", "scale_max", "version"])
    await expectProblem(await send("/draft", { method: "PATCH", json: { [field]: "x" } }), "invalid-input", [
      `/${field}`,
    ]);
  expect(await readDraft()).toMatchObject({ changed_at: null });
});

test("what is changed directly while a draft is open stays, where the draft is about other parts", async () => {
  await edit({ subject: "drafted" });
  await send("", { method: "PATCH", json: { texts: question("Now?") } });
  expect(await readDraft()).toMatchObject({
    subject: "drafted",
    texts: question("Now?"),
    changes: ["subject"],
    version: 2,
  });
  await publish();
  expect(await live()).toMatchObject({ subject: "drafted", texts: question("Now?"), version: 3 });
});

test("drafts are a workspace's own, and those who may only read write none", async () => {
  const stranger = await newWorkspace();
  for (const [to, method] of [
    ["/draft", "GET"],
    ["/draft", "PATCH"],
    ["/draft", "DELETE"],
    ["/publish", "POST"],
    ["/versions/1/restore", "POST"],
  ] as const) {
    const json = method === "PATCH" ? { subject: "theirs" } : undefined;
    await expectProblem(await send(to, { method, json, key: stranger.write }), "not-found");
    if (method !== "GET")
      await expectProblem(await send(to, { method, json, key: workspace.read }), "forbidden");
  }
  expect(await readDraft()).toMatchObject({ changed_at: null });
});
