export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

/** ms until the next try: twice as long after each failure, from five minutes to six hours. */
export const later = (failures: number): number => Math.min(5 * minuteMs * 2 ** failures, 6 * hourMs);
