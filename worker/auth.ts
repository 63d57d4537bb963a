import type { Context } from "hono";
import type { App } from "./app.ts";
import { Cache } from "./cache.ts";
import { findKeyHolder, type KeyHolder } from "./db/keys.ts";
import { Problem } from "./problem.ts";
import { hashKey } from "./secrets.ts";

/**
 * Who may call an endpoint. `open`: anyone. `respond`: a publishable key, or a secret one that may write. `read`,
 * `write`: a secret key with that scope.
 */
export type Access = "open" | "respond" | "read" | "write";

export interface Caller {
  workspace: number;
  workspaceId: string;
  keyId: string;
  publishable: boolean;
  scopes: readonly string[];
  /** The key came in a header: nobody else may keep the answer. */
  byHeader: boolean;
  /** Headers that decided whether and as whom it may call: a cache tells answers apart by them. */
  decidedBy: readonly string[];
}

/** Publishable keys are remembered: an archived one may work for a minute in other isolates. Secret keys never are. */
const holders = new Cache<KeyHolder | null>(60_000, 10_000);

/** Forgets remembered keys in this isolate; called when one changes. */
export const forgetKeys = (): void => holders.clear();

const keyPattern = /^(pk|sk)_[0-9a-f]{40}$/;

/** Bearer, or Basic with the key as user name, or, for publishable keys only, `?key=`: addresses end up in logs. */
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

/** The caller behind the request's key. Throws unauthorized or forbidden. */
export async function authenticate(c: Context<App>, access: Exclude<Access, "open">): Promise<Caller> {
  const key = givenKey(c);
  const challenge = { "www-authenticate": 'Bearer realm="candor"' };
  if (!key || !keyPattern.test(key)) throw new Problem("unauthorized", { headers: challenge });
  const publishable = key.startsWith("pk_");
  const load = async () => findKeyHolder(c.var.db, await hashKey(key));
  const behind = (loading: Promise<unknown>) => c.executionCtx.waitUntil(loading);
  const holder = publishable ? await holders.get(key, c.var.now, load, behind) : await load();
  if (!holder) throw new Problem("unauthorized", { headers: challenge });
  const scopes: string[] = JSON.parse(holder.scopes);
  const needed = access === "respond" && !publishable ? "write" : access;
  if (!scopes.includes(needed)) {
    const detail = publishable
      ? "A publishable key can only ask, respond and report impressions"
      : `It lacks the scope ${needed}`;
    throw new Problem("forbidden", { detail });
  }
  const origins: string[] = publishable ? JSON.parse(holder.origins) : [];
  checkOrigin(c, origins);
  return {
    workspace: holder.workspaceRef,
    workspaceId: holder.workspaceId,
    keyId: holder.keyId,
    publishable,
    scopes,
    byHeader: key !== c.req.query("key"),
    decidedBy: ["authorization", ...(origins.length > 0 ? ["origin", "sec-fetch-site"] : [])],
  };
}

/**
 * None: any page may use the key. A browser sends no Origin with a GET to its own site; Sec-Fetch-Site tells that case, and a
 * page cannot forge it.
 */
function checkOrigin(c: Context<App>, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const origin = c.req.header("origin");
  const wild = origin?.replace(/^(https?:\/\/)[^./]+(\.[^.]+\.)/, "$1*$2") ?? "";
  const allowed = origin
    ? origins.includes(origin) || origins.includes(wild)
    : c.req.header("sec-fetch-site") === "same-origin";
  if (!allowed) throw new Problem("forbidden", { detail: "This key is not for that origin" });
}
