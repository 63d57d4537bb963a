import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { countChunk } from "../../../worker/rollup/breakdowns.ts";
import { requestUnlimited } from "../workspace.ts";
import {
  address,
  canary,
  erase,
  eraseWhile,
  placesOf,
  respond,
  send,
  setUp,
  spelt,
  workspace,
} from "./erasures-fixture.ts";

setUp();

const encoded = encodeURIComponent(spelt);
const longer = [
  `Ann Doe <${spelt}>`,
  `<${spelt}>`,
  `mailto:${spelt}`,
  `bob@x.example, ${spelt}`,
  `https://shop.example/?email=${spelt}`,
  `https://shop.example/?email=${encoded}`,
  encoded.toLowerCase(),
];

test("an address within a longer text among properties or as a respondent is erased with its row", async () => {
  await send("POST", "/v1/breakdowns", { dimension: "property:contact" });
  const breakdown = await env.DB.prepare("SELECT ref FROM breakdowns").first<number>("ref");
  await countChunk(workspace.db, breakdown ?? 0, 100);
  for (const text of longer) {
    await respond({ properties: { contact: text } });
    await respond({ respondent: text, comment: canary });
    const claim = { id: crypto.randomUUID(), touchpoint: "relationship", rating: 3, respondent: text };
    await send("POST", "/v1/responses", claim, { key: workspace.publishable });
    await send("POST", "/v1/links", { touchpoint: "checkout", properties: { contact: text } });
    const link = await send("POST", "/v1/links", { touchpoint: "checkout", respondent: text });
    await requestUnlimited(new URL(link.url).pathname);
  }
  const n = longer.length;
  expect(await erase()).toMatchObject({
    state: "done",
    removed: { responses: 3 * n, texts: 0, invitations: 2 * n, breakdown_values: n },
  });
  expect(await placesOf(canary)).toEqual([]);
  const asked = "SELECT (SELECT COUNT(*) FROM askings) + (SELECT COUNT(*) FROM clicks) AS n";
  expect(await env.DB.prepare(asked).first("n")).toBe(0);
});

test("a claim with a name is kept as the address, and erased where it was stored with the name before", async () => {
  const row = await send(
    "GET",
    `/v1/surveys/${workspace.surveys.nps}/email?touchpoint=relationship&format=text`,
  );
  const [mailing = ""] = /\/s\/[\w-]+/.exec(row) ?? [];
  await requestUnlimited(`${mailing}?rating=3&email=${encodeURIComponent(`Ann Doe <${spelt}>`)}`);
  const claimed = {
    id: crypto.randomUUID(),
    touchpoint: "relationship",
    rating: 3,
    respondent: `Ann Doe <${spelt}>`,
  };
  await send("POST", "/v1/responses", claimed, { key: workspace.publishable });
  const claim = () => env.DB.prepare("SELECT claimed FROM responses").first("claimed");
  expect(await claim()).toBe(address);
  await env.DB.prepare("UPDATE responses SET claimed = ?1").bind(`Ann Doe <${spelt}>`).run();
  expect(await erase()).toMatchObject({ removed: { responses: 1 } });
  expect(await claim()).toBe(null);
  expect(await env.DB.prepare("SELECT COUNT(*) AS n FROM clicks").first("n")).toBe(0);
});

test("others' words about a person lose the texts with the address, and their ratings and other texts stay", async () => {
  const texts = { en: { question: "And?" } };
  const steps = [
    { id: "why", kind: "text", texts },
    { id: "also", kind: "text", texts },
    {
      id: "chosen",
      kind: "choices",
      texts,
      choices: [
        { id: "a", texts: { en: "A" } },
        { id: "b", texts: { en: "B" } },
      ],
    },
    { id: "comment", kind: "text" },
  ];
  await send("PATCH", `/v1/surveys/${workspace.surveys.nps}`, { steps });
  const about = { rating: 5, respondent: "bob", comment: `Ask ${spelt}.`, properties: { plan: "pro" } };
  const { id } = await respond({
    ...about,
    answers: { why: `see <${encoded}>`, also: "kept", chosen: ["a"] },
  });
  const other = await respond({ comment: `jo${address} was kind`, answers: { why: `${address}.org` } });
  const answered = await respond({ comment: "stays", answers: { why: `${spelt}, thanks` } });
  const score = () => send("GET", "/v1/touchpoints/relationship/score");
  const before = await score();
  expect(await erase()).toMatchObject({ state: "done", removed: { responses: 0, texts: 2 } });
  expect((await score()).score).toEqual(before.score);
  const read = (one: string) => send("GET", `/v1/responses/${one}`);
  expect(await read(id)).toMatchObject({
    rating: 5,
    respondent: "bob",
    comment: null,
    properties: { plan: "pro" },
    answers: { also: "kept", chosen: ["a"] },
  });
  expect(await read(other.id)).toMatchObject({ comment: `jo${address} was kind` });
  expect(await read(answered.id)).toMatchObject({ comment: "stays", answers: {} });
  expect(await erase()).toMatchObject({ removed: { texts: 0 } });
});

test("what is written anew while an erasure is under way stays: it was not what was found", async () => {
  const { id } = await respond({ comment: `Ask ${spelt}` });
  await eraseWhile({ id, comment: "Ask nobody", revision: 1 });
  expect(await send("GET", `/v1/responses/${id}`)).toMatchObject({ comment: "Ask nobody" });
});

test("a text that was written in another way than plain letters is removed too", async () => {
  const written = [
    `Ask ${address.replace("@", "＠")}`,
    `ask ${address.replace("@", "&#64;")}, please`,
    `${address.replace("@", "&#x40;")}`,
    `Ask \u2066${canary.slice(0, 4)}\u200b${canary.slice(4)}@\u2060shop.example\u2069`,
    "ｃａｎａｒｙ－５ｅ１ｃ＠ｓｈｏｐ．ｅｘａｍｐｌｅ",
    "Ask ｃａｎａｒｙ－５ｅ１ｃ@shop.example",
    "Ask ｃａｎａｒｙ－５ｅ１ｃ@ｓｈｏｐ．ｅｘａｍｐｌｅ",
    `Write to ${address}.Thanks`,
  ];
  for (const comment of written) await respond({ comment });
  const stays = [`Ask jo${address.replace("@", "＠")}`, "🧑‍💻 ❤️ &#64; ＠"];
  for (const comment of stays) await respond({ comment });
  await respond({ comment: "Ask O’Neil@shop.example" });
  expect(await erase()).toMatchObject({ removed: { texts: written.length } });
  expect(await erase("o'neil@shop.example")).toMatchObject({ removed: { texts: 1 } });
  const { data } = await send("GET", "/v1/responses?comment=true");
  expect(data.map((row: { comment: string }) => row.comment).sort()).toEqual(stays.sort());
});

test("an address that a program has escaped as JSON is erased with its row", async () => {
  const escaped = [
    "canary\\u002bnews@shop.example",
    "canary+news\\u0040shop.example",
    "\\ncanary+news@shop.example",
  ];
  for (const email of escaped) await respond({ properties: { user: `{"email":"${email}"}` } });
  const { id } = await respond({ properties: { user: '{"email":"jo\\u002bcanary+news@shop.example"}' } });
  expect(await erase("canary+news@shop.example")).toMatchObject({ removed: { responses: escaped.length } });
  expect((await send("GET", "/v1/responses")).data).toMatchObject([{ id }]);
});
