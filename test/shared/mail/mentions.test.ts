import { expect, test } from "vitest";
import { canonicalSpelling } from "../../../shared/mail/addresses.ts";
import { claimedSpelling, mentions, standsFor, storedSpellings } from "../../../shared/mail/mentions.ts";

const ann = "ann@shop.example";

test.each([
  ann,
  " ANN@Shop.Example. ",
  "Ann Doe <Ann@shop.example>",
  '"Ann Doe" <ann@shop.example>',
  "mailto:ann@shop.example?subject=Hello",
  "bob@x.example, ann@shop.example",
  "bob@x.example;ann@shop.example;",
  "https://shop.example/?email=ann@shop.example&x=1",
  "https://shop.example/?email=ann%40shop.example",
  "Ann%20Doe%20%3Cann%40SHOP.example%3E",
  "https://x.example/?to=https%3A%2F%2Fshop.example%2F%3Femail%3Dann%2540shop.example",
  "100% sure, 40 %FF%40 times: ann%40shop.example",
  "%FFann%40shop.example",
  "Write to ann@shop.example.",
  "Write to ann@shop.example... or not",
  "(ann@shop.example)",
  "'ann@shop.example'",
  "_ann@shop.example_",
  "-ann@shop.example",
  "ann@shop.example/orders",
  "ann@shop.example - my address",
  "joann@shop.example ann@shop.example",
  "ann@@shop.example ann@shop.example",
  "連絡先はann@shop.exampleです",
  "Ask ann＠shop.example, please",
  "ａｎｎ＠ｓｈｏｐ．ｅｘａｍｐｌｅ",
  "ann&#64;shop.example",
  "ann&commat;shop&period;example",
  "ann&amp;#64;shop.example",
  "&#x61;&#X6E;n&#x00040;shop.example!",
  "&lt;ann@shop.example&gt;",
  "a\u200bnn@shop\u00ad.example",
  "\ufeffann\u2060@\u200eshop.example\u200f",
  "contact\u200bann@shop.example",
  String.raw`{"email":"ann\u0040shop.example"}`,
  String.raw`{"from":"\u003cann@shop.example\u003e"}`,
  String.raw`"{\"email\":\"\\u0061nn\\uFF20shop.example\"}"`,
  String.raw`\u0026lt;ann\u0026#64;shop.example`,
  String.raw`{"note":"Contact:\nann@shop.example\r\n"}`,
  String.raw`{"note":"\t- ann@shop.example"}`,
  "Write to Ann@shop.example.Thanks!",
  "ann@shop.example.Élise knows",
  "ann@shop.example\u200bnext",
])("%j has Ann's address", (text) => {
  expect(mentions(text, ann)).toBe(true);
});

test.each([
  "",
  "@",
  "ann@",
  "ann at shop.example",
  "joann@shop.example",
  "jo.ann@shop.example",
  "jo-ann@shop.example",
  "jo_ann@shop.example",
  "jo+ann@shop.example",
  "jo%ann@shop.example",
  "o'ann@shop.example",
  "jö.ann@shop.example",
  "7ann@shop.example",
  "jo%2Bann%40shop.example",
  "ann+shop@shop.example",
  "ann@shop.example.org",
  "ann@shop.examples",
  "ann@shop.example-7",
  "ann@shop.example1",
  "ann@shop.exampleö.org",
  "ann@my.shop.example",
  "ann@shop",
  "joann＠shop.example",
  "ｊｏann@shop.example",
  "jo&#46;ann&#64;shop.example",
  "jo&lowbar;ann&commat;shop.example",
  "&#64; &#x; &#99999999; &# ann@",
  String.raw`{"email":"jo\u002eann\u0040shop.example"}`,
  String.raw`{"email":"\njo.ann@shop.example"}`,
  String.raw`\u00 \u \uann@`,
  "Ann@Shop.Example.Org",
  "ANN@SHOP.EXAMPLE.ORG",
  "ann@shop.example.thanks",
  "bob@shop.example;jo.Ann@shop.example",
])("%j has not", (text) => {
  expect(mentions(text, ann)).toBe(false);
});

test("a domain and a local part in other scripts are found in each of their spellings", () => {
  for (const text of ["<Ann@BÜCHER.example>", "x: ann@xn--bcher-kva.example", "ann%40b%C3%BCcher.example"])
    expect(mentions(text, canonicalSpelling("ann@bücher.example")), text).toBe(true);
  const elise = canonicalSpelling("Élise@shop.example");
  for (const text of ["<e\u0301lise@shop.example>", "?e=%C3%89lise%40shop.example"])
    expect(mentions(text, elise), text).toBe(true);
  expect(mentions("lise@shop.example, анна@shop.example", elise)).toBe(false);
  expect(mentions("жанна@shop.example", "анна@shop.example")).toBe(false);
});

