import { canonicalPerson } from "../shared/addresses.ts";
import type { Bindings } from "./app.ts";
import type { Caller } from "./auth.ts";
import type { Person, Spelling } from "./db/spellings.ts";
import { isIdentityProven, respondentHash, secretsOf, signRespondent } from "./secrets.ts";

/** Whom a request is about; null: nobody, or it proves nobody. A secret key is believed without the hash's respondent. */
export async function personOf(
  env: Bindings,
  { workspaceId, publishable }: Caller,
  respondent: string | undefined,
  given: string | undefined,
): Promise<Person | null> {
  if (respondent === undefined)
    return given === undefined || publishable ? null : { hash: given, spelling: null };
  const proven =
    given !== undefined && (await isIdentityProven(secretsOf(env), workspaceId, respondent, given));
  if (publishable && !proven) return null;
  const person = await respondentHash(env.CANDOR_SECRET, workspaceId, respondent);
  const hash = proven ? given.toLowerCase() : person;
  return { hash: person, spelling: hash === person ? null : { hash, person } };
}

/** The spellings among these that are not canonical, as a host would sign them. */
export async function spellingsOf(
  { CANDOR_SECRET: secret }: Bindings,
  workspaceId: string,
  respondents: readonly string[],
): Promise<Spelling[]> {
  const other = [...new Set(respondents)].filter((one) => canonicalPerson(one) !== one);
  return Promise.all(
    other.map(async (one) => ({
      hash: await signRespondent(secret, workspaceId, one),
      person: await respondentHash(secret, workspaceId, one),
    })),
  );
}
