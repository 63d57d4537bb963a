/** One measured figure, as a row of the README's table. */
export interface Figure {
  what: string;
  figure: string;
  /** Empty: the figure is informative and nothing is promised. */
  target: string;
  /** undefined if there is no target. */
  met?: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** `1.23 (1.10-1.31)`: the median of the rounds, with the least and the greatest. */
export const spread = (values: readonly number[], digits = 2): string =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}-${Math.max(...values).toFixed(digits)})`;

export const thousands = (value: number): string => Math.round(value).toLocaleString("en");

/** Progress goes to stderr, so that stdout holds only the table. */
export const note = (text: string): void => console.error(text);

/** The heading of the table; `run.ts` prints it once for all benchmarks. */
export const heading = "| what | figure | target | command |\n|---|---|---|---|";

/** Prints the rows. The process fails if a target was missed. */
export function report(figures: readonly Figure[], command: string): void {
  if (!process.env.BENCH_ROWS_ONLY) console.log(heading);
  for (const { what, figure, target, met } of figures) {
    const verdict = met === false ? `${figure} **missed**` : figure;
    console.log(`| ${what} | ${verdict} | ${target || "-"} | \`${command}\` |`);
    if (met === false) process.exitCode = 1;
  }
}
