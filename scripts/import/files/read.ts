import type { ReadStream } from "node:fs";
import { textOf } from "../../../shared/files/decoding.ts";
import { readDelimited } from "../../../shared/files/delimited.ts";
import { listIn, readArray, readLines, readList } from "./json.ts";
import type { Records, Source } from "./records.ts";
import { isSecondHeader, withSecondHeader } from "./surveymonkey.ts";

/**
 * Yields the records of a CSV with a header, of NDJSON, of a JSON array, or of the list in a JSON object. The first character
 * decides the format. `charset` is the file's declared encoding; null means UTF-8. `isRating`: whether this is a rating's name,
 * which only a row has. Throws if the rest cannot be read.
 */
export async function* readSources(
  file: ReadStream,
  charset: string | null,
  isRating: (name: string) => boolean,
): AsyncGenerator<Source> {
  const text = textOf(file, charset);
  const { value: start = "" } = await text.next();
  let row = 0;
  for await (const read of recordsOf(start, startingWith(start, text), isRating)) {
    row += 1;
    yield { row, ...read };
  }
}

function recordsOf(start: string, text: AsyncIterable<string>, isRating: (name: string) => boolean): Records {
  const first = start.trimStart()[0];
  if (first === "[") return readArray(text);
  if (first !== "{") return readCsv(text);
  const list = listIn(start, isRating);
  return list === null ? readLines(text) : readList(text, list);
}

async function* startingWith(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

async function* readCsv(text: AsyncIterable<string>): Records {
  const { header, rows } = await readDelimited(text);
  let columns = columnsOf(header);
  for await (const some of rows) {
    for (const { number, cells, fault } of some) {
      if (number === 1 && isSecondHeader(header, cells)) {
        columns = columnsOf(withSecondHeader(header, cells));
        continue;
      }
      const { names, titles } = columns;
      const record =
        fault === null ? Object.fromEntries(names.map((name, index) => [name, cells[index]])) : cells;
      yield { record, titles, fault };
    }
  }
}

/** A name for each column. Columns without a title, or with an earlier column's title, get their number added. */
function columnsOf(header: readonly string[]): { names: string[]; titles: Map<string, string> } {
  const named = (title: string, number: number): string =>
    header.includes(title) ? named(`${title || "column"} ${number}`, number) : title;
  const names = header.map((title, index) =>
    title !== "" && header.indexOf(title) === index ? title : named(title, index + 1),
  );
  const titles = header.flatMap((title, index) => {
    const name = names[index] ?? title;
    return title === name ? [] : [[name, title] as const];
  });
  return { names, titles: new Map(titles) };
}
