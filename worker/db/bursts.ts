import { type Database, DatabaseBusy } from "./database.ts";
import { type NewResponse, type SaveStatus, saveResponses } from "./responses.ts";

const mostTogether = 100;
/** Ms after which nobody is waited for: whoever led may have been ended by the platform. */
const patienceMs = 2_000;

interface Waiting {
  response: NewResponse;
  /** With the status when another request saved it; `lead`: it is this one's turn; `alone`: they failed together. */
  resolve(outcome: SaveStatus | "lead" | "alone"): void;
  reject(error: DatabaseBusy): void;
}

/** A workspace's responses in this isolate. Data and promises only: a request must not use the connections of another. */
interface Lane {
  busy: boolean;
  waiting: Waiting[];
}

const lanes = new WeakMap<D1Database, Map<number, Lane>>();

function laneOf({ d1 }: Database, workspace: number): Lane {
  const ofDatabase = lanes.get(d1) ?? new Map<number, Lane>();
  lanes.set(d1, ofDatabase);
  const lane = ofDatabase.get(workspace) ?? { busy: false, waiting: [] };
  ofDatabase.set(workspace, lane);
  return lane;
}

/**
 * Saves one response. D1 does one thing at a time: what comes in while a response is being saved goes together in the next
 * transaction, whose rows one request's log tells; each is acknowledged after the commit. The caller keeps the platform
 * from ending its request before (`waitUntil`), since others wait for it.
 */
export async function saveResponse(
  db: Database,
  workspace: number,
  response: NewResponse,
  now: number,
): Promise<SaveStatus> {
  const lane = laneOf(db, workspace);
  if (lane.busy) {
    const outcome = await othersSave(lane, response);
    if (outcome === "alone") return saveAlone(db, workspace, response, now);
    if (outcome !== "lead") return outcome;
  }
  lane.busy = true;
  const others = lane.waiting.splice(0, mostTogether - 1);
  try {
    const list = [response, ...others.map((other) => other.response)];
    const [status = "unchanged", ...statuses] = await saveResponses(db, workspace, list, now);
    for (const [index, other] of others.entries()) other.resolve(statuses[index] ?? "alone");
    return status;
  } catch (error) {
    if (error instanceof DatabaseBusy) for (const other of others) other.reject(error);
    else for (const other of others) other.resolve("alone");
    if (error instanceof DatabaseBusy || others.length === 0) throw error;
    return await saveAlone(db, workspace, response, now);
  } finally {
    const next = lane.waiting.shift();
    if (next) next.resolve("lead");
    else lane.busy = false;
  }
}

async function saveAlone(
  db: Database,
  workspace: number,
  response: NewResponse,
  now: number,
): Promise<SaveStatus> {
  const [status = "unchanged"] = await saveResponses(db, workspace, [response], now);
  return status;
}

/** Until another request has saved it, or leaves the saving to this one. */
async function othersSave(lane: Lane, response: NewResponse): Promise<SaveStatus | "lead" | "alone"> {
  const { promise, resolve, reject } = Promise.withResolvers<SaveStatus | "lead" | "alone">();
  const waiting = { response, resolve, reject };
  lane.waiting.push(waiting);
  const patience = new AbortController();
  const tired = scheduler.wait(patienceMs, { signal: patience.signal }).then(() => {
    const index = lane.waiting.indexOf(waiting);
    if (index >= 0) lane.waiting.splice(index, 1);
    return "lead" as const;
  });
  try {
    return await Promise.race([promise, tired]);
  } finally {
    patience.abort();
  }
}