test("what JSON writes in another way is read as it was", () => {
  const others = {
    "canary+news@x.example": "canary\\u002bnews@x.example",
    "jo/ann@x.example": "jo\\/ann@x.example",
  };
  for (const [address, text] of Object.entries(others))
    for (const one of [text, `{"email":"${text}"}`]) expect(mentions(one, address), one).toBe(true);
  // A sign of JSON's, or the name in a domain of Windows.
  for (const address of ["ann@x.example", "nann@x.example"])
    expect(mentions(String.raw`SHOP\nann@x.example`, address)).toBe(true);
  expect(mentions(String.raw`SHOP\bob@x.example`, "bob@x.example")).toBe(true);
});

test("an apostrophe is one, typed or typographic", () => {
  for (const text of [
    "o'neil@shop.example",
    "Ask O’Neil@shop.example.",
    "oʼneil@shop.example",
    "o‘neil＠shop.example",
  ])
    expect(mentions(text, "o'neil@shop.example"), text).toBe(true);
  expect(mentions("write to o'neil@shop.example", "o’neil@shop.example")).toBe(true);
  expect(mentions("o’neil@shop.example", "neil@shop.example")).toBe(false);
});

test.each([
  "tom&ann@shop.example",
  "jo/ann@shop.example",
  "_ann@shop.example",
  "-ann@shop.example",
  "!ann@shop.example",
  " $Ann@Shop.example. ",
  "*ann@shop.example",
  "ann@shop.example.рф",
  "Tom <tom&ann@shop.example>",
  "mailto:tom&ann@shop.example",
  "tom%26ann%40shop.example",
  "tom&amp;ann&commat;shop.example",
  "~jo.ann@shop.example",
  "auth0|jo.ann@shop.example",
  "users/joann@shop.example",
  "ann@shop.example.Org",
  String.raw`jo\/ann@shop.example`,
  "joann@shop.exampleに",
  "joann@shop.example",
])("%j as a whole is somebody else's mailbox", (value) => {
  expect(standsFor(value, ann)).toBe(false);
});

test.each([
  ann,
  " ANN@Shop.Example. ",
  "Ann Doe <Ann@shop.example>",
  "MAILTO:ann@shop.example",
  "mailto:bob@x.example?cc=ann@shop.example",
  "ann@shop.example <list@x.example>",
  "tom&bob@x.example, -ann@shop.example",
  "https://shop.example/?email=ann@shop.example",
  "/users/ann@shop.example",
  "orders?email=ann@shop.example",
  "plan=pro&email=ann@shop.example",
  "ann＠shop.example",
  "a\u200bnn@shop.example",
  "'ann@shop.example",
  "’ann@shop.example",
  "auth0|ann@shop.example",
  "samlp|okta|ann@shop.example",
  "users/ann@shop.example",
  "people/ann@shop.example",
  "shop.example/ann@shop.example",
  "v1/user/ann@shop.example",
  "#ann@shop.example",
  "{ann@shop.example",
  "`ann@shop.example",
  "~ann@shop.example",
  "ann@shop.exampleに",
  "ann@shop.exampleсюда",
  "ann&commat;shop.example",
])("%j as a whole is Ann, or a text with her address", (value) => {
  expect(standsFor(value, ann)).toBe(true);
});

test("a longer text that may mean one mailbox or another has the address", () => {
  for (const text of ["a=1&ann@shop.example", "see -ann@shop.example", "x /ann@shop.example"])
    expect(mentions(text, ann), text).toBe(true);
});

test("a long text is searched in time that grows with its length", () => {
  const begun = performance.now();
  for (const part of [
    "%25",
    "%",
    "@",
    "ann@",
    "a.",
    "-",
    "%FF%40",
    "ann@shop.",
    "ann@a-",
    "&#",
    "&#64",
    "\\",
    "\\u",
    "\\u0040",
    "\\n",
    "@a.",
    "A.",
    "\u200b",
    "’",
  ])
    expect(mentions(part.repeat(20_000), ann)).toBe(false);
  expect(performance.now() - begun).toBeLessThan(5000);
});

test("a claim is kept as the address that it names, and anything else as it was", () => {
  for (const given of [
    "Ann Doe <Ann@shop.example>",
    "<ann@shop.example>",
    "MAILTO:ann@Shop.example",
    "<mailto:ann@shop.example>",
    "ann%40shop.example",
    "Ann%20Doe%20%3Cann%40shop.example%3E",
    "mailto:ann@shop.example?subject=Hello",
    "ann＠shop.example",
    "ann&#64;shop.example",
  ])
    expect(claimedSpelling(given), given).toBe(ann);
  for (const given of ["customer-7", "50%25", "a <b>", "x <y@>", "ann@shop.example, bob@x.example"])
    expect(claimedSpelling(given)).toBe(given);
});

test("whom a request names is looked up by the address that it holds, and as it was written", () => {
  for (const given of ["Ann <Ann@shop.example>", "ann%40shop.example", "mailto:Ann@shop.example"])
    expect(storedSpellings(given)).toEqual(expect.arrayContaining([ann, given]));
  expect(storedSpellings("Ann@shop.example")).toEqual([ann, "Ann@shop.example"]);
  expect(storedSpellings("mailto:Ann@shop.example")[0]).toBe(ann);
  expect(storedSpellings("customer-7")).toEqual(["customer-7"]);
});
