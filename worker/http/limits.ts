import type { Context } from "hono";
import type { App, Caller } from "../environment.ts";
import { sign } from "../secrets/secrets.ts";
import { networksOf } from "./networks.ts";
import { Problem } from "./problem.ts";

/** The platform counts by location and approximately. That is enough against abuse, but is no exact quota. */
async function limit(binding: RateLimit | undefined, key: string): Promise<void> {
  if (binding && !(await binding.limit({ key })).success) throw new Problem("rate-limited");
}

/**
 * Limits by network address; for IPv6 by the network of one customer, and more loosely by the one around it. Addresses
 * are never stored, and even the limiter sees only keyed hashes.
 */
export async function limitAddress(c: Context<App>): Promise<void> {
  const { CANDOR_SECRET: secret, LIMIT_BY_ADDRESS: byAddress, LIMIT_BY_NETWORK: byNetwork } = c.env;
  if (!byAddress) return;
  const [address = "", network] = networksOf(c.req.header("cf-connecting-ip") ?? "");
  await limit(byAddress, await sign(secret, "address", address));
  if (network && byNetwork) await limit(byNetwork, await sign(secret, "address", network));
}

/** Limits how often a minute a key or a member opens streams. As streams end by themselves, this also limits concurrent ones. */
export const limitStreams = (c: Context<App>, caller: Caller): Promise<void> =>
  limit(c.env.LIMIT_STREAMS, caller.id);

/** Limits how often a minute a key asks and answers (`isPublic`), or else how often a key or a member reads and changes. */
export const limitCaller = (c: Context<App>, caller: { id: string }, isPublic: boolean): Promise<void> =>
  limit(isPublic ? c.env.LIMIT_BY_KEY : c.env.LIMIT_BY_SECRET_KEY, caller.id);
