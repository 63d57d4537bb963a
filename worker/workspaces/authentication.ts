import type { Context } from "hono";
import { isNamed } from "../../shared/asking/origins.ts";
import { minuteMs } from "../../shared/time/durations.ts";
import { Cache } from "../cache.ts";
import { fromJson } from "../db/json.ts";
import type { App, Caller, WorkspaceAccess } from "../environment.ts";
import { Problem } from "../http/problem.ts";
import { hashKey } from "../secrets/secrets.ts";
import { byScope } from "./access.ts";
import { findKeyHolder, isKeyInUse, type KeyHolder } from "./db/keys.ts";

/** Publishable keys are cached, so an archived one may work for a minute in other isolates. Secret keys never are. */
const holders = new Cache<KeyHolder | null>("keys", minuteMs, 10_000);

const keyPattern = /^(pk|sk)_[0-9a-f]{40}$/;

/** The key as Bearer, as user name of Basic or, if publishable, as `?key=`: secret keys must not end up in logs. */
function givenKey(c: Context<App>): string | null {
  const inQuery = c.req.query("key") ?? null;
  if (inQuery?.startsWith("sk_")) {
    throw new Problem("unauthorized", {
      detail: "A secret key is sent in the Authorization header, never in the address",
    });
  }
  const [scheme, credentials] = c.req.header("authorization")?.split(" ") ?? [];
  if (scheme?.toLowerCase() === "bearer") return credentials ?? null;
  if (scheme?.toLowerCase() === "basic" && credentials) {
    try {
      return atob(credentials).split(":")[0] ?? null;
    } catch {
      return null;
    }
  }
  return inQuery;
}

/** Whether the request says to come with a key, be it a wrong one. */
export const hasKey = (c: Context<App>): boolean =>
  c.req.header("authorization") !== undefined || c.req.query("key") !== undefined;

export const challenge = { "www-authenticate": 'Bearer realm="candor"' };

/** The caller that the request's key identifies. Throws unauthorized or forbidden. */
export async function authenticateKey(c: Context<App>, access: WorkspaceAccess): Promise<Caller> {
  const key = givenKey(c);
  if (!key || !keyPattern.test(key)) throw new Problem("unauthorized", { headers: challenge });
  const publishable = key.startsWith("pk_");
  const load = async () => findKeyHolder(c.var.db, await hashKey(key));
  const behind = (loading: Promise<unknown>) => c.executionCtx.waitUntil(loading);
  const holder = publishable ? await holders.get(key, c.var.now, load, behind) : await load();
  if (!holder) throw new Problem("unauthorized", { headers: challenge });
  const may = fromJson(holder.scopes).flatMap((scope) => byScope[scope] ?? []);
  if (!may.includes(access)) {
    const detail = publishable
      ? "A publishable key can only ask, respond and report impressions"
      : `It lacks the scope ${access === "read" ? "read" : "write"}`;
    throw new Problem("forbidden", { detail });
  }
  const origins = publishable ? fromJson(holder.origins) : [];
  const caller = {
    is: "key" as const,
    workspace: holder.workspaceRef,
    workspaceId: holder.workspaceId,
    id: holder.keyId,
    publishable,
    may,
    byHeader: key !== c.req.query("key"),
    decidedBy: ["authorization", ...(origins.length > 0 ? ["origin", "sec-fetch-site"] : [])],
    isStillIn: () => isKeyInUse(c.var.db, holder.keyId),
  };
  c.set("caller", caller);
  checkOrigin(c, origins);
  return caller;
}

/**
 * No origins: any page may use the key. A browser sends no Origin with a GET to its own site. Sec-Fetch-Site tells that
 * case, and a page cannot forge it.
 */
function checkOrigin(c: Context<App>, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const origin = c.req.header("origin");
  const allowed = origin ? isNamed(origin, origins) : c.req.header("sec-fetch-site") === "same-origin";
  if (!allowed) throw new Problem("forbidden", { detail: "This key is not for that origin" });
}
