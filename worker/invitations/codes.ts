import * as z from "zod";
import type { Properties } from "../../shared/asking/asking.ts";
import type { Database } from "../db/database.ts";
import { fromJson } from "../db/json.ts";
import type { Bindings } from "../environment.ts";
import {
  fromBase64url,
  isSigned,
  type Secrets,
  seal,
  secretsOf,
  sign,
  toBase64url,
  unseal,
} from "../secrets/secrets.ts";
import { type InvitationRow, knownInvitations } from "./db/invitations.ts";

/** What a survey link asks, and whom. */
export interface Invitation {
  /** Public ids and the touchpoint's name. */
  workspace: string;
  touchpoint: string;
  survey: string;
  /** The id of the future response. A link gives one response, however often it is sent. */
  response: string;
  /** Unix seconds. */
  expires: number;
  respondent: string | null;
  /** The respondent that a mailing's link names, without proof. */
  claimed: string | null;
  properties: Properties | null;
  locale: string | null;
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
  // Pages from before claims had a field of their own send none.
  z.string().nullish(),
]);

/** The token of an invitation that is not stored: the one that a mailing's link makes for whoever opens it. */
export async function sealInvitation(secret: string, invitation: Invitation): Promise<string> {
  const {
    workspace,
    touchpoint,
    survey,
    response,
    expires,
    respondent,
    properties,
    locale,
    channel,
    claimed,
  } = invitation;
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
    claimed,
  ];
  return seal(secret, purpose, fields);
}

/** null: not a token that this deployment sealed for this purpose, to the letter. The caller checks the expiry. */
export async function openInvitation(secrets: Secrets, token: string): Promise<Invitation | null> {
  const fields = Fields.safeParse((await unseal(secrets, purpose, token))?.value);
  if (!fields.success) return null;
  const [workspace, touchpoint, survey, response, expires, respondent, properties, locale, channel, claimed] =
    fields.data;
  return {
    workspace,
    touchpoint,
    survey,
    response,
    expires,
    respondent,
    properties,
    locale,
    channel,
    claimed: claimed ?? null,
  };
}

/** Bytes of an invitation's id, and of the signature after it: multiples of 3, for which base64 has no spare bits. */
const idBytes = 9;
const signatureBytes = 9;
const idLetters = (idBytes / 3) * 4;
const publicPrefix = "inv_";

/**
 * The ids of invitations. Equal names have equal ids, so a named invitation is made only once. The ids are keyed, so
 * that nobody who knows an address can find its invitation. The key is the deployment's oldest secret, so that ids
 * survive a change of secret. An invitation named before ids were keyed keeps its id.
 */
export async function invitationIds(
  env: Bindings,
  db: Database,
  workspaceId: string,
  names: readonly (string | undefined)[],
): Promise<string[]> {
  const of = (name: string) => `${workspaceId}\0${name}`;
  const unkeyed = await Promise.all(names.map((name) => (name === undefined ? "" : hashedId(of(name)))));
  const known = unkeyed.some(Boolean) ? await knownInvitations(db, workspaceId, unkeyed) : new Set<string>();
  const oldest = secretsOf(env).at(-1) ?? env.CANDOR_SECRET;
  return Promise.all(
    names.map((name, index) => {
      if (name === undefined) return toBase64url(crypto.getRandomValues(new Uint8Array(idBytes)));
      const id = unkeyed[index] ?? "";
      return known.has(id) ? id : sign(oldest, "invitation id", of(name.normalize("NFC")), idBytes);
    }),
  );
}

async function hashedId(name: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(name));
  return toBase64url(new Uint8Array(hash, 0, idBytes));
}

/** 24 letters: the id and its signature. A made-up code is therefore refused without a query. */
export const invitationCode = async (secret: string, id: string): Promise<string> =>
  id + (await sign(secret, "code", id, signatureBytes));

/** The id in a code; null: not a code that this deployment signed, to the letter. */
export const readCode = (secrets: Secrets, code: string): Promise<string | null> =>
  readSigned(secrets, "code", code);

async function readSigned(secrets: Secrets, purpose: string, code: string): Promise<string | null> {
  const id = code.slice(0, idLetters);
  const isWhole = fromBase64url(id)?.length === idBytes;
  const mac = code.slice(idLetters);
  return isWhole && (await isSigned(secrets, purpose, id, mac, signatureBytes)) ? id : null;
}

/** The code that unsubscribes a mail's recipient. It has its own purpose: no link for answering can be made into it. */
export const unsubscribeCode = async (secret: string, id: string): Promise<string> =>
  id + (await sign(secret, "unsubscribe", id, signatureBytes));

export const readUnsubscribe = (secrets: Secrets, code: string): Promise<string | null> =>
  readSigned(secrets, "unsubscribe", code);

export const publicId = (id: string): string => publicPrefix + id;

/** The id behind a public one; "" where it does not have that form. */
export const privateId = (id: string): string =>
  id.startsWith(publicPrefix) ? id.slice(publicPrefix.length) : "";

/** The invitation that a stored row describes. */
export const invitationOf = (row: InvitationRow): Invitation => ({
  workspace: row.workspace,
  touchpoint: row.touchpoint,
  survey: row.survey,
  response: row.response,
  expires: Math.ceil(row.expiresAt / 1000),
  respondent: row.respondent,
  claimed: null,
  properties: fromJson(row.properties),
  locale: row.locale,
  channel: row.channel,
});
