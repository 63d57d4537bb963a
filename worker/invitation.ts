import * as z from "zod";
import { fromBase64url, isSigned, sign, toBase64url } from "./secrets.ts";

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
]);

/** The token of a survey link: base64url of the fields, a dot, and their signature. */
export async function sealInvitation(secret: string, invitation: Invitation): Promise<string> {
  const { workspace, touchpoint, survey, response, expires, respondent, properties, locale } = invitation;
  const fields: z.input<typeof Fields> = [
    workspace,
    touchpoint,
    survey,
    response,
    expires,
    respondent,
    properties,
    locale,
  ];
  const payload = toBase64url(new TextEncoder().encode(JSON.stringify(fields)));
  return `${payload}.${await sign(secret, purpose, payload)}`;
}

/** null: not a token that this deployment sealed for this purpose, to the letter. Expiry is for the caller to judge. */
export async function openInvitation(secret: string, token: string): Promise<Invitation | null> {
  const [payload, mac, ...rest] = token.split(".");
  if (!payload || !mac || rest.length > 0) return null;
  const bytes = fromBase64url(payload);
  if (!bytes || !(await isSigned(secret, purpose, payload, mac))) return null;
  const fields = Fields.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
  if (!fields.success) return null;
  const [workspace, touchpoint, survey, response, expires, respondent, properties, locale] = fields.data;
  return { workspace, touchpoint, survey, response, expires, respondent, properties, locale };
}
