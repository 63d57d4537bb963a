import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { TEXTS } from "../../../shared/surveys/languages.ts";
import { nextMs } from "../clock.ts";
import {
  newLink,
  pathOf,
  responseOf,
  scoreOf,
  setUp,
  submit,
  submitted,
  workspace,
} from "../invitations/invitations-fixture.ts";
import { isWrite, WatchedDatabase } from "../watched.ts";
import { requestUnlimited } from "../workspace.ts";

setUp();

const heading = (html: string) => /<h1>(?:<label[^>]*>)?([^<]*)/.exec(html)?.[1];

const choice = (id: string) => ({ id, texts: { en: id } });

const flow = {
  steps: [
    {
      id: "why",
      kind: "choices",
      texts: { en: { question: "Why?" } },
      choices: [choice("price"), choice("speed")],
      when: [{ bucket: ["detractor", "passive"] }],
    },
    {
      id: "again",
      kind: "rating",
      texts: { en: { question: "Again?" } },
      scale: { min: 1, max: 3 },
      when: [{ step: "why", is: ["price"] }],
    },
    { id: "where", kind: "text", texts: { en: { question: "Where?" } } },
    { id: "comment", kind: "text", texts: {} },
  ],
  thanks: [
    {
      buckets: ["detractor"],
      texts: { en: { text: "Sorry", link: "Talk to us" } },
      url: "https://a.example/talk",
    },
  ],
};

test("steps and thanks follow the rating as in the widget, page by page, without scripts", async () => {
  await requestUnlimited(`/v1/surveys/${workspace.surveys.nps}`, {
    method: "PATCH",
    key: workspace.write,
    json: flow,
  });
  const link = await newLink();
  const first = await (await requestUnlimited(pathOf(link.url))).text();
  expect(first).not.toContain('name="comment"');
  const why = await submitted(pathOf(link.url), { rating: "2" });
  expect([heading(why.html), why.html.match(/type="checkbox"/g)?.length]).toEqual(["Why?", 2]);
  const again = await submitted(why.at, [
    ["step", "why"],
    ["answer", "price"],
    ["answer", "forged"],
    ["answer", "speed"],
  ]);
  expect([heading(again.html), again.html.match(/type="radio"/g)?.length]).toEqual(["Again?", 3]);
  const where = await submitted(again.at, { step: "again", answer: "2" });
  expect(heading(where.html)).toBe("Where?");
  // The respondent goes back, and sends the same page again.
  expect(heading((await submitted(again.at, { step: "why", answer: "speed" })).html)).toBe("Again?");
  const comment = await submitted(where.at, { step: "where", answer: " Shop\r\n2 " });
  expect(heading(comment.html)).toBe(TEXTS.en.comment);
  expect(comment.html).toContain(`<button type="submit">${TEXTS.en.send}</button>`);
  const done = await submitted(comment.at, { step: "comment", answer: "Too dear" });
  expect(heading(done.html)).toBe("Sorry");
  expect(done.html).toContain('<a href="https://a.example/talk" rel="noopener">Talk to us</a>');
  expect(await responseOf(link)).toMatchObject({
    rating: 2,
    comment: "Too dear",
    answers: { why: ["price", "speed"], again: 2, where: "Shop\n2" },
  });
  expect(await scoreOf()).toEqual({ n: 1 });
});

test("of a link that takes one answer each step takes one too, whoever goes back", async () => {
  const sent = { method: "PATCH", key: workspace.write, json: flow };
  await requestUnlimited(`/v1/surveys/${workspace.surveys.nps}`, sent);
  const link = await newLink({ changeable: false });
  const why = await submitted(pathOf(link.url), { rating: "2" });
  const again = await submitted(why.at, { step: "why", answer: "price" });
  const where = await submitted(again.at, { step: "again", answer: "2" });
  await submitted(why.at, { step: "why", answer: "speed" });
  await Promise.all([
    submit(again.at, { step: "again", answer: "3" }),
    submit(pathOf(link.url), { rating: "9" }),
  ]);
  const comment = await submitted(where.at, { step: "where", answer: "Shop" });
  await submitted(where.at, { step: "where", answer: "Elsewhere" });
  await submitted(comment.at, { step: "comment", answer: "Too dear" });
  await submitted(comment.at, { step: "comment", answer: "Cheap" });
  expect(await responseOf(link)).toMatchObject({
    rating: 2,
    comment: "Too dear",
    answers: { why: ["price"], again: 2, where: "Shop" },
  });
  expect(await scoreOf()).toEqual({ n: 1 });
});

test("steps may be left out, are asked by what was answered, and refuse what is too long", async () => {
  await requestUnlimited(`/v1/surveys/${workspace.surveys.nps}`, {
    method: "PATCH",
    key: workspace.write,
    json: flow,
  });
  const link = await newLink();
  const where = await submitted(pathOf(link.url), { rating: "9" });
  expect(heading(where.html)).toBe("Where?");
  expect((await submit(where.at, { step: "where", answer: "x".repeat(501) })).status).toBe(422);
  const comment = await submitted(where.at, { step: "where", answer: "" });
  const done = await submitted(comment.at, { step: "comment" });
  expect(heading(done.html)).toBe(TEXTS.en.thanks);
  expect(await responseOf(link)).toMatchObject({ rating: 9, comment: null, answers: {} });
  // No step without a rating before it, nor by another link's progress.
  const other = await newLink();
  expect((await submit(pathOf(other.url), { step: "where", answer: "Here" })).status).toBe(404);
  const foreign = `${pathOf(other.url)}?${where.at.split("?")[1]}`;
  expect((await submit(foreign, { step: "where", answer: "Here" })).status).toBe(404);
});

