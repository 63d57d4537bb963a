import type { Database } from "./database.ts";
import { Lane } from "./lane.ts";
import { type Incoming, type NewResponse, type Saved, saveTogether } from "./responses.ts";

const lane = new Lane<Incoming, Saved>({ save: saveTogether, isRepeatable: true });

/** Saves one response, together with those that come in meanwhile. The caller waits for it with `waitUntil` too. */
export const saveResponse = (
  db: Database,
  workspace: number,
  response: NewResponse,
  now: number,
): Promise<Saved> => lane.save(db, { ...response, workspace, receivedAt: now });
