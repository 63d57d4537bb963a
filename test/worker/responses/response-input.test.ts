import { expect, test } from "vitest";
import { SavedResponse } from "../../../shared/contract/responses.ts";
import { largestResponse } from "../../largest-input.ts";
import { expectProblem, type Refusal } from "../problems.ts";
import { request } from "../workspace.ts";
import { askSteps, read, save, saved, setUp, step, storedRows, workspace } from "./responses-fixture.ts";

setUp();

const long = (length: number) => "x".repeat(length);

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, n]));

const refusals: Refusal[] = [
  ["an id that is no UUID", { id: "1" }, ["/id"]],
  ["an id that is a number", { id: 7 }, ["/id"]],
  ["no id", { id: undefined }, ["/id"]],
  ["a touchpoint with capitals", { touchpoint: "Checkout" }, ["/touchpoint"]],
  ["a touchpoint of 65 letters", { touchpoint: long(65) }, ["/touchpoint"]],
  ["an unknown touchpoint", { touchpoint: "nowhere" }, ["/touchpoint"]],
  ["an unknown survey", { survey: "srv_nothing" }, ["/survey"]],
  ["a survey of 41 letters", { survey: long(41) }, ["/survey"]],
  ["a rating above the scale", { rating: 11 }, ["/rating"]],
  ["a rating below the scale", { rating: -1 }, ["/rating"]],
  ["half a rating", { rating: 4.5 }, ["/rating"]],
  ["a rating as text", { rating: "9" }, ["/rating"]],
  ["an empty rating", { rating: "" }, ["/rating"]],
  ["a rating of null", { rating: null }, ["/rating"]],
  ["no rating", { rating: undefined }, ["/rating"]],
  ["a comment of 4001 letters", { comment: long(4001) }, ["/comment"]],
  ["a negative revision", { revision: -1 }, ["/revision"]],
  ["a fractional revision", { revision: 0.5 }, ["/revision"]],
  ["a revision beyond exact integers", { revision: 2 ** 53 }, ["/revision", "/revision"]],
  ["two wrong fields at once", { rating: "x", locale: 1 }, ["/rating", "/locale"]],
];

/** Mistakes of the page, not of the visitor. */
const pageMistakes: Refusal[] = [
  ["a comment that is not text", { comment: 1 }, ["/comment"]],
  ["an empty comment", { comment: "" }, ["/comment"]],
  ["a comment of white space", { comment: "  \n" }, ["/comment"]],
  ["a comment with NUL", { comment: "a\0b" }, ["/comment"]],
  ["a comment with half a surrogate pair", { comment: "a\ud83d" }, ["/comment"]],
  ["a time without zone", { answered_at: "2026-10-01T00:00:00" }, ["/answered_at"]],
  ["a time as people write it", { answered_at: "28.11.2026" }, ["/answered_at"]],
  ["a day that does not exist", { answered_at: "2026-02-30T00:00:00Z" }, ["/answered_at"]],
  ["a time as a number", { answered_at: 1 }, ["/answered_at"]],
  ["a locale that is none", { locale: "../etc" }, ["/locale"]],
  ["a locale with an underscore", { locale: "en_US" }, ["/locale"]],
  ["an empty locale", { locale: "" }, ["/locale"]],
  ["21 properties", { properties: many(21) }, ["/properties/p20"]],
  ["a property's name with a space", { properties: { "a b": 1 } }, ["/properties/a b"]],
  ["a nested property", { properties: { plan: {} } }, ["/properties/plan"]],
  ["a property of null", { properties: { plan: null } }, ["/properties/plan"]],
  ["a property of 501 letters", { properties: { plan: long(501) } }, ["/properties/plan"]],
  ["a property with NUL", { properties: { plan: "\0" } }, ["/properties/plan"]],
  ["a property with half a surrogate pair", { properties: { plan: "\udc00" } }, ["/properties/plan"]],
  ["properties as a list", { properties: [] }, ["/properties"]],
  ["a respondent of 201 letters", { respondent: long(201) }, ["/respondent"]],
  ["a respondent with NUL", { respondent: "a\0" }, ["/respondent"]],
  ["an empty respondent", { respondent: "" }, ["/respondent"]],
  ["a hash of 129 letters", { respondent_hash: long(129) }, ["/respondent_hash"]],
];

test("each wrong field is refused by its name, and nothing is stored", async () => {
  for (const [what, fields, pointers] of refusals)
    await expectProblem(await save(Object(fields)), "invalid-input", pointers, what);
  for (const [what, fields, pointers] of [...refusals, ...pageMistakes])
    await expectProblem(await save(Object(fields), workspace.write), "invalid-input", pointers, what);
  expect(await storedRows()).toEqual([]);
});

test("what a page gets wrong costs no answer: it is left out and named, and a wrong answer is still refused", async () => {
  for (const [what, fields, pointers] of pageMistakes) {
    const answer = await save(Object(fields));
    const { ignored } = SavedResponse.parse(await answer.json());
    expect([answer.status, ignored?.map(({ pointer }) => pointer)], what).toEqual([201, pointers]);
    const wrong = await save({ rating: "x", ...Object(fields) });
    await expectProblem(wrong, "invalid-input", ["/rating", ...pointers], what);
  }
  expect(await storedRows()).toHaveLength(pageMistakes.length);
});

