/** The text of a cell such as `="00123"`: a formula of a text, by which exports keep Excel from reading a number. */
export function withoutFormula(cell: string): string {
  const [, text] = /^ *="([^"]*(?:""[^"]*)*)" *$/.exec(cell) ?? [];
  return text?.replaceAll('""', '"') ?? cell;
}

/**
 * Why a cell is no id; null: it may be one. Of a number that does not fit its cell, Excel writes the first digits alone,
 * `1.18523E+11`, and many ids become one. Other programs write a small e, but then a sign; without one it is a hash.
 */
export const roundedFault = (id: string): string | null =>
  /^\d([.,]\d+)?(E[+-]?|e[+-])\d+$/.test(id)
    ? "is a number that a spreadsheet has rounded: format its column as text, and export it again"
    : null;

/** An address without the apostrophe by which Excel marks a cell as text. A name may begin with one: 't Hart. */
export const unmarkedAddress = (cell: string): string => cell.replace(/^'(?=[^\s@]+@[^\s@]+$)/, "");
