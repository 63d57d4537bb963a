/** Bytes of one list. The platform takes 2,000,000 in a value. A row that is longer than this is a list of its own. */
const maxBytes = 1_500_000;

const utf8 = new TextEncoder();

/** Packs rows into JSON lists, one for each statement, as few as possible. The order of the rows is kept. */
export function listsOf(rows: readonly unknown[]): string[] {
  const whole = JSON.stringify(rows);
  // No character of a string takes more than three bytes.
  if (whole.length * 3 <= maxBytes) return [whole];
  const lists: string[][] = [[]];
  let bytes = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    const more = utf8.encode(text).byteLength + 1;
    if (bytes > 0 && bytes + more > maxBytes) {
      lists.push([]);
      bytes = 0;
    }
    lists.at(-1)?.push(text);
    bytes += more;
  }
  return lists.map((texts) => `[${texts.join(",")}]`);
}
