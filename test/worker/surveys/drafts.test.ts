import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { SavedSurvey, Survey } from "../../../shared/contract/surveys/surveys.ts";
import { SurveyDraft } from "../../../shared/contract/surveys/versions.ts";
import { expectProblem } from "../problems.ts";
import { WatchedDatabase } from "../watched.ts";
import { newWorkspace, requestUnlimited, type Sent, type TestWorkspace } from "../workspace.ts";

let workspace: TestWorkspace;
let path: string;
beforeEach(async () => {
  workspace = await newWorkspace();
  path = `/v1/surveys/${workspace.surveys.nps}`;
});

const send = (to: string, sent: Sent = {}, d1?: D1Database) =>
  requestUnlimited(`${path}${to}`, { key: workspace.write, ...sent }, d1);
const onlyIf = (etag: string | null) => ({ headers: { "if-match": etag ?? "" } });

async function draftIn(answer: Response) {
  expect(answer.status).toBe(200);
  return { etag: answer.headers.get("etag"), ...SurveyDraft.parse(await answer.json()) };
}
const readDraft = async () => draftIn(await send("/draft"));
const edit = async (json: object, sent: Sent = {}) =>
  draftIn(await send("/draft", { method: "PATCH", json, ...sent }));
const publish = (sent: Sent = {}) => send("/publish", { method: "POST", ...sent });
const live = async () => Survey.parse(await (await send("")).json());
const question = (text: string) => ({ en: { question: text } });

async function acts() {
  const answer = await requestUnlimited("/v1/audit?limit=100", { key: workspace.write });
  const { data } = z.object({ data: z.array(z.object({ what: z.string() })) }).parse(await answer.json());
  return data.map(({ what }) => what);
}

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

/** What two members do at once, each knowing the draft as it was before. */
const anyAct = fc.oneof(
  fc.record({
    does: fc.constant("edit" as const),
    subject: fc.stringMatching(/^[a-z]{6}$/),
    knows: fc.boolean(),
  }),
  fc.record({ does: fc.constant("publish" as const), knows: fc.boolean() }),
  fc.record({ does: fc.constant("discard" as const), knows: fc.boolean() }),
);

test("whatever members do at once, what is published is a draft as one of them wrote it, and each version has its entry", async () => {
  let calls = 0;
  const d1 = new WatchedDatabase(env.DB, async (run) => {
    await scheduler.wait(calls % 2);
    const result = await run();
    if (++calls % 7 === 0) throw new Error("D1_ERROR: Network connection lost.");
    return result;
  });
  const rounds = fc.sample(fc.array(anyAct, { minLength: 2, maxLength: 4 }), {
    seed: 20_261_129,
    numRuns: 60,
  });
  const written = new Set([(await live()).subject]);
  for (const round of rounds) {
    const { etag } = await readDraft();
    const answers = await Promise.all(
      round.map((act) => {
        const sent = act.knows ? onlyIf(etag) : {};
        if (act.does === "edit") written.add(act.subject);
        if (act.does === "edit")
          return send("/draft", { method: "PATCH", json: { subject: act.subject }, ...sent }, d1);
        return act.does === "publish"
          ? send("/publish", { method: "POST", ...sent }, d1)
          : send("/draft", { method: "DELETE", ...sent }, d1);
      }),
    );
    for (const { status } of answers) expect([200, 412]).toContain(status);
    // Of those who edited knowing the same draft, one at most is not told of the others.
    const blind = round.filter(
      ({ does, knows }, index) => does === "edit" && knows && answers[index]?.status === 200,
    );
    if (round.every(({ does, knows }) => does === "edit" && knows)) expect(blind).toHaveLength(1);
    expect(written).toContain((await live()).subject);
  }
  const { version } = await live();
  expect(version).toBeGreaterThan(5);
  expect((await acts()).filter((what) => what === "survey.changed")).toHaveLength(version - 1);
});
