import type { Context } from "hono";
import type { App } from "../environment.ts";
import { networksOf } from "../http/networks.ts";
import { Problem } from "../http/problem.ts";
import { sign } from "../secrets/secrets.ts";
import { countTry } from "./db/tries.ts";

/** Tries to sign in that one network has in a minute. */
const triesAMinute = 5;

/**
 * Counts what could be a guess, by network, and refuses what is too much. In the database, since the platform's limits
 * are approximate and hold for each location by itself. The network is stored as a keyed hash, for an hour or two.
 */
export async function limitTries(c: Context<App>): Promise<void> {
  const [network = ""] = networksOf(c.req.header("cf-connecting-ip") ?? "");
  const hash = await sign(c.env.CANDOR_SECRET, "sign-in", network);
  if ((await countTry(c.var.db, hash, c.var.now)) > triesAMinute) throw new Problem("rate-limited");
}
