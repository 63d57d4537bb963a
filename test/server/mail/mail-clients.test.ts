import { caniemail, parseHtml, rawData } from "caniemail";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KINDS } from "../../../shared/surveys/kinds.ts";
import { type Server, startServer } from "../../harness.ts";
import { api, setSender } from "./mailing.ts";

/** What caniemail.com found out by trying, of the mail programs that most people read with. */
const families = [
  ...(["gmail", "outlook", "apple-mail", "yahoo", "aol"] as const),
  ...(["thunderbird", "samsung-email", "protonmail", "gmx", "web-de"] as const),
];
type Family = (typeof families)[number];
const clients = [
  ...families.filter((family) => family !== "thunderbird").map((family) => `${family}.*` as const),
  // Its only one that was tried.
  "thunderbird.macos" as const,
];

/**
 * What some of them ignore, though nothing is lost there. Where the checker takes one property for another whose name
 * begins alike, that is said.
 */
const unsupported = [
  // In the mail's own language a screen reader says the table's size, and "9" without "of 10", below the question.
  "aria-label attribute",
  "lang attribute",
  "role attribute",
  // The background and the direction are also the outer table's.
  "<body> element",
  // GMX: `direction` and `align` say the same; only an address in Latin letters has its full stop on the left.
  "dir attribute",
  // Every link opens a window of its own, whatever it says.
  "target attribute",
  // Outlook on Windows gives each cell the width that it asks for. On macOS all tables are fixed.
  "table-layout",
  // Gmail breaks long words by itself; elsewhere one reaches over its cell's edge. Numbers are short.
  "overflow-wrap",
  // Is not used: begins as `overflow-wrap` does.
  "overflow",
  // Ratings are underlined.
  "text-decoration",
].sort();

/** What some of them support in part, which is enough, or again nothing is lost. */
const partial = [
  // Outlook on macOS aligns no tables to a side, Proton Mail no pictures; cells are all that is aligned.
  "align attribute",
  // Is not used: begins as `background-color` does.
  "background",
  // GMX knows names of colours only; `bgcolor` says the same.
  "background-color",
  // A <div> stands for it.
  "<body> element",
  // Up to 8 px, and of cells: as used.
  "border",
  // Outlook on Windows is wrong about links only, which have none.
  "dir attribute",
  // Gmail's mobile page takes the direction from the letters.
  "direction",
  // Outlook on Windows knows no block: a rating's text alone can be clicked there. The cell has its height by itself.
  "display",
  // Does not grow with Windows' scaling of Outlook: cells are as high as their text and this.
  "height attribute",
  // Yahoo keeps it on tables, where it is.
  "lang attribute",
  // Only 0 is used, of the body.
  "margin",
  // Of tables in Outlook on Windows, as used; its versions before 2019 make the mail as wide as the window.
  "max-width",
  // Is not used: begins as `overflow-wrap` does.
  "overflow",
  // Apple Mail breaks words earlier than it must.
  "overflow-wrap",
  // Of cells in Outlook on Windows: see `display`.
  "padding",
  // Yahoo keeps it on tables, where it is.
  "role attribute",
  "target attribute",
  // Gmail with another provider's account underlines ratings.
  "text-decoration",
  // Outlook on Windows is wrong about pictures only.
  "width attribute",
].sort();

// The checker throws where a client was never tried, and takes for the newest version the last in the alphabet: 2016, not
// 16.80. The data have the newest last.
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

/** The names of the features of a mail that some client does not support, or in part only. */
function lacking(html: string) {
  const { errors, warnings } = caniemail({ clients, html }).issues;
  const titles = (issues: { title: string }[]) => [...new Set(issues.map(({ title }) => title))].sort();
  return {
    unsupported: titles([...errors.values()].flat()),
    // A note says what is lacking; without one it is not known.
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
  // The tool whose tags are the longest.
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
  // The checker overlooks functions, of which few work everywhere.
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
      // Who speaks to a computer says what they see (WCAG 2.5.3).
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
  // The longest words are worth the name.
  expect(Math.max(...bytes)).toBeGreaterThan(50_000);
});
