import type { PageKey } from "../../shared/contract/dashboard.ts";
import type { Database } from "../db/database.ts";
import { fromJson } from "../db/json.ts";
import { hashKey, publishableKey, type Secrets } from "../secrets/secrets.ts";
import { listPublishable } from "./db/keys.ts";

/**
 * The oldest publishable key in use that can be shown again. Keys of commands, and those made before keys were derived, are
 * known to those alone who noted them. null: there is no other one.
 */
export async function shownKey(db: Database, secrets: Secrets, workspace: number): Promise<PageKey | null> {
  for (const { id, name, hash, origins } of await listPublishable(db, workspace))
    for (const secret of secrets) {
      const key = await publishableKey(secret, id);
      if ((await hashKey(key)) === hash) return { id, name, key, origins: fromJson(origins) };
    }
  return null;
}
