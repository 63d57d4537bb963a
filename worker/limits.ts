import type { Context } from "hono";
import type { App } from "./app.ts";
import type { Caller } from "./auth.ts";
import { Problem } from "./problem.ts";
import { sign } from "./secrets.ts";

/** The platform counts per location and approximately: enough against abuse, not an exact quota. */
async function limit(binding: RateLimit | undefined, key: string): Promise<void> {
  if (binding && !(await binding.limit({ key })).success) throw new Problem("rate-limited");
}

/** By network address, which is never stored and is not even shown to the limiter: it sees a keyed hash. */
export async function limitAddress(c: Context<App>): Promise<void> {
  const address = c.req.header("cf-connecting-ip") ?? "";
  if (c.env.LIMIT_BY_ADDRESS)
    await limit(c.env.LIMIT_BY_ADDRESS, await sign(c.env.CANDOR_SECRET, "address", address));
}

/** Of one key: how often a minute, and by each stream's length how many at once. */
export const limitStreams = (c: Context<App>, caller: Caller): Promise<void> =>
  limit(c.env.LIMIT_STREAMS, caller.keyId);

export const limitKey = (c: Context<App>, caller: Caller): Promise<void> =>
  limit(c.env.LIMIT_BY_KEY, caller.keyId);
