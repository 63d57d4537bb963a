import { faultOf } from "./db/faults.ts";

/** Logs an error, and what it means if it is the database's. Its message is left out: it may quote somebody. */
export function logError(about: Readonly<Record<string, string>>, error: unknown): void {
  const { name, stack } = error instanceof Error ? error : new Error();
  const calls = stack?.split("\n").filter((line) => line.startsWith("    at "));
  console.error(JSON.stringify({ ...about, error: name, fault: faultOf(error)?.name, stack: calls }));
}
