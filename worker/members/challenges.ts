import { minuteMs } from "../../shared/time/durations.ts";
import type { Database } from "../db/database.ts";
import { type Secrets, seal, unseal } from "../secrets/secrets.ts";
import { useChallenge } from "./db/passkeys.ts";

export const challengeMs = 5 * minuteMs;

interface Challenge {
  /** For whose new passkey, as public id; "": to sign in. */
  member: string;
  until: number;
  nonce: string;
}

/** A challenge for a browser's passkeys. It is sealed and not stored, so that asking for many costs no row. */
export const newChallenge = (secret: string, member: string, now: number): Promise<string> => {
  const challenge: Challenge = { member, until: now + challengeMs, nonce: crypto.randomUUID() };
  return seal(secret, "passkey challenge", challenge);
};

/**
 * Uses a challenge up. False: not made here, for another purpose or member, too old, or used before. It is used also where
 * the answer to it turns out wrong.
 */
export async function takeChallenge(
  db: Database,
  secrets: Secrets,
  member: string,
  challenge: string,
  now: number,
): Promise<boolean> {
  const unsealed = await unseal(secrets, "passkey challenge", challenge);
  // Sealed by us alone, so it has the form that we gave it.
  const made = unsealed?.value as Challenge | undefined;
  if (made?.member !== member || made.until <= now) return false;
  return await useChallenge(db, challenge, made.until);
}
