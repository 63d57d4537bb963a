import type { ReadStream } from "node:fs";
import { textOf } from "../../../shared/files/decoding.ts";
import { readDelimited } from "../../../shared/files/delimited.ts";
import { holdsList, readArray, readLines, readList } from "./json.ts";
import type { Records, Source } from "./records.ts";
import { isSecondHeader, withSecondHeader } from "./surveymonkey.ts";

/**
 * Yields the records of a CSV with a header, of NDJSON, of a JSON array, or of the list in a JSON object. The first character
 * decides the format. `charset` is the file's declared encoding; null means UTF-8. Throws if the rest cannot be read.
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

function recordsOf(start: string, text: AsyncIterable<string>): Records {
  const first = start.trimStart()[0];
  if (first === "[") return readArray(text);
  if (first !== "{") return readCsv(text);
  return holdsList(start) ? readList(text) : readLines(text);
}

async function* startingWith(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

async function* readCsv(text: AsyncIterable<string>): Records {
  const { header, rows } = await readDelimited(text);
  let names = namesOf(header);
  for await (const some of rows) {
    for (const { number, cells, fault } of some) {
      if (number === 1 && isSecondHeader(header, cells)) {
        names = namesOf(withSecondHeader(header, cells));
        continue;
      }
      const record =
        fault === null ? Object.fromEntries(names.map((name, index) => [name, cells[index]])) : cells;
      yield { record, fault };
    }
  }
}

/** A name for each column. Columns without a name, or with an earlier column's name, get their number added. */
const namesOf = (header: readonly string[]): string[] =>
  header.map((name, index) =>
    name !== "" && header.indexOf(name) === index ? name : `${name || "column"} ${index + 1}`,
  );
