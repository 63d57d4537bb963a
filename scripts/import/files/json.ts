import { JSONParser } from "@streamparser/json";
import type { Records, Source } from "./records.ts";

export async function* readArray(text: AsyncIterable<string>): Records {
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

/**
 * Whether an object with this beginning is an API's answer, `{"items": [{…}]}`, and not the first line of NDJSON. Only
 * scalars, such as the number of pages, precede an answer's list; in NDJSON a second line follows the first.
 */
export const holdsList = (start: string): boolean =>
  /^\s*\{\s*(?:"[^"\\]*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)\s*,\s*)*"[^"\\]*"\s*:\s*\[\s*\{/.test(start) &&
  !/^[^\n]*\}\s*\n\s*\{/.test(start);

/** The records of the first list in an object. */
export async function* readList(text: AsyncIterable<string>): Records {
  const parser = new JSONParser({ paths: ["$.*.*"], keepStack: false });
  let list: unknown;
  let complete: unknown[] = [];
  parser.onValue = ({ value, key, stack }) => {
    if (typeof key !== "number") return;
    list ??= stack.at(-1)?.key;
    if (stack.at(-1)?.key === list) complete.push(value);
  };
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

function readLine(line: string): Omit<Source, "row"> {
  try {
    return { record: JSON.parse(line), fault: null };
  } catch {
    return { record: line, fault: "is not valid JSON" };
  }
}
