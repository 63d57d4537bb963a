import fc from "fast-check";
import { expect, test } from "vitest";
import { addressOf, deviceProperty, type Rules, refusal } from "../../../shared/asking/asking.ts";
import { compilePage, compileRules } from "../../../shared/asking/rules.ts";
import { PageForm } from "../../../shared/contract/surveys/rules.ts";

const onPage = (rules: Omit<Rules, "clocks">, url: string) =>
  refusal({ ...rules, clocks: [] }, addressOf(url), {}, 0.5, [], 0) === 0;
const clock = { survey: "srv_1", wait: 30, isTab: false };
const compiled = (form: PageForm, url: string) => onPage({ pages: compilePage(form) }, url);

/** The same question answered by regular expressions: the head is path or address, and the first ? begins the query. */
function naive(form: PageForm, url: string): boolean {
  const [[kind, pattern] = ["", ""]] = Object.entries(form);
  const { origin, pathname, search, href } = new URL(url);
  const query = href.split("#")[0]?.endsWith("?") ? "?" : search;
  const whole =
    (kind === "is" || kind === "glob") && /^\w+:\/\/[^/?]*[^/?*](\?.*)?$/s.test(pattern)
      ? pattern.replace(/(\?|$)/, "/$1")
      : pattern;
  const mark = whole.indexOf("?");
  const host = kind === "contains" ? null : /^\w+:\/\/[^/?]+(?=\/)/.exec(whole);
  const source = (text: string): string =>
    host && text.startsWith(host[0])
      ? sourceOf(host[0], "[^/]*") + sourceOf(text.slice(host[0].length), "[^]*")
      : sourceOf(text, "[^]*");
  const sourceOf = (text: string, star: string) =>
    text
      .split(kind === "glob" ? /\*/ : /(?!)/)
      .map((literal) => literal.replace(/[^!-~]/gu, encodeURI).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(star);
  const before = kind === "contains" ? "[^]*" : "";
  const after = kind === "contains" || kind === "starts_with" ? "[^]*" : "";
  const head = source(mark < 0 ? whole : whole.slice(0, mark));
  const address = (pattern.startsWith("/") ? "" : origin) + pathname;
  if (mark < 0) return new RegExp(`^${before}${head}${after}$`).test(address);
  const tail = source(whole.slice(mark));
  return new RegExp(`^${before}${head}$`).test(address) && new RegExp(`^${tail}${after}$`).test(query);
}

const host = fc.constantFrom("shop.a", "a.b", "a.shop", "a:8080");
const part = fc.constantFrom("a", "b", "shop", "a.b", "", "ab", "ü", "c%20d");
const path = fc.array(part, { maxLength: 4 }).map((parts) => `/${parts.join("/")}`);
const search = fc.constantFrom("", "?", "?a", "?a=/a/b", "?x=shop&a", "?a?b", "?u=https://shop.a/a");
const url = fc
  .tuple(fc.constantFrom("https", "http"), host, path, search, fc.constantFrom("", "#/a", "#?a b"))
  .map(([scheme, at, where, asks, hash]) => new URL(`${scheme}://${at}${where}${asks}${hash}`).href);

/** A piece of a real address, or something else, with stars in it, so that patterns match fairly often. */
const pattern = fc
  .tuple(url, fc.nat(40), fc.nat(60), fc.array(fc.nat(60), { maxLength: 4 }), fc.boolean(), fc.boolean())
  .map(([address, from, to, stars, fromPath, cut]) => {
    const whole = (address.split("#")[0] ?? "").replace(fromPath ? /^\w+:\/\/[^/]+/ : "", "");
    const some = cut ? whole.slice(from, from + to) : whole.slice(0, Math.max(to, 1));
    return {
      some,
      starred: stars.reduce((text, at) => text.slice(0, at) + text.slice(at).replace(/^./, "*"), some),
    };
  });
const form = pattern.chain(({ some, starred }) =>
  fc
    .constantFrom(
      { is: some },
      { starts_with: some },
      { contains: some },
      { glob: starred },
      { glob: `*${starred}` },
    )
    .filter((candidate) => PageForm.safeParse(candidate).success)
    .map((candidate) => PageForm.parse(candidate)),
);

test("a page matches each form of pattern as regular expressions say that it does", () => {
  let matched = 0;
  let missed = 0;
  const property = fc.property(form, url, (one, address) => {
    const expected = naive(one, address);
    expected ? matched++ : missed++;
    expect(
      compiled(one, address),
      `${JSON.stringify(one)} ${address} ${JSON.stringify(compilePage(one))}`,
    ).toBe(expected);
  });
  fc.assert(property, { seed: 20_261_127, numRuns: 60_000, endOnFailure: true });
  expect(matched).toBeGreaterThan(6_000);
  expect(missed).toBeGreaterThan(6_000);
});

test("the usual patterns are a few bytes", () => {
  expect(compilePage({ is: "/cart" })).toEqual([[" /cart "]]);
  expect(compilePage({ starts_with: "/shop/" })).toEqual([[" /shop/"]]);
  expect(compilePage({ is: "/cart?step=2" })).toEqual([[" /cart ?step=2 "]]);
  expect(compilePage({ glob: "/*/thanks" })).toEqual([[" /", "/thanks ", " "]]);
  expect(compilePage({ is: "https://shop.example" })).toEqual([[" https://shop.example / "]]);
  expect(compilePage({ starts_with: "https://shop.example/de/" })).toEqual([[" https://shop.example /de/"]]);
});

test.each<[string, PageForm, string, boolean]>([
  ["a path on any host", { is: "/cart" }, "https://a.example/cart?x=1#y", true],
  ["and no longer one", { is: "/cart" }, "https://a.example/cart/", false],
  ["nor one in the query", { contains: "/cart" }, "https://cart.example/?next=/cart", false],
  ["nor a host of that name", { contains: "/cart.example" }, "https://cart.example/", false],
  ["a host with all its pages", { starts_with: "https://shop.example/" }, "https://shop.example/a", true],
  [
    "and no other that begins so",
    { starts_with: "https://shop.example/" },
    "https://shop.example.evil/a",
    false,
  ],
  ["any subdomain", { glob: "https://*.shop.example/*" }, "https://de.shop.example/a/b", true],
  [
    "and not one in the path",
    { glob: "https://*.shop.example" },
    "https://evil.example/x.shop.example",
    false,
  ],
  [
    "a query, wherever it has it",
    { glob: "*?*utm_source=mail*" },
    "https://a.example/b?c=d&utm_source=mail&e",
    true,
  ],
  ["letters as a reader writes them", { is: "/über uns" }, "https://a.example/%C3%BCber%20uns", true],
])("%s", (_what, one, address, expected) => {
  expect(compiled(one, address)).toBe(expected);
});

test("not_pages go before pages, and what is not given is left out", () => {
  const rules = { pages: [{ starts_with: "/shop" }], not_pages: [{ contains: "/cart" }] };
  const both = compileRules(rules, clock, { wait_days: 0, most: null });
  expect(onPage(both, "https://a.example/shop/a")).toBe(true);
  expect(onPage(both, "https://a.example/shop/cart")).toBe(false);
  expect(onPage(both, "https://a.example/")).toBe(false);
  expect(compileRules({}, clock, { wait_days: 0, most: null })).toEqual({ clocks: [[30, 1, "srv_1"]] });
  const nothing = { pages: [], audience: [], trigger: [], cancel_on: [], sample: 1 };
  const policy = { wait_days: 14, most: { times: 3, days: 90 } };
  const clocks = [
    [30, 1, "srv_1"],
    [14, 1],
    [90, 3],
  ];
  expect(compileRules(nothing, clock, policy)).toEqual({ clocks });
  expect(compileRules(nothing, { ...clock, isTab: true }, policy)).toEqual({ clocks: clocks.slice(0, 1) });
});

test("conditions and triggers become what the widget reads", () => {
  const audience = [{ property: "plan", is: ["pro"], is_not: ["x"], at_least: 1, at_most: 2 }];
  const terse = [
    ["plan", true, ["pro"]],
    ["plan", false, ["x"]],
    ["plan", true, 1],
    ["plan", false, 2],
  ];
  const trigger = [
    { event: "bought", properties: audience },
    { scroll: 50 },
    { exit: true as const },
    { visible: "#price" },
    { seconds: 5 },
    { views: 3 },
  ];
  const some = { audience, trigger, cancel_on: ["left"], devices: ["phone" as const], sample: 0.1 };
  expect(compileRules(some, clock, { wait_days: 0, most: null })).toEqual({
    clocks: [[30, 1, "srv_1"]],
    audience: [[deviceProperty, true, [0]], ...terse],
    sample: 0.1,
    cancel: ["left"],
    trigger: [
      { event: "bought", when: terse },
      { when: [["scroll", true, 0.5]] },
      { when: [["exit", true, [true]]] },
      { visible: "#price", when: [] },
      { when: [["ms", true, 5000]] },
      { when: [["views", true, 3]] },
    ],
  });
});
