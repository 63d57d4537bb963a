import { dayMs } from "../../shared/time/durations.ts";

/**
 * What D1 says when it fails, and what that means. `transient`: retry. `busy`: do not retry, since that would make it
 * worse; clients come back later. `ours`: the statements ask too much or are wrong, and would fail again.
 */
export type Meaning = "transient" | "busy" | "ours";

export interface Fault {
  /** The name for the log. D1's own text may quote what somebody wrote. */
  name: string;
  is: Meaning;
  /** A part of D1's message, by which alone its faults can be told apart. */
  text: string;
}

const named = (is: Meaning, texts: Record<string, string>): Fault[] =>
  Object.entries(texts).map(([name, text]) => ({ name, is, text }));

/** The first entry whose text is found applies. */
export const faults: readonly Fault[] = [
  // https://developers.cloudflare.com/d1/observability/debug-d1/#error-list, "Retry the operation"
  ...named("transient", {
    "code-updated": "reset because its code was updated",
    connection: "Network connection lost",
    unreachable: "due to transient issue on remote node",
    disconnected: "Can't read from request stream because client disconnected",
    // At start-up, of storage, or after a timeout. For a timeout the page advises smaller queries; but whatever waited
    // behind the large query gets the same error, and our queries are small.
    reset: "caused object to be reset",
    // https://developers.cloudflare.com/durable-objects/platform/troubleshooting
    internal: "internal error",
    // Only where another process has the local file open: a script beside `npm start`.
    locked: "SQLITE_BUSY",
  }),
  // The same list, "send fewer requests" and "split the query": a query that is too large fails all that wait with it.
  ...named("busy", {
    overloaded: "is overloaded",
    memory: "isolate exceeded its memory limit and was reset",
    cpu: "exceeded its CPU time limit and was reset",
  }),
  // https://developers.cloudflare.com/d1/platform/pricing and /limits: the account's quota is used up.
  ...named("busy", {
    "day-spent": "exceeded D1's free tier daily",
    full: "Exceeded maximum DB size",
    "account-full": "maximum account storage limit",
  }),
  // https://developers.cloudflare.com/d1/platform/limits and https://www.sqlite.org/limits.html
  ...named("ours", {
    "too-many-statements": "Too many API requests by single worker invocation",
    "too-many-values": "too many SQL variables",
    "too-long-value": "string or blob too big",
    "too-long-statement": "statement too long",
    "too-long-pattern": "LIKE or GLOB pattern too complex",
  }),
  // The error list; for everything else that SQLite refuses, https://www.sqlite.org/rescode.html.
  ...named("ours", {
    "value-type": "D1_TYPE_ERROR",
    "no-column": "D1_COLUMN_NOTFOUND",
    exec: "D1_EXEC_ERROR",
    empty: "No SQL statements detected",
    constraint: "SQLITE_CONSTRAINT",
    sqlite: "SQLITE_",
  }),
];

/** What an error of the database means; null: not known. */
export function faultOf(error: unknown): Fault | null {
  const said = String(error).toLowerCase();
  return faults.find(({ text }) => said.includes(text.toLowerCase())) ?? null;
}

/** Seconds after which the fault may have passed. Daily quotas are renewed at midnight UTC. */
export function secondsUntilOver({ name }: Fault, now: number): number {
  if (name === "day-spent") return Math.ceil((dayMs - (now % dayMs)) / 1000);
  return name.endsWith("full") ? 3600 : 5;
}
