import type { Context } from "hono";
import type { App, Caller } from "../environment.ts";
import { sign } from "../secrets/secrets.ts";
import { networksOf } from "./networks.ts";
import { Problem } from "./problem.ts";

/** The platform counts per location and approximately: enough against abuse, not an exact quota. */
async function limit(binding: RateLimit | undefined, key: string): Promise<void> {
  if (binding && !(await binding.limit({ key })).success) throw new Problem("rate-limited");
}

/**
 * By network address, of IPv6 by the network that one customer has and more loosely by the one around it. Addresses are
 * never stored and not even shown to the limiter: it sees keyed hashes.
 */
export async function limitAddress(c: Context<App>): Promise<void> {
  const { CANDOR_SECRET: secret, LIMIT_BY_ADDRESS: byAddress, LIMIT_BY_NETWORK: byNetwork } = c.env;
  if (!byAddress) return;
  const [address = "", network] = networksOf(c.req.header("cf-connecting-ip") ?? "");
  await limit(byAddress, await sign(secret, "address", address));
  if (network && byNetwork) await limit(byNetwork, await sign(secret, "address", network));
}

/** Of one key: how often a minute, and by each stream's length how many at once. */
export const limitStreams = (c: Context<App>, caller: Caller): Promise<void> =>
  limit(c.env.LIMIT_STREAMS, caller.keyId);

/** Of one key: how often a minute it asks and answers, where `isPublic`; else how often it reads and changes. */
export const limitKey = (c: Context<App>, caller: Caller, isPublic: boolean): Promise<void> =>
  limit(isPublic ? c.env.LIMIT_BY_KEY : c.env.LIMIT_BY_SECRET_KEY, caller.keyId);
