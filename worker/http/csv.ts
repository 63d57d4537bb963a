type Cell = string | number | boolean | null | undefined;

/**
 * A text may begin with a sign that makes a spreadsheet read a formula; in a Japanese one, full-width signs do too
 * (OWASP, CSV injection).
 */
const cellText = (value: Cell): string => {
  const text = String(value ?? "");
  const safe = typeof value === "string" && /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** One record of RFC 4180. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cellText).join(",")}\r\n`;
