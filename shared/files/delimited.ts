import { Misread } from "./decoding.ts";
import { withoutFormula } from "./spreadsheets.ts";

/** A row below the header. */
interface Row {
  /** From 1. The header and blank rows do not count. */
  number: number;
  cells: string[];
  /** Why the cells cannot be matched to the columns; null: they can. */
  fault: string | null;
}

interface Delimited {
  separator: string;
  /** Empty: there is no header and no row. */
  header: string[];
  /** In batches, as they arrive. */
  rows: AsyncGenerator<Row[]>;
}

/** Characters: longer than any row, shorter than a file in which a quote is never closed. */
const longestRow = 1_000_000;

/** Characters in which the separator is looked for. */
const sampleLength = 20_000;

/**
 * Reads a table with a header. Its cells are separated by commas, semicolons or tabs, or by what a first line such as
 * `sep=;` names. Quotes are read as in RFC 4180, else as MySQL escapes them, `"say \"hi\""`; a quote that does not
 * enclose a whole cell in either way is a plain character. Of a formula that is a text, `="00123"`, the text is read.
 * Memory does not grow with the file. Throws a Misread that names the row where an unclosed quote begins.
 */
export async function readDelimited(texts: AsyncIterable<string>): Promise<Delimited> {
  const source = texts[Symbol.asyncIterator]();
  let start = "";
  let isWhole = false;
  while (start.length < sampleLength && !isWhole) {
    const { value = "", done } = await source.next();
    start += value;
    isWhole = done === true;
  }
  const { separator, from } = openDelimited(start, isWhole);
  const batches = batchesOf(start.slice(from), source, separator);
  const { value } = await batches.next();
  const [header = [], ...first]: string[][] = value ?? [];
  return {
    separator,
    header: header.map((name) => name.trim()),
    rows: rowsOf(first, batches, header.length),
  };
}

/** The separator of a table that begins so, and where its header begins. `isWhole`: this is the whole table. */
export function openDelimited(start: string, isWhole: boolean): { separator: string; from: number } {
  const [said = "", named] = /^"?sep=([^\w\s"]|\t)"?(?:\r\n|\r|\n|$)/i.exec(start) ?? [];
  return { separator: named ?? separatorOf(start, isWhole), from: said.length };
}

/** At most `maxRows` rows from a place in a text, without blank ones, and where the next row begins. */
export function cutRows(
  text: string,
  { separator, from, isLast, maxRows }: { separator: string; from: number; isLast: boolean; maxRows: number },
): { rows: string[][]; end: number } {
  const cut = cutter(separator);
  const rows: string[][] = [];
  let end = from;
  while (rows.length < maxRows) {
    const row = cut(text, end, isLast);
    if (!row) break;
    end = row.end;
    if (row.cells.some((cell) => cell.trim() !== "")) rows.push(row.cells);
  }
  return { rows, end };
}

/** Why the cells cannot be matched to the columns; null: they can. Removes what a spreadsheet adds at the end. */
export function columnFault(cells: string[], columns: number): string | null {
  // A spreadsheet writes separators up to its widest row.
  while (cells.length > columns && cells.at(-1)?.trim() === "") cells.pop();
  return cells.length === columns ? null : `has ${cells.length} columns, the header ${columns}`;
}

async function* rowsOf(
  first: string[][],
  others: AsyncGenerator<string[][]>,
  columns: number,
): AsyncGenerator<Row[]> {
  let number = 0;
  const rowOf = (cells: string[]): Row => {
    number += 1;
    return { number, cells, fault: columnFault(cells, columns) };
  };
  yield first.map(rowOf);
  for await (const batch of others) yield batch.map(rowOf);
}

/** Every row that is not blank. The first batch begins with the header. */
async function* batchesOf(
  start: string,
  source: AsyncIterator<string>,
  separator: string,
): AsyncGenerator<string[][]> {
  let rest = start;
  let before = 0;
  let enough = 0;
  try {
    for (let isLast = false; !isLast; ) {
      const { value = "", done } = await source.next();
      isLast = done === true;
      rest += value;
      // An unfinished row is read again only once there is twice as much text. This keeps the time linear.
      if (rest.length < enough && !isLast) continue;
      const all = { separator, from: 0, isLast, maxRows: Number.POSITIVE_INFINITY };
      const { rows: batch, end } = cutRows(rest, all);
      rest = rest.slice(end);
      enough = rest.length * 2;
      before += batch.length;
      if (batch.length > 0) yield batch;
      const isEndless = isLast ? rest !== "" : rest.length > longestRow;
      const where = before === 0 ? "the header" : `row ${before}`;
      if (isEndless) throw endless(rest, separator, where, isLast ? null : "a million");
    }
  } finally {
    await source.return?.();
  }
}

/**
 * Why the row at the start of a text has no end. `maxLetters`: how many characters it may have, in words; null: this is
 * the whole text, and only an unclosed quote can go beyond it.
 */