const text = (id: string) => ({ id, kind: "text", texts: { en: { question: `${id}?` } } });

const ask = async (steps: readonly object[] | null) => {
  const sent = { method: "PATCH", key: workspace.write, json: { steps } };
  expect((await requestUnlimited(`/v1/surveys/${workspace.surveys.nps}`, sent)).status).toBe(200);
};

test.each([true, false])(
  "steps that are sent at once are all stored (changeable: %s)",
  async (changeable) => {
    await ask([...["a", "b", "c", "d"].map(text), { id: "comment", kind: "text" }]);
    const link = await newLink({ changeable });
    const { at } = await submitted(pathOf(link.url), { rating: "9" });
    const ids = ["a", "b", "c", "d", "comment"];
    const sent = await Promise.all(ids.map((id) => submit(at, { step: id, answer: `to ${id}` })));
    expect(sent.map(({ status }) => status)).toEqual(ids.map(() => 303));
    expect(await responseOf(link)).toMatchObject({
      rating: 9,
      comment: "to comment",
      answers: { a: "to a", b: "to b", c: "to c", d: "to d" },
    });
  },
);

test("a step takes back no rating that is stored meanwhile", async () => {
  await ask([text("a")]);
  const link = await newLink();
  const { at } = await submitted(pathOf(link.url), { rating: "9" });
  await nextMs();
  let isFirst = true;
  const d1 = new WatchedDatabase(env.DB, async (run, statements) => {
    if (isFirst && isWrite(statements)) {
      isFirst = false;
      await submit(pathOf(link.url), { rating: "2" });
    }
    return run();
  });
  const body = "step=a&answer=to+a";
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  expect((await requestUnlimited(at, { method: "POST", headers, body }, d1)).status).toBe(303);
  expect(await responseOf(link)).toMatchObject({ rating: 2, answers: { a: "to a" } });
});

test("a step that is being answered while others come and go is stored, and all that is asked now follows", async () => {
  for (const [changed, headings] of [
    [["b", "z"], ["z?"]],
    [["a", "z"], ["z?"]],
    [["a", "b", "z"], ["z?"]],
    [
      ["new", "z"],
      ["new?", "z?"],
    ],
    [
      ["z", "a", "b", "new"],
      ["z?", "new?"],
    ],
    [[], []],
    [null, []],
  ] as const) {
    await ask(["a", "b", "z"].map(text));
    const link = await newLink();
    const a = await submitted(pathOf(link.url), { rating: "9" });
    const b = await submitted(a.at, { step: "a", answer: "to a" });
    expect(heading(b.html)).toBe("b?");
    await ask(changed === null ? null : changed.map(text));
    let next = await submitted(b.at, { step: "b", answer: "to b" });
    for (const asked of headings) {
      expect(heading(next.html), `${changed}`).toBe(asked);
      next = await submitted(next.at, { step: asked.slice(0, -1), answer: `to ${asked.slice(0, -1)}` });
    }
    expect(heading(next.html), `${changed}`).toBe(TEXTS.en.thanks);
    const now = headings.map((asked) => asked.slice(0, -1));
    expect((await responseOf(link)).answers, `${changed}`).toEqual(
      Object.fromEntries(["a", "b", ...now].map((id) => [id, `to ${id}`])),
    );
  }
});

test("a comment is stored that was written where the page asked for one, and is not asked for again", async () => {
  const comment = { id: "comment", kind: "text" };
  for (const [steps, next] of [
    [[{ ...comment, when: [{ bucket: ["detractor"] }] }, text("where")], "where?"],
    [[text("where"), comment], "where?"],
    [[comment], TEXTS.en.thanks],
    [[], TEXTS.en.thanks],
  ] as const) {
    await ask(null);
    const link = await newLink();
    await requestUnlimited(pathOf(link.url));
    await ask(steps);
    const page = await submitted(pathOf(link.url), { rating: "9", comment: "Too dear" });
    expect(heading(page.html)).toBe(next);
    const last = next === "where?" ? await submitted(page.at, { step: "where", answer: "Shop" }) : page;
    expect(heading(last.html)).toBe(TEXTS.en.thanks);
    expect(await responseOf(link)).toMatchObject({ rating: 9, comment: "Too dear" });
    // The comment is a step's page, and the owner asks for it otherwise.
    await ask([comment]);
    const other = await newLink();
    const step = await submitted(pathOf(other.url), { rating: "9" });
    await ask(null);
    await submitted(step.at, { step: "comment", answer: "Too dear" });
    expect(await responseOf(other)).toMatchObject({ rating: 9, comment: "Too dear" });
  }
});
