import { hourMs, minuteMs } from "../../shared/time/durations.ts";

/** ms until the next try. It doubles with each failure, from five minutes to six hours. */
export const backOffMs = (failures: number): number => Math.min(5 * minuteMs * 2 ** failures, 6 * hourMs);
