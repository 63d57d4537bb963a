import { caniemail, parseHtml, rawData } from "caniemail";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KINDS } from "../../../shared/surveys/kinds.ts";
import { type Server, startServer } from "../../harness.ts";
import { api, setSender } from "./mailing.ts";

/** The most used mail programs, which caniemail.com has tested. */
const families = [
  ...(["gmail", "outlook", "apple-mail", "yahoo", "aol"] as const),
  ...(["thunderbird", "samsung-email", "protonmail", "gmx", "web-de"] as const),
];
type Family = (typeof families)[number];
const clients = [
  ...families.filter((family) => family !== "thunderbird").map((family) => `${family}.*` as const),
  // The only version that was tested.
  "thunderbird.macos" as const,
];

/**
 * Features that some of them ignore without any loss. A comment says where the checker mistakes a property for one with
 * the same beginning.
 */
const unsupported = [
  // Without these a screen reader announces the table's size in the mail's own language, and "9" without "of 10".
  "aria-label attribute",
  "lang attribute",
  "role attribute",
  // The outer table has the same background and direction.
  "<body> element",
  // In GMX, `direction` and `align` do the same; only an address in Latin letters has its full stop on the left.
  "dir attribute",
  // Every link opens in its own window, with or without this attribute.
  "target attribute",
  // Outlook on Windows gives each cell its requested width. On macOS, all tables have a fixed layout.
  "table-layout",
  // Gmail breaks long words by itself. Elsewhere a long word sticks out of its cell, but numbers are short.
  "overflow-wrap",
  // Not used: a prefix of `overflow-wrap`.
  "overflow",
  // Ratings then have an underline.
  "text-decoration",
].sort();

/** Features that some of them support in part, which is enough or loses nothing. */
const partial = [
  // Outlook on macOS cannot align tables, Proton Mail cannot align pictures; only cells are aligned here.
  "align attribute",
  // Not used: a prefix of `background-color`.
  "background",
  // GMX knows only names of colours; `bgcolor` does the same.
  "background-color",
  // It is replaced by a <div>.
  "<body> element",
  // Supported up to 8 px and on cells, as used here.
  "border",
  // Outlook on Windows fails only on links, which do not have it.
  "dir attribute",
  // Gmail's mobile page derives the direction from the letters.
  "direction",
  // Outlook on Windows has no block display, so only a rating's text can be clicked. The cell sets the height itself.
  "display",
  // Outlook does not scale it with Windows' settings; a cell is at least as high as its text.
  "height attribute",
  // Yahoo keeps it on tables, where it is used.
  "lang attribute",
  // Only 0 on the body is used.
  "margin",
  // Outlook on Windows supports it on tables, as used; before 2019 it makes the mail as wide as the window.
  "max-width",
  // Not used: a prefix of `overflow-wrap`.
  "overflow",
  // Apple Mail breaks words earlier than necessary.
  "overflow-wrap",
  // Outlook on Windows supports it on cells: see `display`.
  "padding",
  // Yahoo keeps it on tables, where it is used.
  "role attribute",
  "target attribute",
  // Gmail with another provider's account underlines ratings.
  "text-decoration",
  // Outlook on Windows fails only on pictures.
  "width attribute",
].sort();

// The checker throws for a client that was never tested, and takes the alphabetically last version for the newest:
// 2016, not 16.80. In the data, the newest comes last.
const platformsOf = (family: Family) => [
  ...new Set(rawData.data.flatMap(({ stats }) => Object.keys(stats[family] ?? {}))),
];
const platforms = new Map(families.map((family) => [family, platformsOf(family)]));
for (const { stats } of rawData.data) {
  for (const [family, names] of platforms) {
    const tried: Record<string, Record<string, string> | undefined> = { ...stats[family] };
    const newest = names.map((name) => [name, { newest: Object.values(tried[name] ?? {}).at(-1) ?? "u" }]);
    Object.assign(stats, { [family]: Object.fromEntries(newest) });
  }
}

/** The features of a mail that some client does not support, or supports only in part. */
function lacking(html: string) {
  const { errors, warnings } = caniemail({ clients, html }).issues;
  const titles = (issues: { title: string }[]) => [...new Set(issues.map(({ title }) => title))].sort();
  return {
    unsupported: titles([...errors.values()].flat()),
    // A note says what is missing; without a note, support is unknown.
    partial: titles([...warnings.values()].flat().filter(({ notes }) => notes.length > 0)),
  };
}

type Node = ReturnType<typeof parseHtml>["document"]["children"][number];
type Element = Extract<Node, { attribs: object }>;

const elementsIn = (nodes: readonly Node[]): Element[] =>
  nodes.flatMap((node) => ("attribs" in node ? [node, ...elementsIn(node.children)] : []));
const elementsOf = (html: string) => elementsIn(parseHtml(html).document.children);

const textOf = (nodes: readonly Node[]): string =>
  nodes
    .map((node) => ("children" in node ? textOf(node.children) : "data" in node ? node.data : ""))
    .join("")
    .trim();

const locales = ["en", "ar"];
const words = {
  intro: "Hello {{name|there}},\n\nyou bought of us.",
  outro: "It takes one click.",
  signature: "Kind regards\nYour shop",
};
const paragraph = `${'"'.repeat(78)}\n\n`;
const filled = "{{property.long|}}".repeat(20);
const longest = {
  intro: filled + paragraph.repeat(45),
  outro: filled + paragraph.repeat(45),
  signature: paragraph.repeat(12),
};

