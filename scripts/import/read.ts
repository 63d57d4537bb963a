import type { ReadStream } from "node:fs";
import { JSONParser } from "@streamparser/json";
import { textOf } from "../../shared/decoding.ts";
import { readDelimited } from "../../shared/delimited.ts";

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
 * character. `charset` is what the file is said to be encoded in; null: UTF-8. Throws where what follows cannot be read.
 */
export async function* readSources(file: ReadStream, charset: string | null): AsyncGenerator<Source> {
  const text = textOf(file, charset);
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
  return first === "{" ? readLines(text) : readCsv(text);
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

/** Longer than any response, shorter than a file whose line breaks are broken; characters. */
const longestLine = 1_000_000;

/** Not node:readline: it takes U+2028 for the end of a line, which may stand in the JSON of a comment. */
async function* readLines(text: AsyncIterable<string>): Records {
  let rest = "";
  for await (const chunk of text) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > longestLine) throw new Error("A line is longer than a million characters");
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

async function* readCsv(text: AsyncIterable<string>): Records {
  const { header, rows } = await readDelimited(text);
  const names = namesOf(header);
  for await (const some of rows) {
    for (const { cells, fault } of some) {
      const record =
        fault === null ? Object.fromEntries(names.map((name, index) => [name, cells[index]])) : cells;
      yield { record, fault };
    }
  }
}

/** A name for each column: those without one, and those with the name of one before, are told apart by their number. */
const namesOf = (header: readonly string[]): string[] =>
  header.map((name, index) =>
    name !== "" && header.indexOf(name) === index ? name : `${name || "column"} ${index + 1}`,
  );
