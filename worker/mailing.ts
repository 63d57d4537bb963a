import * as z from "zod";
import { dayMs } from "./db/cells.ts";
import type { Invitation } from "./invitation.ts";
import { readRecipient } from "./recipient.ts";
import { type Secrets, seal, signedUuid, unseal } from "./secrets.ts";

/**
 * What the one link in a mail to many says. Signed, and for nobody in particular: a mail tool puts the recipient into
 * its query, unsigned, so that an answer through it names a recipient for whom nobody vouches.
 */
export interface Mailing {
  /** Public ids and the touchpoint's name. */
  workspace: string;
  touchpoint: string;
  survey: string;
  locale: string | null;
}

const purpose = "mailing";

const Fields = z.tuple([z.string(), z.string(), z.string(), z.string().nullable()]);

/** The token of a mailing's links. It does not expire. */
export async function sealMailing(secret: string, mailing: Mailing): Promise<string> {
  const { workspace, touchpoint, survey, locale } = mailing;
  const fields: z.input<typeof Fields> = [workspace, touchpoint, survey, locale];
  return seal(secret, purpose, fields);
}

/**
 * The invitation that a mailing's link makes for who opens it: the same response for the same recipient, and a new one
 * for each time that it is opened without. null: not a token that this deployment sealed for this purpose.
 */
export async function openMailing(
  secrets: Secrets,
  token: string,
  url: string,
  now: number,
): Promise<Invitation | null> {
  const opened = await unseal(secrets, purpose, token);
  const fields = Fields.safeParse(opened?.value);
  if (!opened || !fields.success) return null;
  const [workspace, touchpoint, survey, locale] = fields.data;
  const { recipient, about, locale: wanted, properties } = readRecipient(new URL(url).search);
  // Not by `about` alone: a campaign's name, where the recipient's tag was not replaced, would make one answer of all.
  const identity = JSON.stringify([workspace, touchpoint, survey, recipient, about]);
  return {
    ...{ workspace, touchpoint, survey, properties },
    // By the secret that the mail was sent with: after a new one, the same recipient's answer is still the same.
    response: recipient ? await signedUuid(opened.secret, "mailed response", identity) : crypto.randomUUID(),
    expires: Math.ceil((now + 90 * dayMs) / 1000),
    respondent: null,
    locale: wanted ?? locale,
    channel: "email",
  };
}
