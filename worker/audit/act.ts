import type { Context } from "hono";
import type { ActName } from "../../shared/contract/audit.ts";
import type { App, Caller } from "../environment.ts";
import { newId } from "../secrets/ids.ts";
import type { Act } from "./db/entries.ts";

/** What a caller is about to do, for the log. Whatever writes the change writes it down in the same transaction. */
export const actOf = <Workspace extends number | null>(
  c: Context<App>,
  { workspace, id: by }: { workspace: Workspace; id: string },
  what: ActName,
  thing: string,
): Act<Workspace> => ({
  workspace,
  id: newId("aud"),
  at: c.var.now,
  by,
  what,
  thing,
  request: c.var.requestId,
});

/** As `actOf`, for what is written down only where a member does it; null: a key does. */
export const actByHand = (c: Context<App>, caller: Caller, what: ActName, thing: string): Act | null =>
  caller.is === "member" ? actOf(c, caller, what, thing) : null;
