import type { Context } from "hono";
import type { ActName } from "../../shared/contract/audit.ts";
import type { App } from "../environment.ts";
import { newId } from "../secrets/ids.ts";
import type { Act } from "./db/entries.ts";

/** What a caller is about to do, for the log. Whatever writes the change writes it down in the same transaction. */
export const actOf = (
  c: Context<App>,
  { workspace, id: by }: { workspace: number; id: string },
  what: ActName,
  thing: string,
): Act => ({ workspace, id: newId("aud"), at: c.var.now, by, what, thing, request: c.var.requestId });
