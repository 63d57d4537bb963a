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
function parserOf(paths: string[], onValue: TokenParser["onValue"]): Tokenizer {
  const tokenizer = new ExactTokenizer();
  const parser = new TokenParser({ paths, keepStack: false });
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
  const parser = parserOf(["$.*"], ({ value }) => complete.push(value));
  for await (const chunk of text) {
    parser.write(chunk);
    for (const record of complete) yield { record, fault: null };
    complete = [];
  }
  if (!parser.isEnded) parser.end();
}

/** What APIs call the list of what they answer. */
const listNames: ReadonlySet<string> = new Set([
  "items",
  "data",
  "results",
  "records",
  "rows",
  "responses",
  "survey_responses",
  "satisfaction_ratings",
]);

/**
 * The name of the list that an object with this beginning holds, as an API answers it: `{"items": [{…}]}`. null: it is a row
 * of NDJSON, since it has a rating or no list, or since another line follows. Throws if nobody knows which of its lists is
 * meant.
 */
export function listIn(start: string, isRating: (name: string) => boolean): string | null {
  const names: string[] = [];
  const lists = new Set<string>();
  const parser = parserOf(["$.*", "$.*.*"], ({ key, value, stack }) => {
    const [, within] = stack;
    if (!within) names.push(String(key));
    else if (typeof key === "string") names.push(`${within.key}.${key}`);
    else if (typeof value === "object" && value !== null) lists.add(String(within.key));
  });
  try {
    parser.write(start.trim());
  } catch {
    return null;
  }
  if (names.some(isRating)) return null;
  const [only, ...others] = lists;
  if (only === undefined || others.length === 0) return only ?? null;
  const known = [...lists].find((name) => listNames.has(name));
  if (known !== undefined) return known;
  throw new Error(
    `The object holds several lists: ${[...lists].join(", ")}. Save that of the responses alone`,
  );
}

/** The records of an object's list of that name. */
export async function* readList(text: AsyncIterable<string>, list: string): Records {
  let complete: unknown[] = [];
  const parser = parserOf(["$.*.*"], ({ value, key, stack }) => {
    if (typeof key === "number" && stack.at(-1)?.key === list) complete.push(value);
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
  const parser = parserOf(["$"], ({ value }) => {
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
