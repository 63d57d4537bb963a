/** What a cell of a table is: a number stays one, null is empty. */
export type Cell = string | number | null;

/**
 * A text as a cell that no spreadsheet runs: what begins like a formula gets an apostrophe before it (OWASP, CSV
 * injection). Line feeds and tabs at the beginning are skipped by some programs, so they count as well.
 */
const defused = (text: string) => (/^[\s]*[=+\-@|%＝＋－＠]/.test(text) ? `'${text}` : text);

function cellOf(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = defused(cell);
  return /[",;\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180, with the byte order mark without which Excel misreads letters beyond ASCII: a person opens this file. */
export const csvOf = (rows: readonly (readonly Cell[])[]): string =>
  `\ufeff${rows.map((row) => `${row.map(cellOf).join(",")}\r\n`).join("")}`;

/** A command that asks the API for what is on the screen. The key stays out of it: it would be copied along. */
export const curlOf = (origin: string, path: string): string =>
  // In single quotes a shell reads everything but a single quote.
  `curl -g '${`${origin}${path}`.replaceAll("'", "%27")}' -H "Authorization: Bearer $CANDOR_KEY"`;
