import type { ReadStream } from "node:fs";
import { pipeline, Readable } from "node:stream";
import { JSONParser } from "@streamparser/json";
import { parse } from "csv-parse";

/** One record of a file. */
export interface Source {
  /** From 1; the header of a CSV does not count. */
  row: number;
  record: unknown;
  /** Why the record could not be read; null: it was. */
  fault: string | null;
}

/**
 * The records of a CSV with a header, an NDJSON file or a JSON array, one by one. Which of them it is shows in the first
 * character. Throws where what follows cannot be read.
 */
export async function* readSources(file: ReadStream): AsyncGenerator<Source> {
  const text = textOf(file);
  const { value: start = "" } = await text.next();
  let row = 0;
  for await (const read of recordsOf(start, startingWith(start, text))) {
    row += 1;
    yield { row, ...read };
  }
}

type Records = AsyncGenerator<Omit<Source, "row">>;

function recordsOf(start: string, text: AsyncIterable<string>): Records {
  const first = start.trimStart()[0];
  if (first === "[") return readArray(text);
  return first === "{" ? readLines(text) : readCsv(start.split("\n", 1)[0] ?? "", text);
}

/** Drops the byte order mark. A byte that is not UTF-8 is an error: it would end up as � in a comment. */
async function* textOf(file: ReadStream): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  const decode = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new Error("The file is not UTF-8 throughout: save it again as UTF-8");
    }
  };
  for await (const chunk of file) yield decode(chunk);
  yield decode();
}

async function* startingWith(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

async function* readArray(text: AsyncIterable<string>): Records {
  const parser = new JSONParser({ paths: ["$.*"], keepStack: false });
  let complete: unknown[] = [];
  parser.onValue = ({ value }) => complete.push(value);
  for await (const chunk of text) {
    parser.write(chunk);
    for (const record of complete) yield { record, fault: null };
    complete = [];
  }
  if (!parser.isEnded) parser.end();
}

/** Longer than any response, shorter than a file whose line breaks or quotes are broken; characters. */
const longestRecord = 1_000_000;

/** Not node:readline: it takes U+2028 for the end of a line, which may stand in the JSON of a comment. */
async function* readLines(text: AsyncIterable<string>): Records {
  let rest = "";
  for await (const chunk of text) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > longestRecord) throw new Error("A line is longer than a million characters");
    for (const line of lines) if (line.trim()) yield readLine(line);
  }
  if (rest.trim()) yield readLine(rest);
}

function readLine(line: string): Omit<Source, "row"> {
  try {
    return { record: JSON.parse(line), fault: null };
  } catch {
    return { record: line, fault: "is not valid JSON" };
  }
}

async function* readCsv(firstLine: string, text: AsyncIterable<string>): Records {
  const parser = parse({
    delimiter: separatorOf(firstLine),
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRecord,
  });
  // Its errors destroy the parser, and come out of the loop below.
  pipeline(Readable.from(text), parser, () => undefined);
  let header: string[] | undefined;
  const records: AsyncIterable<string[]> = parser;
  for await (const cells of records) {
    if (!header) header = headerOf(cells);
    else if (cells.length === header.length) {
      yield { record: Object.fromEntries(header.map((name, index) => [name, cells[index]])), fault: null };
    } else yield { record: cells, fault: `has ${cells.length} columns, the header ${header.length}` };
  }
}

/** What Excel writes where the comma separates decimals, and what spreadsheets copy. */
const separatorOf = (line: string): string =>
  [",", ";", "\t"].toSorted((one, other) => line.split(other).length - line.split(one).length)[0] ?? ",";

/** A name for each column: those without one, and those with the name of one before, are told apart by their number. */
const headerOf = (cells: readonly string[]): string[] => {
  const names = cells.map((cell) => cell.trim());
  return names.map((name, index) =>
    name !== "" && names.indexOf(name) === index ? name : `${name || "column"} ${index + 1}`,
  );
};
