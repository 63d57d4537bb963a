import { Tokenizer, TokenParser } from "@streamparser/json";
import type { Records, Source } from "./records.ts";

/** Of an integer that JavaScript would round, such as a 64-bit id, its digits are kept. Two ids must not become one. */
class ExactTokenizer extends Tokenizer {
  protected override parseNumber(written: string): number {
    const number = super.parseNumber(written);
    const isRounded = /^-?\d+$/.test(written) && !Number.isSafeInteger(number) && String(number) !== written;
    return (isRounded ? written : number) as number;
  }
}

/** A JSONParser of exact numbers. */
function parserOf(path: string, onValue: TokenParser["onValue"]): Tokenizer {
  const tokenizer = new ExactTokenizer();
  const parser = new TokenParser({ paths: [path], keepStack: false });
  tokenizer.onToken = (token) => parser.write(token);
  parser.onValue = onValue;
  parser.onError = (error) => tokenizer.error(error);
  parser.onEnd = () => {
    if (!tokenizer.isEnded) tokenizer.end();
  };
  tokenizer.onEnd = () => {
    if (!parser.isEnded) parser.end();
  };
  return tokenizer;
}

export async function* readArray(text: AsyncIterable<string>): Records {
  let complete: unknown[] = [];
  const parser = parserOf("$.*", ({ value }) => complete.push(value));
  for await (const chunk of text) {
    parser.write(chunk);
    for (const record of complete) yield { record, fault: null };
    complete = [];
  }
  if (!parser.isEnded) parser.end();
}

/**
 * Whether an object with this beginning is an API's answer, `{"items": [{…}]}`, and not the first line of NDJSON. Only
 * scalars, such as the number of pages, precede an answer's list; in NDJSON a second line follows the first.
 */
export const holdsList = (start: string): boolean =>
  /^\s*\{\s*(?:"[^"\\]*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)\s*,\s*)*"[^"\\]*"\s*:\s*\[\s*\{/.test(start) &&
  !/^[^\n]*\}\s*\n\s*\{/.test(start);

/** The records of the first list in an object. */
export async function* readList(text: AsyncIterable<string>): Records {
  let list: unknown;
  let complete: unknown[] = [];
  const parser = parserOf("$.*.*", ({ value, key, stack }) => {
    if (typeof key !== "number") return;
    list ??= stack.at(-1)?.key;
    if (stack.at(-1)?.key === list) complete.push(value);
  });
  for await (const chunk of text) {
    parser.write(chunk);
    for (const record of complete) yield { record, fault: null };
    complete = [];
  }
  if (!parser.isEnded) parser.end();
}

/** In characters. Longer than any response, shorter than a file whose line breaks are broken. */
const longestLine = 1_000_000;

/** node:readline is refused: it ends a line at U+2028, which may occur in a comment's JSON. */
export async function* readLines(text: AsyncIterable<string>): Records {
  let rest = "";
  for await (const chunk of text) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > longestLine) throw new Error("A line is longer than a million characters");
    for (const line of lines) if (line.trim()) yield readLine(line);
  }
  if (rest.trim()) yield readLine(rest);
}

/** Slower than JSON.parse, whose own way to the digits is missing in Node 20. */
function exactly(json: string): unknown {
  let exact: unknown;
  const parser = parserOf("$", ({ value }) => {
    exact = value;
  });
  parser.write(json);
  if (!parser.isEnded) parser.end();
  return exact;
}

function readLine(line: string): Omit<Source, "row"> {
  try {
    const record: unknown = JSON.parse(line);
    return { record: /\d{16}/.test(line) ? exactly(line) : record, fault: null };
  } catch {
    return { record: line, fault: "is not valid JSON" };
  }
}
