import { dsvFormat } from "d3-dsv";

/** A row that is longer has a quote that nobody closed. */
const longestRow = 100_000;

/** Where the last line ends that no quote holds, and whether the text ends within quotes; -1: no line ends. */
function lastLine(text: string): { end: number; isOpen: boolean } {
  let end = -1;
  let isOpen = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') isOpen = !isOpen;
    else if (text[at] === "\n" && !isOpen) end = at;
  }
  return { end, isOpen };
}

/**
 * Rows of a CSV file as it arrives, some at a time; the first is its header. Separated by commas, semicolons or tabs, as
 * that one is. Throws a RangeError where a quote is never closed.
 */
export async function* csvRows(stream: ReadableStream<Uint8Array>): AsyncGenerator<string[][]> {
  let format: ReturnType<typeof dsvFormat> | undefined;
  let rest = "";
  const parse = (text: string) => {
    format ??= dsvFormat([";", "\t"].find((mark) => (text.split("\n")[0] ?? "").includes(mark)) ?? ",");
    return format.parseRows(text).filter((row) => row.some((field) => field.trim() !== ""));
  };
  // The types of the platform's two halves of a stream disagree on which bytes they take.
  const texts = stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>);
  for await (const text of texts) {
    rest += text;
    const { end } = lastLine(rest);
    const rows = end < 0 ? [] : parse(rest.slice(0, end));
    rest = rest.slice(end + 1);
    if (rest.length > longestRow) throw new RangeError("a quote is never closed");
    if (rows.length > 0) yield rows;
  }
  if (lastLine(rest).isOpen) throw new RangeError("a quote is never closed");
  const rows = parse(rest);
  if (rows.length > 0) yield rows;
}