let server: Server;
let rows: string[];
let mails: string[];
beforeAll(async () => {
  server = await startServer({ onLog: () => {} });
  await setSender(server);
  const scales = Object.entries(KINDS).flatMap(([kind, { scales }]) =>
    scales.flatMap(({ max }) => locales.map((locale) => ({ kind, max, locale }))),
  );
  rows = await Promise.all(scales.map(rowOf));
  mails = await Promise.all([words, longest].flatMap((own) => locales.map((locale) => mailOf(own, locale))));
});
afterAll(() => server.stop());

async function rowOf({ kind, max, locale }: { kind: string; max: number; locale: string }): Promise<string> {
  const survey = { name: "mailed", subject: "Demo shop", kind, scale_max: max };
  const { id } = await api(server, "POST", "/v1/surveys", survey);
  // This tool has the longest tags.
  const query = `touchpoint=relationship&provider=zendesk&locale=${locale}`;
  return (await api(server, "GET", `/v1/surveys/${id}/email?${query}`)).html;
}

async function mailOf(own: typeof words, locale: string): Promise<string> {
  const template = { name: "whole", texts: { [locale]: own } };
  const { id } = await api(server, "POST", "/v1/templates", template);
  const recipient = { name: "Ann", "property[long]": '"'.repeat(500) };
  const query = new URLSearchParams({ touchpoint: "relationship", locale, ...recipient });
  return (await api(server, "GET", `/v1/templates/${id}/preview?${query}`)).html;
}

test("where a mail program lacks what a mail is made of, nothing is lost", () => {
  const found = [...rows, ...mails].map(lacking);
  const together = (titles: string[][]) => [...new Set(titles.flat())].sort();
  expect(together(found.map((lacks) => lacks.unsupported))).toEqual(unsupported);
  expect(together(found.map((lacks) => lacks.partial))).toEqual(partial);
});

test.each([
  ["display:flex", "display:block", "display:flex"],
  ["display:grid", "display:block", "display:grid"],
  ["position", "text-decoration:none", "position:relative"],
  ["border-radius", "text-decoration:none", "border-radius:4px"],
  ["<form> element", "<tr>", "<form><tr>"],
  ["<style> element", "<tr>", "<style>a{color:red}</style><tr>"],
  ["@media", "<tr>", "<style>@media(width>1px){a{color:red}}</style><tr>"],
  ["background-image", "text-decoration:none", "background-image:url(https://shop.example/a.png)"],
  ["<video> element", "<tr>", "<video></video><tr>"],
])("a row with %s is found out", (feature, part, other) => {
  const [row = ""] = rows;
  const { unsupported, partial } = lacking(row.replace(part, other));
  expect([...unsupported, ...partial]).toContain(feature);
});

test("a mail is made of a few elements, attributes and properties, and needs nothing from elsewhere", () => {
  const elements = [...rows, ...mails].flatMap(elementsOf);
  const different = (names: string[]) => [...new Set(names)].sort().join(" ");
  expect(different(elements.map(({ name }) => name))).toBe("a body br head html meta span table td title tr");
  expect(different(elements.flatMap(({ attribs }) => Object.keys(attribs)))).toBe(
    "align aria-label bgcolor border cellpadding cellspacing charset colspan content dir height href lang name rel role style target valign width",
  );
  const styles = elements.flatMap(({ attribs }) => (attribs.style ?? "").split(";").filter(Boolean));
  expect(different(styles.map((style) => style.split(":")[0] ?? ""))).toBe(
    "background-color border border-collapse color direction display font margin max-width overflow-wrap padding table-layout text-decoration",
  );
  // The checker ignores CSS functions, few of which work everywhere.
  for (const style of styles) expect(style).not.toContain("(");
  for (const html of [...rows, ...mails])
    expect(html).not.toMatch(/<(img|style|script|link|form|!--)|url\(|background=|src=|@import/i);
  for (const { name, attribs } of elements)
    if (attribs.href !== undefined) expect([name, new URL(attribs.href).origin]).toEqual(["a", server.url]);
});

test("every link says where it leads, in letters and to a screen reader", () => {
  for (const html of [...rows, ...mails]) {
    const links = elementsOf(html).filter(({ name }) => name === "a");
    const names = links.map(({ attribs, children }) => {
      const text = textOf(children);
      const label = attribs.href?.includes("rating=") ? attribs["aria-label"] : text;
      expect(text).not.toBe("");
      // Voice control users say what they see (WCAG 2.5.3).
      expect(label).toContain(text);
      return label;
    });
    expect(names.length).toBeGreaterThan(1);
    expect(new Set(names).size).toBe(names.length);
  }
});

test("no row has 10 kB, and no mail the 100 kB beyond which Gmail cuts it", () => {
  for (const row of rows) expect(Buffer.byteLength(row)).toBeLessThan(10_000);
  const bytes = mails.map((mail) => Buffer.byteLength(mail));
  expect(Math.max(...bytes)).toBeLessThan(102_400);
  // The long texts really make a long mail.
  expect(Math.max(...bytes)).toBeGreaterThan(50_000);
});
