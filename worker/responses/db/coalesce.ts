import type { Database } from "../../db/database.ts";
import { WriteQueue } from "../../db/write-queue.ts";
import type { Incoming, NewResponse, Saved } from "./response.ts";
import { saveTogether } from "./save.ts";

const queue = new WriteQueue<Incoming, Saved>({ save: saveTogether, isRepeatable: true });

/** Saves one response, together with those that arrive meanwhile. The caller also waits for it with `waitUntil`. */
export const saveResponse = (
  db: Database,
  workspace: number,
  response: NewResponse,
  now: number,
): Promise<Saved> => queue.save(db, { ...response, workspace, receivedAt: now });
