/** Waits until the clock shows another millisecond: of two answers through links the later one stands, by the ms of receipt. */
export async function nextMs(): Promise<void> {
  const now = Date.now();
  while (Date.now() <= now) await scheduler.wait(1);
}
