import { canonicalSpelling } from "../../shared/mail/addresses.ts";
import type { Bindings, Caller } from "../environment.ts";
import { isIdentityProven, secretsOf, signRespondent } from "../secrets/secrets.ts";
import type { InvitedSpelling, ProvenRespondent } from "./db/spellings.ts";

/** The hash by which clocks and suppressions know a respondent: the signature of the canonical spelling. */
export const respondentHash = (secret: string, workspaceId: string, respondent: string): Promise<string> =>
  signRespondent(secret, workspaceId, canonicalSpelling(respondent));

/** Whom a request is about; null: nobody, or nobody that it proves. From a secret key, a hash alone is believed. */
export async function provenRespondent(
  env: Bindings,
  { workspaceId, publishable }: Caller,
  respondent: string | undefined,
  given: string | undefined,
): Promise<ProvenRespondent | null> {
  if (respondent === undefined)
    return given === undefined || publishable ? null : { hash: given, spelling: null };
  const proven =
    given !== undefined && (await isIdentityProven(secretsOf(env), workspaceId, respondent, given));
  if (publishable && !proven) return null;
  const hash = await respondentHash(env.CANDOR_SECRET, workspaceId, respondent);
  const signed = proven ? given.toLowerCase() : hash;
  return { hash, spelling: signed === hash ? null : { hash: signed, person: hash } };
}

/** What replaces an address in the suppressions once the address is erased. */
export const suppressionKey = (hash: string): string => `person:${hash}`;

/** An address, and the key of its suppression once the address is erased. */
export interface HashedAddress {
  address: string;
  key: string;
}

/** Addresses with the keys that replace them once they are erased. */
export const hashedAddresses = (
  { CANDOR_SECRET: secret }: Bindings,
  workspaceId: string,
  addresses: readonly string[],
): Promise<HashedAddress[]> =>
  Promise.all(
    addresses.map(async (address) => ({
      address,
      key: suppressionKey(await respondentHash(secret, workspaceId, address)),
    })),
  );

/** The hashes that may stand for a respondent, one for each secret; the current secret's is the first. */
export const hashesOf = (env: Bindings, workspaceId: string, respondent: string): Promise<string[]> =>
  Promise.all(secretsOf(env).map((secret) => respondentHash(secret, workspaceId, respondent)));

/** The hashes of those spellings that are not canonical, as a host would sign them. */
export async function spellingsOf(
  { CANDOR_SECRET: secret }: Bindings,
  workspaceId: string,
  invited: readonly { invitation: string; respondent: string }[],
): Promise<InvitedSpelling[]> {
  const other = invited.filter(({ respondent }) => canonicalSpelling(respondent) !== respondent);
  return Promise.all(
    other.map(async ({ invitation, respondent }) => ({
      invitation,
      respondent: canonicalSpelling(respondent),
      hash: await signRespondent(secret, workspaceId, respondent),
      person: await respondentHash(secret, workspaceId, respondent),
    })),
  );
}
