import * as z from "zod";
import { claimedSpelling } from "../../shared/mail/mentions.ts";
import { dayMs } from "../../shared/time/durations.ts";
import type { Invitation } from "../invitations/codes.ts";
import { respondentHash } from "../people/person.ts";
import { type Secrets, seal, sign, unseal } from "../secrets/secrets.ts";
import { readMergeQuery } from "./merge-query.ts";

/**
 * What the one link in a mail to many says. It is signed, and addressed to nobody in particular. A mail tool adds the
 * recipient to its query, unsigned, so a response through it only claims to be that recipient's.
 */
interface Mailing {
  /** Public ids and the touchpoint's name. */
  workspace: string;
  touchpoint: string;
  survey: string;
  locale: string | null;
  /** The only properties that are taken from the links; null: any. */
  properties: string[] | null;
}

const purpose = "mailing";

const Fields = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.string().nullable(),
  // Rows that were pasted before they could name their properties take any.
  z.array(z.string()).nullish(),
]);

/** The token of a mailing's links. It does not expire. */
export async function sealMailing(secret: string, mailing: Mailing): Promise<string> {
  const { workspace, touchpoint, survey, locale, properties } = mailing;
  const fields: z.input<typeof Fields> = [workspace, touchpoint, survey, locale, properties];
  return seal(secret, purpose, fields);
}

/**
 * The invitation that a mailing's link makes for whoever opens it, a new one each time. Nobody knows who opens it, and
 * what the link claims must not choose whose answer is changed. null: not a token that this deployment sealed for this
 * purpose.
 */
export async function openMailing(
  secrets: Secrets,
  token: string,
  url: string,
  now: number,
): Promise<Invitation | null> {
  const fields = Fields.safeParse((await unseal(secrets, purpose, token))?.value);
  if (!fields.success) return null;
  const [workspace, touchpoint, survey, locale, named = null] = fields.data;
  const { recipient, locale: wanted, properties } = readMergeQuery(new URL(url).search, named);
  return {
    workspace,
    touchpoint,
    survey,
    properties,
    response: crypto.randomUUID(),
    expires: Math.ceil((now + 90 * dayMs) / 1000),
    respondent: null,
    claimed: recipient === null ? null : claimedSpelling(recipient),
    locale: wanted ?? locale,
    channel: "email",
  };
}

type Claim = Pick<Invitation, "workspace" | "touchpoint" | "survey" | "claimed" | "properties">;

/**
 * By this, a browser recognizes that the same recipient is asked the same; null: the link names none. Anybody who
 * writes an address into a link sees it in the page, so it proves nothing and opens nothing.
 */
export async function claimKey(secret: string, { claimed, ...about }: Claim): Promise<string | null> {
  if (claimed === null) return null;
  const { workspace, touchpoint, survey, properties } = about;
  const fields = [workspace, touchpoint, survey, claimed, properties?.id ?? null];
  return sign(secret, "claim", JSON.stringify(fields));
}

/** The key of a claimed recipient's row of clicks. An erasure finds it by its beginning, the person's hash. */
export const clickKey = async (secret: string, workspace: string, claimed: string, claim: string) =>
  `${await respondentHash(secret, workspace, claimed)}.${claim}`;