test("of what a visitor wrote only what cannot be stored is taken away, and a page is told", async () => {
  await askSteps([step.text("why"), step.text("what"), step.comment]);
  const sent = { comment: " \0Great \ud83d\r\nshop\0 ", answers: { why: "cut \udc00", what: "\0" } };
  const answer = await save(sent);
  const { id, ignored } = SavedResponse.parse(await answer.json());
  expect(ignored?.map(({ pointer }) => pointer)).toEqual(["/comment", "/answers/why", "/answers/what"]);
  expect(await read(id)).toMatchObject({ comment: "Great \ufffd\nshop", answers: { why: "cut \ufffd" } });
});

test("of a page's properties the valid ones are kept, and of those the first twenty", async () => {
  const { properties } = await saved({ properties: { "a b": 1, cart: {}, ...many(25), plan: null } });
  expect(properties).toEqual(many(20));
});

test("the limits themselves are accepted", async () => {
  const response = await saved({
    comment: "🙂".repeat(2000),
    properties: { ...many(19), text: long(500) },
    revision: Number.MAX_SAFE_INTEGER,
  });
  expect(response.comment).toBe("🙂".repeat(2000));
  expect(Object.keys(response.properties)).toHaveLength(20);
});

test("a body that is not JSON cannot be read, and one that is no object is not valid", async () => {
  const headers = { "content-type": "application/json" };
  const send = (body: string) =>
    request("/v1/responses", { key: workspace.publishable, body, headers, method: "POST" });
  for (const body of ["null", "[]", '"text"', "1", "true"])
    await expectProblem(await send(body), "invalid-input", [""], body);
  for (const body of ["", "{", "rating=9", '{"rating":NaN}', "{'rating':9}"])
    await expectProblem(await send(body), "malformed-request", undefined, body);
});

test("a form, and whatever else is not JSON, is not taken", async () => {
  const form = ["application/x-www-form-urlencoded", "multipart/form-data"];
  for (const type of [...form, "text/html", "application/jsonp"]) {
    const sent = { key: workspace.publishable, body: "{}", headers: { "content-type": type } };
    await expectProblem(await request("/v1/responses", sent), "unsupported-media-type", undefined, type);
  }
});

/** JSON with every letter of its strings as an escape: of six bytes, an emoji of twelve. */
const escaped = (json: string) =>
  json.replace(/"[^"]*"/g, (string) => {
    const units = string.slice(1, -1).split("");
    return `"${units.map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}"`;
  });

test("the largest response of the contract is saved whole, from pages and servers, in the widest encoding", async () => {
  const written = ["a", "b", "c", "d"].map((letter) => letter.repeat(32));
  await askSteps([...written.map((id) => step.text(id)), step.comment]);
  // The contract counts an emoji as one letter, which JSON has two escapes for.
  const inEmoji = (said: object) => JSON.parse(JSON.stringify(said).replaceAll("€", "😀"));
  const largest = () => inEmoji(largestResponse());
  const { comment, answers, properties } = largest();
  const fitting = Object.fromEntries(written.map((id) => [id, "😀".repeat(500)]));
  for (const key of [workspace.publishable, workspace.write])
    for (const write of [String, escaped])
      for (const said of [answers, fitting]) {
        const sent = { ...largest(), survey: workspace.surveys.nps, answers: said };
        const body = write(JSON.stringify(sent));
        const headers = { "content-type": "application/json" };
        const answer = await request("/v1/responses", { method: "POST", key, headers, body });
        expect(answer.status).toBe(201);
        const stored = await read(sent.id);
        expect(stored).toMatchObject({ comment, properties });
        expect(stored.answers).toEqual(said === fitting ? fitting : {});
      }
});

test("a body that is larger than any response is refused, and the page may read why", async () => {
  const answer = await save({ ignored: long(280_000) });
  await expectProblem(answer, "body-too-large");
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
});

const badAnswers: [unknown, unknown, string[]][] = [
  ["price", {}, ["/answers"]],
  [{ Why: "price", ok: 1 }, { ok: 1 }, ["/answers/Why"]],
  [{ why: "x".repeat(501), ok: 1 }, { why: "x".repeat(500), ok: 1 }, ["/answers/why"]],
  [{ why: "😀".repeat(501) }, { why: "😀".repeat(500) }, ["/answers/why"]],
  [{ why: null, more: ["a"] }, { more: ["a"] }, ["/answers/why"]],
  [{ more: ["\0", "a"], ok: 1 }, { ok: 1 }, ["/answers/more/0"]],
  [{ more: Array(13).fill("a"), ok: 1 }, { ok: 1 }, ["/answers/more"]],
  [{ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 }, {}, ["/answers"]],
];

test("a wrong answer to a step is left out, and costs a page neither the others nor the rating", async () => {
  await askSteps([step.text("why"), step.choices("more", "a", "b"), step.rating("ok")]);
  for (const [answers, kept, pointers] of badAnswers) {
    const answer = await save({ answers });
    const { id, ignored } = SavedResponse.parse(await answer.json());
    expect(ignored?.map(({ pointer }) => pointer)).toEqual(pointers);
    expect(await read(id)).toMatchObject({ rating: 9, answers: kept });
    await expectProblem(await save({ answers }, workspace.write), "invalid-input", pointers);
  }
});
