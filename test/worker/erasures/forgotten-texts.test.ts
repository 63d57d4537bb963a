import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { requestUnlimited } from "../workspace.ts";
import {
  address,
  canary,
  erase,
  eraseWhile,
  form,
  placesOf,
  respond,
  send,
  setUp,
  submit,
  workspace,
} from "./erasures-fixture.ts";

setUp();

const about = {
  touchpoint: "relationship",
  rating: 3,
  comment: `Ask ${address}`,
  answers: { why: `${address} was slow`, also: "kept" },
};

beforeEach(async () => {
  const texts = { en: { question: "And?" } };
  const when = [{ bucket: ["detractor"] }];
  const steps = [
    { id: "why", kind: "text", texts, when },
    { id: "also", kind: "text", texts },
    { id: "comment", kind: "text", when },
  ];
  await send("PATCH", `/v1/surveys/${workspace.surveys.nps}`, { steps });
});

async function read(id: string) {
  const { rating, comment, answers } = await send("GET", `/v1/responses/${id}`);
  return { rating, texts: { comment, answers } };
}

/** The ways in which a response comes, each with a list of messages about it. */
const ways: Record<string, (messages: readonly object[]) => Promise<unknown>> = {
  page: async (messages) => {
    for (const message of messages)
      await send("POST", "/v1/responses", message, { key: workspace.publishable });
  },
  server: (messages) => send("POST", "/v1/responses/batch", { responses: messages }),
  import: (messages) => send("POST", "/v1/responses/batch", { responses: messages, channel: "import" }),
};

test.each(Object.entries(ways))(
  "what was forgotten stays so, whatever comes again by %s",
  async (_, sendAgain) => {
    const first = { ...about, id: crypto.randomUUID() };
    const none = { comment: null, answers: { also: "kept" } };
    await sendAgain([first]);
    expect(await erase()).toMatchObject({ removed: { responses: 0, texts: 1 } });
    const again = [
      [first],
      [first, first],
      [{ ...first, revision: 1 }],
      // A rating that asks nothing of it, then the first one.
      [{ id: first.id, touchpoint: first.touchpoint, rating: 9, revision: 2, answers: { also: "kept" } }],
      [{ ...first, revision: 3 }],
      [
        { ...first, rating: 9, revision: 4, comment: undefined },
        { ...first, revision: 5 },
      ],
      [
        { ...first, revision: 6, answers: undefined },
        { ...first, revision: 6 },
      ],
    ];
    for (const messages of again) {
      await sendAgain(messages);
      expect((await read(first.id)).texts, JSON.stringify(messages)).toEqual(none);
      expect(await placesOf(canary)).toEqual([]);
    }
    await sendAgain([{ ...first, rating: 4, revision: 7, answers: { why: "new", also: "new" } }]);
    expect(await read(first.id)).toEqual({ rating: 4, texts: { comment: null, answers: { also: "new" } } });
    expect(await erase()).toMatchObject({ removed: { texts: 0 } });
  },
);

test("what was found is forgotten, though other parts of the response change before it is written", async () => {
  const { id: rated } = await respond(about);
  const { id: anew } = await respond(about);
  const report = await eraseWhile(
    { id: rated, rating: 4, revision: 1 },
    { id: anew, revision: 1, comment: "Ask nobody", answers: { ...about.answers, also: "new" } },
  );
  expect(report).toMatchObject({ state: "done", removed: { responses: 0, texts: 2 } });
  expect(await read(rated)).toEqual({ rating: 4, texts: { comment: null, answers: { also: "kept" } } });
  expect(await read(anew)).toEqual({ rating: 3, texts: { comment: "Ask nobody", answers: { also: "new" } } });
  expect(await placesOf(canary)).toEqual([]);
});

test("nor does it come back by the link on which it was written", async () => {
  for (const changeable of [true, false]) {
    const link = await send("POST", "/v1/links", { touchpoint: "checkout", changeable });
    const write = () => submit(new URL(link.url).pathname, `rating=3&comment=Ask ${address}`);
    await write();
    expect(await erase()).toMatchObject({ removed: { texts: 1 } });
    await write();
    expect(await placesOf(canary)).toEqual([]);
    expect(await send("GET", `/v1/responses/${link.response}`)).toMatchObject({ rating: 3, comment: null });
  }
});

test("a response whose comment was forgotten is listed as one without", async () => {
  const { id } = await respond(about);
  const other = await respond({ rating: 3, comment: "Fast" });
  await erase();
  const ids = async (comment: boolean) =>
    (await send("GET", `/v1/responses?comment=${comment}`)).data.map((row: { id: string }) => row.id);
  expect(await ids(true)).toEqual([other.id]);
  expect(await ids(false)).toEqual([id]);
  expect(await env.DB.prepare("SELECT comment FROM responses WHERE id = ?").bind(id).first("comment")).toBe(
    "",
  );
});

test("nobody can send an empty text, which is what stands for one that was forgotten", async () => {
  const { publishable, write } = workspace;
  const post = (path: string, key: string, json: object) => requestUnlimited(path, { key, json });
  for (const empty of ["", " ", "\n", "\0", "\ufeff"])
    for (const said of [{ comment: empty }, { answers: { also: empty } }, { answers: { also: [empty] } }]) {
      const message = () => ({ ...about, id: crypto.randomUUID(), ...said });
      for (const key of [publishable, write]) await post("/v1/responses", key, message());
      for (const channel of ["api", "import"])
        await post("/v1/responses/batch", write, { channel, responses: [message()] });
    }
  for (const touchpoint of ["checkout", "relationship"]) {
    const { url } = await send("POST", "/v1/links", { touchpoint });
    const posted = await requestUnlimited(new URL(url).pathname, {
      body: "rating=3&comment=+",
      method: "POST",
      headers: form,
    });
    const next = posted.headers.get("location") ?? "";
    for (const step of ["why", "also", "comment"])
      await requestUnlimited(next, { body: `step=${step}&answer=+`, method: "POST", headers: form });
  }
  const empties = `SELECT COUNT(*) AS n FROM responses WHERE comment = ''
    OR EXISTS (SELECT 1 FROM json_tree(answers) WHERE json_tree.value = '')`;
  expect(await env.DB.prepare(empties).first("n")).toBe(0);
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM responses").first("n")).toBe(17);
});
