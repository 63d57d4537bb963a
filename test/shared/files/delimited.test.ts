import fc from "fast-check";
import { expect, test } from "vitest";
import { Misread, textOf } from "../../../shared/files/decoding.ts";
import { readDelimited } from "../../../shared/files/delimited.ts";

async function* cutIn(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Reads a file, by default as one chunk. */
async function read(bytes: Uint8Array, charset: string | null = null, size = bytes.length) {
  const { separator, header, rows } = await readDelimited(textOf(cutIn(bytes, size), charset));
  const all = [];
  for await (const some of rows) all.push(...some);
  return { separator, header, rows: all };
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The cells of each row, the header included. */
async function cellsOf(text: string, size?: number): Promise<string[][]> {
  const { header, rows } = await read(utf8(text), null, size);
  return [header, ...rows.map(({ cells }) => cells)];
}

const utf16 = (text: string, isLittle: boolean): Uint8Array => {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let at = 0; at < text.length; at += 1) view.setUint16(at * 2, text.charCodeAt(at), isLittle);
  return new Uint8Array(view.buffer);
};

const utf32 = (text: string, isLittle: boolean): Uint8Array => {
  const view = new DataView(new ArrayBuffer(text.length * 4));
  for (let at = 0; at < text.length; at += 1) view.setUint32(at * 4, text.charCodeAt(at), isLittle);
  return new Uint8Array(view.buffer);
};

const encodings = {
  "UTF-8": utf8,
  "UTF-8 with its mark": (text: string) => utf8(`\ufeff${text}`),
  "UTF-16LE": (text: string) => utf16(`\ufeff${text}`, true),
  "UTF-16BE": (text: string) => utf16(`\ufeff${text}`, false),
};

const separators = [",", ";", "\t"];
const mustBeQuoted = (cell: string, separator: string) =>
  / *"|[\r\n]/y.test(cell) || /[\r\n]/.test(cell) || cell.includes(separator);

/** A random table, and how it is written. */
const written = fc
  .record({
    separator: fc.constantFrom(...separators, "|"),
    lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
    endsWithLineEnd: fc.boolean(),
    encoding: fc.constantFrom(...(Object.keys(encodings) as (keyof typeof encodings)[])),
    size: fc.integer({ min: 1, max: 40 }),
    columns: fc.integer({ min: 1, max: 5 }),
  })
  .chain((how) =>
    fc.record({
      how: fc.constant(how),
      table: fc.array(
        fc.array(
          fc.record({
            text: fc.oneof(
              fc.string({ unit: "binary", maxLength: 8 }),
              fc.string({
                unit: fc.constantFrom('"', ",", ";", "\t", "\r", "\n", " ", "ü", "😀", "a", "=", "\\"),
                maxLength: 8,
              }),
            ),
            isQuoted: fc.boolean(),
            isFormula: fc.boolean(),
          }),
          { minLength: how.columns, maxLength: how.columns },
        ),
        { minLength: 1, maxLength: 8 },
      ),
    }),
  );

test("what was written is read back, whatever separates and quotes it, and wherever the parts of the file are cut", async () => {
  await fc.assert(
    fc.asyncProperty(written, async ({ how, table }) => {
      const { separator, lineEnd, endsWithLineEnd, encoding, size } = how;
      // A blank row would be skipped, so each row begins with text.
      const cells = table.map((row) => row.map(({ text }, index) => (index === 0 ? `xx${text}` : text)));
      const isNamed = !separators.includes(separator);
      const lines = cells.map((row, at) =>
        row
          .map((text, index) => {
            // What looks like a formula of a text already could only be read as one.
            const isFormula = table[at]?.[index]?.isFormula || /^\s*="/.test(text);
            const cell = isFormula ? `="${text.replaceAll('"', '""')}"` : text;
            const isQuoted =
              table[at]?.[index]?.isQuoted ||
              mustBeQuoted(cell, separator) ||
              // A separator is detected only if the others are quoted, or if the file names it.
              (!isNamed && separators.some((other) => cell.includes(other)));
            return isQuoted ? `"${cell.replaceAll('"', '""')}"` : cell;
          })
          .join(separator),
      );
      const text =
        [...(isNamed ? [`sep=${separator}`] : []), ...lines].join(lineEnd) + (endsWithLineEnd ? lineEnd : "");
      const { header, rows } = await read(encodings[encoding](text), null, size);
      const [first = [], ...others] = cells;
      expect(header).toEqual(first.map((name) => name.trim()));
      expect(rows).toEqual(others.map((row, index) => ({ number: index + 1, cells: row, fault: null })));
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['id;"comment, please, and more, or, less";score;created_at\n1;good;9;2024-01-01\n', ";", 4],
  ['email,name,"size; colour"\na@b.example,Ann,"L; red"\n', ",", 3],
  ["email;name\na@b.example;Jürgen\n", ";", 2],
  ["email\tname, given\na@b.example\tJürgen\n", "\t", 2],
  ["sep=;\r\nemail;name\r\na@b.example;Jürgen, the first\r\n", ";", 2],
  ['"sep=|"\nemail|name; given, or not\na@b.example|Ann\n', "|", 2],
  ["id;comment, please, and more, or less;score\n1;good;9\n2;bad, very;1\n", ";", 3],
  ["id;price;score\n1;2,50;9\n2;3,10;1\n", ";", 3],
  ['id,comment\n1,"a\n; b; c; d"\n', ",", 2],
  ["email\na@b.example\n", ",", 1],
])("%j is separated by %j", async (text, separator, columns) => {
  const file = await read(utf8(text));
  expect(file).toMatchObject({ separator });
  expect(file.header).toHaveLength(columns);
  for (const { fault } of file.rows) expect(fault).toBe(null);
});

test.each([1, 3, 1000])(
  "quotes that stand around no whole cell are letters, read %i bytes at a time",
  async (size) => {
    const rows = [
      ['27"', "screen"],
      ['"Great" she said', "9"],
      ['5" and 6"', "x"],
      ['"open', "until the next row"],
      ["a, b", 'c "d" e'],
      ["two\r\nlines", ""],
    ];
    const text = `size,what\n27",screen\n"Great" she said,9\n5" and 6",x\n"open,until the next row\n "a, b" ,"c ""d"" e"\n"two\r\nlines",`;
    expect((await cellsOf(text, size)).slice(1)).toEqual(rows);
  },
);

test("a row that has not the header's columns is named by its number, and the rows around it are read", async () => {
  const { rows } = await read(utf8('a,b\n1,2\n\n3\n , \n4,5,6\n7,8,,\n"9\n",10\n'));
  expect(rows).toEqual([
    { number: 1, cells: ["1", "2"], fault: null },
    { number: 2, cells: ["3"], fault: "has 1 columns, the header 2" },
    { number: 3, cells: ["4", "5", "6"], fault: "has 3 columns, the header 2" },
    { number: 4, cells: ["7", "8"], fault: null },
    { number: 5, cells: ["9\n", "10"], fault: null },
  ]);
});

test("a file without a row has a header, and an empty one none", async () => {
  expect(await read(utf8("a;b"))).toMatchObject({ header: ["a", "b"], rows: [] });
  expect(await read(utf8(""))).toMatchObject({ header: [], rows: [] });
  expect(await read(utf8("\ufeff"))).toMatchObject({ header: [], rows: [] });
});

test("a quote that is never closed is refused with the row where it begins", async () => {
  await expect(read(utf8('a,b\n1,2\n3,"4\n5,6\n'))).rejects.toThrow(
    new Misread("The quote that begins in row 2 is never closed"),
  );
  await expect(read(utf8('a,"b\n1,2\n'))).rejects.toThrow(
    "The quote that begins in the header is never closed",
  );
  const long = utf8(`a,b\n1,2\n3,"${"4\n".repeat(1_000_000)}`);
  await expect(read(long, null, 65_536)).rejects.toThrow("In row 2 there are more than a million letters");
});

test("a row that is too long without a quote is not said to have one", async () => {
  const long = utf8(`a,b\n1,2\n3,${"4".repeat(1_100_000)}`);
  await expect(read(long, null, 65_536)).rejects.toThrow(
    new Misread("In row 2 there are more than a million letters"),
  );
});

test("the rows before what cannot be read were handed out", async () => {
  const { rows } = await readDelimited(textOf(cutIn(utf8(`a,b\n${"1,2\n".repeat(9000)}3,"4`), 4096), null));
  let count = 0;
  const reading = (async () => {
    for await (const some of rows) count += some.length;
  })();
  await expect(reading).rejects.toThrow("row 9001");
  expect(count).toBe(9000);
});

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  new Uint8Array(parts.flatMap((part) => (typeof part === "string" ? [...utf8(part)] : part)));

test.each([
  ["windows-1252", bytes("name\nJ", [0xfc], "rgen ", [0x80], "\n"), "Jürgen €"],
  ["latin1", bytes("name\nJ", [0xfc], "rgen\n"), "Jürgen"],
  // Some letters of it can be read as UTF-8, but not all.
  ["windows-1252", bytes("name\nCAF", [0xc9, 0xae], " J", [0xfc], "rgen\n"), "CAFÉ® Jürgen"],
  ["windows-1252", bytes("name\nAnn\n"), "Ann"],
  ["windows-1251", bytes("name\n", [0xde, 0xf0, 0xe8, 0xe9], "\n"), "Юрий"],
  ["shift_jis", bytes("name\n", [0x83, 0x86, 0x83, 0x8a], "\n"), "ユリ"],
  ["utf-16le", utf16("name\nJürgen\n", true), "Jürgen"],
  ["UTF-8", bytes("name\n", "Jürgen\n"), "Jürgen"],
  // The byte order mark wins: a declared encoding is often a mere default.
  ["utf-8", encodings["UTF-16LE"]("name\nJürgen\n"), "Jürgen"],
  ["windows-1252", encodings["UTF-8 with its mark"]("name\nJürgen\n"), "Jürgen"],
])("a file is decoded as %s where that is said, wherever it is cut", async (charset, file, name) => {
  for (const size of [1, 2, 3, 5, file.length])
    expect((await read(file, charset, size)).rows).toMatchObject([{ cells: [name] }]);
});

test.each([
  [
    "windows-1252",
    bytes("name\nJ", [0xfc], "rgen\n"),
    null,
    "looks like windows-1252: say charset=windows-1252",
  ],
  ["windows-1252, said to be UTF-8", bytes("name\nJ", [0xfc], "rgen"), "utf-8", "looks like windows-1252"],
  [
    "UTF-8, said to be windows-1252",
    bytes("name\nJürgen\n"),
    "windows-1252",
    "This is UTF-8, and not windows-1252, as was said",
  ],
  ["UTF-8, said to be latin1", bytes("name\nJürgen\n"), "latin1", "This is UTF-8, and not windows-1252"],
  ["UTF-8, said to be gb18030", bytes("name\n中文\n"), "gb18030", "This is UTF-8, and not gb18030"],
  ["what ends within a letter", bytes("name\nJ", [0xc3]), null, "This is not UTF-8"],
  ["windows-1251", bytes("name\n", [0xde, 0xf0, 0xe8, 0xe9], "\n"), null, "may be windows-1251"],
  ["UTF-16 without a mark", utf16("name\n", true), null, "looks like utf-16le"],
  ["UTF-16 of the other order", utf16("name\n", false), null, "looks like utf-16be"],
  ["UTF-32", utf32("\ufeffname\n", true), null, "This is UTF-32"],
  ["UTF-32 of the other order", utf32("\ufeffname\n", false), null, "This is UTF-32"],
  ["UTF-32 without a mark", utf32("name\n", true), null, "This is UTF-32"],
  ["UTF-32 of the other order, without", utf32("name\n", false), "utf-8", "This is UTF-32"],
  ["a workbook", bytes("PK", [3, 4], "rest"), null, "save it as CSV"],
  ["an old workbook", bytes([0xd0, 0xcf, 0x11, 0xe0], "rest"), null, "an Excel workbook (.xls)"],
  ["an old workbook, said to be text", bytes([0xd0, 0xcf, 0x11, 0xe0]), "windows-1252", "save it as CSV"],
  [
    "what is no Shift_JIS",
    bytes("name\n", [0x83, 0x20], "\n"),
    "shift_jis",
    "This is not shift_jis, as was said",
  ],
  ["an encoding that does not exist", bytes("name\n"), "utf-9", 'No encoding is called "utf-9"'],
])("%s is refused in words that help", async (_, file, charset, words) => {
  await expect(read(file, charset)).rejects.toThrow(words);
  await expect(read(file, charset, 1)).rejects.toThrow(Misread);
});

test("memory does not grow with the file", async () => {
  let given = 0;
  let most = 0;
  async function* endless() {
    const part = utf8(`"a ""quoted"" cell",b\n`.repeat(1000));
    for (; given < 200; given += 1) yield part;
  }
  const { rows } = await readDelimited(textOf(endless(), null));
  let count = 0;
  for await (const some of rows) {
    count += some.length;
    // Each chunk's rows are yielded before the next but one is read.
    most = Math.max(most, given * 1000 - count);
  }
  expect(count).toBe(199_999);
  expect(most).toBeLessThan(3000);
});
