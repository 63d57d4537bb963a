import type { Checked } from "./check.ts";
import type { Draft } from "./map.ts";

const rowsShown = 5;
const reasonsShown = 10;

interface Reason {
  count: number;
  firstRows: number[];
}

/** The summary of a file, counted row by row and printed at the end. */
export class Tally {
  #valid = 0;
  #refused = 0;
  #example: Draft | undefined;
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;
  readonly #reasons = new Map<string, Reason>();
  readonly #understood = new Map<string, number>();
  readonly #dropped = new Map<string, Reason>();
  readonly #places = new Map<string, number>();

  /** Counts a row without an answer. */
  skip(row: number, reason: string): void {
    count(this.#dropped, reason, row);
  }

  add({ source: { row }, draft, place, errors, dropped, understood }: Checked): void {
    for (const column of understood) this.#understood.set(column, (this.#understood.get(column) ?? 0) + 1);
    if (errors) {
      this.#refused += 1;
      for (const { pointer, detail } of errors) count(this.#reasons, `${pointer} ${detail}`.trim(), row);
      return;
    }
    this.#valid += 1;
    this.#example ??= draft;
    this.#from = Math.min(this.#from, place.answeredAt);
    this.#to = Math.max(this.#to, place.answeredAt);
    const { kind, scale, name } = place.survey;
    const where = `${place.touchpoint}: ${name} (${kind}, ${scale.min} to ${scale.max})`;
    this.#places.set(where, (this.#places.get(where) ?? 0) + 1);
    for (const reason of dropped) count(this.#dropped, reason, row);
  }

  get refused(): number {
    return this.#refused;
  }

  toString(): string {
    const rows = this.#valid + this.#refused;
    const sections = [
      [`${told(rows)} rows: ${told(this.#valid)} valid, ${told(this.#refused)} refused`],
      ["Refused", ...ranked(this.#reasons)],
      ["Not imported", ...ranked(this.#dropped)],
      ["Taken from", ...[...this.#understood].map(([column, number]) => line(number, column))],
      ["Touchpoints", ...[...this.#places].map(([place, number]) => line(number, place))],
      ...(this.#valid > 0 ? [["Answered", `  from ${shown(this.#from)} to ${shown(this.#to)}`]] : []),
      ...(this.#example ? [["The first of them", indented(this.#example)]] : []),
    ];
    const [summary, ...rest] = sections;
    return [summary, ...rest.filter(({ length }) => length > 1)]
      .map((lines) => lines?.join("\n"))
      .join("\n\n");
  }
}

function count(reasons: Map<string, Reason>, name: string, row: number): void {
  const reason = reasons.get(name) ?? { count: 0, firstRows: [] };
  reasons.set(name, reason);
  reason.count += 1;
  if (reason.firstRows.length < rowsShown) reason.firstRows.push(row);
}

function ranked(reasons: ReadonlyMap<string, Reason>): string[] {
  const sorted = [...reasons].sort(([, one], [, other]) => other.count - one.count);
  const lines = sorted.slice(0, reasonsShown).map(([name, { count, firstRows }]) => {
    const rows = `${firstRows.length === 1 ? "row" : "rows"} ${firstRows.join(", ")}`;
    return line(count, `${name} (${rows}${count > firstRows.length ? ", …" : ""})`);
  });
  return sorted.length > reasonsShown
    ? [...lines, `  and ${sorted.length - reasonsShown} more reasons`]
    : lines;
}

export const told = (number: number): string => number.toLocaleString("en");
const line = (number: number, text: string): string => `${told(number).padStart(11)}  ${text}`;
const shown = (at: number): string => new Date(at).toISOString();
const indented = (value: unknown): string => JSON.stringify(value, null, 2).replace(/^/gm, "  ");
