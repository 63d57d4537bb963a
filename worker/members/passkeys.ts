import type { Context } from "hono";
import type * as z from "zod";
import type { PasskeyInput, PasskeySignIn } from "../../shared/contract/members/passkeys.ts";
import { fromJson, toJson } from "../db/json.ts";
import type { App, SignedIn } from "../environment.ts";
import { fromBase64url, secretsOf, toBase64url } from "../secrets/secrets.ts";
import { takeChallenge } from "./challenges.ts";
import { findPasskey, type PasskeyRow } from "./db/passkeys.ts";
import { deviceOf } from "./device.ts";

/** Loaded only when somebody signs in or adds a passkey: evaluating it takes longer than all else of the worker. */
const library = () => import("@simplewebauthn/server");

/** What a passkey is bound to: browsers offer it to this host alone, and sign which origin asked. */
export function hostOf(c: Context<App>): { expectedOrigin: string; expectedRPID: string } {
  const { origin, hostname } = new URL(c.req.url);
  return { expectedOrigin: origin, expectedRPID: hostname };
}

/** The fields that both answers of an authenticator have, as the library takes them. */
const passed = <Response>(
  { id, rawId, type }: { id: string; rawId: string; type: "public-key" },
  response: Response,
) => ({ id, rawId, type, clientExtensionResults: {}, response });

/** What came of verifying; null: it is wrong, in whatever way the library throws. It fails closed. */
const orNull = <Verified>(verifying: Promise<Verified>): Promise<Verified | null> =>
  verifying.catch(() => null);

/** The passkey that an authenticator has made for a member; null: it is not to be believed. */
export async function verifyNewPasskey(
  c: Context<App>,
  member: SignedIn,
  { name, credential }: z.output<typeof PasskeyInput>,
): Promise<Omit<PasskeyRow, "lastUsedAt" | "memberId"> | null> {
  const { verifyRegistrationResponse } = await library();
  const { db, now } = c.var;
  const { transports, ...response } = credential.response;
  if (!isUnattested(response.attestationObject)) return null;
  const verified = await orNull(
    verifyRegistrationResponse({
      response: passed(credential, response),
      expectedChallenge: (challenge) => takeChallenge(db, secretsOf(c.env), member.id, challenge, now),
      ...hostOf(c),
      requireUserVerification: true,
    }),
  );
  if (verified?.verified !== true) return null;
  const { id, publicKey, counter } = verified.registrationInfo.credential;
  return {
    id,
    memberRef: member.ref,
    publicKey: toBase64url(publicKey),
    counter,
    transports: toJson(transports),
    name: name ?? deviceOf(c.req.header("user-agent") ?? ""),
    createdAt: now,
  };
}

/**
 * Whether an attestation object brings no certificates. None were asked for, browsers take them out, and checking one would
 * fetch the revocation list from whatever address it names: a request of ours to where a stranger wants it.
 */
const isUnattested = (attestationObject: string): boolean => {
  const bytes = fromBase64url(attestationObject);
  // "x5c" as CBOR has the key of a map: a text of three letters.
  const text = bytes && new TextDecoder("latin1").decode(bytes);
  return text !== null && !text.includes("\x63x5c");
};

/** The passkey with which somebody signed, and the authenticator's count of signatures; null: not to be believed. */
export async function verifyPasskey(
  c: Context<App>,
  { credential }: z.output<typeof PasskeySignIn>,
): Promise<{ passkey: PasskeyRow; counter: number } | null> {
  const { db, now } = c.var;
  const passkey = await findPasskey(db, credential.id);
  const publicKey = passkey && fromBase64url(passkey.publicKey);
  // The handle is what the passkey was made for. It is optional, and must not name somebody else.
  const { userHandle, ...response } = credential.response;
  if (!publicKey || (userHandle !== undefined && userHandle !== handleOf(passkey.memberId))) return null;
  const { verifyAuthenticationResponse } = await library();
  const verified = await orNull(
    verifyAuthenticationResponse({
      response: passed(credential, response),
      expectedChallenge: (challenge) => takeChallenge(db, secretsOf(c.env), "", challenge, now),
      ...hostOf(c),
      requireUserVerification: true,
      credential: { id: passkey.id, publicKey, counter: passkey.counter, transports: [] },
    }),
  );
  if (verified?.verified !== true) return null;
  return { passkey, counter: verified.authenticationInfo.newCounter };
}

/** How a passkey names its member: by the public id, which says nothing of the person. */
export const handleOf = (member: string): string => toBase64url(new TextEncoder().encode(member));

/** A passkey as browsers are told not to make another one on the same authenticator. */
export const descriptorOf = ({ id, transports }: PasskeyRow) => ({
  type: "public-key" as const,
  id,
  transports: fromJson(transports),
});
