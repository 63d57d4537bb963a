import { dayMs } from "../../shared/time/durations.ts";

/** The least time between two looks. docs/live.md has the calculation. */
const lookMs = 5_000;
/** Rows that one screen may read in a day: with those ahead and what opens its streams, a tenth of what the free plan has. */
const rowsADay = 480_000;
/** Rows that a screen which has just been opened may read ahead of its time, so that the first changes show at once. */
const rowsAhead = 5_000;

/**
 * How long a screen waits after each look, in ms, from the rows that it has read until then: so long that it has read no
 * more than a screen may in its time. Constant writes then cost no more than silence does.
 */
export function paceOf(isOpened: boolean): (rowsRead: number) => number {
  const msPerRow = dayMs / rowsADay;
  let allowed = isOpened ? rowsAhead : 0;
  return (rowsRead) => {
    const wait = Math.max(lookMs, (rowsRead - allowed) * msPerRow);
    allowed += wait / msPerRow;
    return wait;
  };
}