export function endless(text: string, separator: string, where: string, maxLetters: string | null): Misread {
  if (maxLetters === null) return new Misread(`The quote that begins in ${where} is never closed`);
  const isQuoted = cutter(separator)(text, 0, true) === null;
  return new Misread(
    `In ${where} there are more than ${maxLetters} letters${isQuoted ? ": is a quote never closed?" : ""}`,
  );
}

/** `Delighted Source` is the property `Delighted_Source`. A column without a letter from a to z is no property: "". */
export const propertyOf = (column: string): string =>
  column
    .replace(/[^A-Za-z0-9_.-]+/g, "_")
    .replace(/^[^A-Za-z]+/, "")
    .slice(0, 64)
    .replace(/_+$/, "");

type RowCutter = (text: string, from: number, isLast: boolean) => { cells: string[]; end: number } | null;

/** Where a whole cell's quotes begin and end, and where the cell ends; undefined: they may go on; null: no quotes. */
type Quotes = { begin: number; close: number; end: number; isEscaped: boolean } | undefined | null;

/** Cuts one row out of a text. Answers null where there is none, or where the next chunk may belong to it. */
function cutter(separator: string): RowCutter {
  const opening = / *"/y;
  const ending = new RegExp(`[\\${separator}\r\n]`, "g");
  // A line break is escaped too, so a cell that is not escaped is looked through to the end of its line at most.
  const escaped = /[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*/sy;

  function closedAt(text: string, begin: number, close: number, isLast: boolean, isEscaped: boolean): Quotes {
    let end = close + 1;
    while (text[end] === " ") end += 1;
    const mark = text[end];
    if (mark === undefined && !isLast) return undefined;
    const isWhole = mark === undefined || mark === separator || mark === "\n" || mark === "\r";
    return isWhole ? { begin, close, end, isEscaped } : null;
  }

  function quotesAt(text: string, from: number, isLast: boolean): Quotes {
    opening.lastIndex = from;
    if (!opening.test(text)) return null;
    const begin = opening.lastIndex;
    const first = text.indexOf('"', begin);
    let close = first;
    while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
    const quotes = close < 0 ? undefined : closedAt(text, begin, close, isLast, false);
    // Doubled quotes come first: in "C:\" the backslash is a letter.
    const mayBeEscaped = first > begin && text[first - 1] === "\\" && !quotes;
    if (!mayBeEscaped || (quotes === undefined && !isLast)) return quotes;
    escaped.lastIndex = begin;
    escaped.test(text);
    const stop = escaped.lastIndex;
    if (text[stop] === '"') {
      const others = closedAt(text, begin, stop, isLast, true);
      return others === null ? quotes : others;
    }
    const mayGoOn = !isLast && (stop === text.length || text[stop] === "\\");
    return mayGoOn ? undefined : quotes;
  }

  return (text, from, isLast) => {
    const cells: string[] = [];
    let at = from;
    while (at < text.length || (cells.length > 0 && isLast)) {
      const quotes = quotesAt(text, at, isLast);
      if (quotes === undefined) return null;
      ending.lastIndex = quotes?.end ?? at;
      const end = ending.exec(text)?.index ?? (isLast ? text.length : undefined);
      if (end === undefined) return null;
      cells.push(withoutFormula(quotes ? unquoted(text, quotes) : text.slice(at, end)));
      at = end + 1;
      if (text[end] === separator) continue;
      const mayGoOn = text[end] === "\r" && at === text.length && !isLast;
      if (mayGoOn) return null;
      return { cells, end: text.startsWith("\r\n", end) ? end + 2 : Math.min(at, text.length) };
    }
    return null;
  };
}

function unquoted(text: string, { begin, close, isEscaped }: NonNullable<Quotes>): string {
  const cell = text.slice(begin, close);
  return isEscaped ? cell.replaceAll(/\\(["\\]|\r\n?|\n)/g, "$1") : cell.replaceAll('""', '"');
}

/** The likeliest first, for ties: commas also occur in texts. */
const separators = ["\t", ";", ","];
const maxSampled = 20;

/**
 * The separator that occurs as often in the first rows as in the header; among several, the most frequent one. Quoted
 * text does not count.
 */
function separatorOf(sample: string, isWhole: boolean): string {
  const bare = sample.replace(/(^|[\t;,\r\n])( *)"[^"]*(?:""[^"]*)*(?:"|$)/g, "$1");
  const lines = bare.split(/[\r\n]+/).filter((line) => /[^ ]/.test(line));
  // The last line may be cut off.
  const whole = (isWhole || lines.length === 1 ? lines : lines.slice(0, -1)).slice(0, maxSampled);
  const [best] = separators
    .map((separator) => {
      const counts = whole.map((line) => line.split(separator).length - 1);
      const [columns = 0] = counts;
      return { separator, columns, alike: counts.filter((count) => count === columns).length };
    })
    .filter(({ columns }) => columns > 0)
    .toSorted((one, other) => other.alike - one.alike || other.columns - one.columns);
  return best?.separator ?? ",";
}
