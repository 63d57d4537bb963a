import * as z from "zod";
import { seal, unseal } from "./secrets.ts";

/** What a survey link says; signed, so that nothing about it needs to be stored before it is answered. */
export interface Invitation {
  /** Public ids and the touchpoint's name. */
  workspace: string;
  touchpoint: string;
  survey: string;
  /** The id that the response will have: a link gives one response, however often it is sent. */
  response: string;
  /** Unix seconds. */
  expires: number;
  respondent: string | null;
  properties: Record<string, string | number | boolean> | null;
  locale: string | null;
  /** `email`: opened from a mailing, so that nobody vouches for who holds it. */
  channel: "link" | "email";
}

const purpose = "invitation";

const Fields = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.int(),
  z.string().nullable(),
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
  z.string().nullable(),
  z.enum(["link", "email"]),
]);

/** The token of a survey link. */
export async function sealInvitation(secret: string, invitation: Invitation): Promise<string> {
  const { workspace, touchpoint, survey, response, expires, respondent, properties, locale, channel } =
    invitation;
  const fields: z.input<typeof Fields> = [
    workspace,
    touchpoint,
    survey,
    response,
    expires,
    respondent,
    properties,
    locale,
    channel,
  ];
  return seal(secret, purpose, fields);
}

/** null: not a token that this deployment sealed for this purpose, to the letter. Expiry is for the caller to judge. */
export async function openInvitation(secret: string, token: string): Promise<Invitation | null> {
  const fields = Fields.safeParse(await unseal(secret, purpose, token));
  if (!fields.success) return null;
  const [workspace, touchpoint, survey, response, expires, respondent, properties, locale, channel] =
    fields.data;
  return { workspace, touchpoint, survey, response, expires, respondent, properties, locale, channel };
}
