import { faultOf } from "./db/faults.ts";

/** Writes an error down, with what it means where it is the database's. Its message stays out of the log: it may quote what somebody wrote. */
export function logError(about: Readonly<Record<string, string>>, error: unknown): void {
  const { name, stack } = error instanceof Error ? error : new Error();
  const calls = stack?.split("\n").filter((line) => line.startsWith("    at "));
  console.error(JSON.stringify({ ...about, error: name, fault: faultOf(error)?.name, stack: calls }));
}
