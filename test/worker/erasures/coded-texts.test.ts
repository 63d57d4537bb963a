import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalAddress } from "../../../shared/mail/addresses.ts";
import { mentions } from "../../../shared/mail/mentions.ts";
import { markOf, mayMention } from "../../../worker/erasures/db/found-rows.ts";

const percent = (text: string) =>
  [...new TextEncoder().encode(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
const json = (text: string) =>
  text.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
const reference = (text: string) =>
  [...text].map((letter) => (letter === "@" ? "&commat;" : `&#${letter.codePointAt(0)};`)).join("");

type Way = (text: string) => string;

/** Other letters that are read as this one. */
const drawn: Way[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => text.normalize("NFD"),
  (text) => text.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)),
  (text) => text.replace("k", "\u212a"),
  (text) => `\u200b${text}`,
  (text) => `${text}\u00ad\ufeff`,
];
const coded: Way[] = [
  percent,
  (text) => percent(text).toUpperCase(),
  (text) => percent(text).replaceAll("%", "%2525"),
  json,
  (text) => json(text).replaceAll("\\", "\\\\"),
  (text) => percent(json(text)),
  reference,
  (text) => reference(text).replaceAll("&", "&amp;"),
  (text) => reference(text).replaceAll("&", percent("&")),
  (text) => reference(text).replaceAll(";", percent(";")),
  (text) => percent(reference(text)),
  (text) => json(reference(text)),
  (text) => percent(json(reference(text))),
];
const plain: Way = (text) => text;

/** An address, and a text in which each of its letters is written in some way. */
const written = fc
  .tuple(
    fc.array(fc.constantFrom(..."annk7.+-_'é"), { minLength: 1, maxLength: 6 }),
    fc.array(
      fc.tuple(
        fc.oneof({ weight: 3, arbitrary: fc.constant(plain) }, fc.constantFrom(...drawn)),
        fc.oneof({ weight: 20, arbitrary: fc.constant(plain) }, fc.constantFrom(...coded)),
      ),
      { minLength: 7, maxLength: 7 },
    ),
    fc.constantFrom("", "Ask ", "<", "50 % of ", "https://x.example/?a=1&b="),
  )
  .map(([local, ways, before]) => {
    const letters = [...local, "@"].map((letter, index) => {
      const [draw, code] = ways[index] ?? [plain, plain];
      return code(draw(letter));
    });
    return {
      address: canonicalAddress(`${local.join("")}@shop.example`) ?? "",
      text: `${before}${letters.join("")}shop.example`,
    };
  });

test("the search in SQL passes over no text in which the address is read, however its letters are written", async () => {
  const given = fc
    .sample(written, { seed: 20_261_128, numRuns: 5000 })
    .filter(({ text, address }) => mentions(text, address))
    .map(({ text, address }) => ({ text, mark: markOf(address) }));
  expect(given.length).toBeGreaterThan(3000);
  for (const stored of ["value->>'text'", "json_array('bob', json_array(value->>'text'), NULL)"]) {
    const passedOver = `SELECT value->>'text' AS text FROM json_each(?1) WHERE NOT ${mayMention(stored, "value->>'mark'")}`;
    const { results } = await env.DB.prepare(passedOver).bind(JSON.stringify(given)).all();
    expect(results).toEqual([]);
  }
});
