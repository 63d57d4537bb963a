import type { Context } from "hono";
import type { JWTVerifyGetKey } from "jose";
import { canonicalAddress } from "../../shared/mail/addresses.ts";
import { minuteMs } from "../../shared/time/durations.ts";
import { type App, accessOf } from "../environment.ts";
import { isLoopback } from "./loopback.ts";

/** Loaded only where somebody comes by Access: most deployments never need it. */
const library = () =>
  Promise.all([import("jose/jwt/verify"), import("jose/jwks/remote"), import("jose/errors")]);

/** What Access puts beside a request that it lets through: a token that says who it is, signed by the team's keys. */
const assertion = "cf-access-jwt-assertion";

/** Where the team's keys are, and how they are found; null: nobody has come by Access yet. Plain data of the isolate. */
let keys: { at: string; find: JWTVerifyGetKey } | null = null;

/**
 * The mail address that Cloudflare Access vouches for, in its canonical spelling; null: none, or it is not to be believed.
 * The signature alone decides: whoever reaches the worker past Access can send the header too. Throws where the team's keys
 * cannot be read, which is the operator's to see.
 */
export async function addressByAccess(c: Context<App>): Promise<string | null> {
  const access = accessOf(c.env);
  const token = c.req.header(assertion);
  if (!access || !token) return null;
  const [{ jwtVerify }, { createRemoteJWKSet }, { JOSEError, JWKSInvalid, JWKSTimeout }] = await library();
  const issuer = issuerOf(access.team);
  const at = `${issuer}/cdn-cgi/access/certs`;
  // A key that is not known is looked for again, and no more often than this: anybody can name one.
  if (keys?.at !== at) keys = { at, find: createRemoteJWKSet(new URL(at), { cooldownDuration: minuteMs }) };
  try {
    const { payload } = await jwtVerify(token, keys.find, {
      algorithms: ["RS256"],
      issuer,
      audience: access.audience,
      requiredClaims: ["exp"],
      currentDate: new Date(c.var.now),
    });
    return typeof payload.email === "string" ? canonicalAddress(payload.email) : null;
  } catch (error) {
    const isTheirs = error instanceof JOSEError && error.code !== JOSEError.code;
    if (isTheirs && !(error instanceof JWKSInvalid || error instanceof JWKSTimeout)) return null;
    throw error;
  }
}

/** The team's origin. Plain http is for a test on one machine: on any other way somebody could put in keys of their own. */
function issuerOf(team: string): string {
  const url = URL.parse(team.includes("://") ? team : `https://${team}`);
  if (!url || (url.protocol !== "https:" && !isLoopback(url)))
    throw new Error("ACCESS_TEAM_DOMAIN must be a domain such as acme.cloudflareaccess.com");
  return url.origin;
}
