import { monotonicFactory } from "ulid";
import { fromBase64url, toBase64url, toUuid } from "./secrets.ts";

const nextUlid = monotonicFactory();

/** A new public id such as `srv_01k…`. Ids with the same prefix sort by creation time. */
export const newId = (
  prefix: "wsp" | "srv" | "tp" | "key" | "tpl" | "cmp" | "ers" | "rcp" | "mbr" | "ses" | "otl" | "aud",
): string => `${prefix}_${nextUlid().toLowerCase()}`;

/** The places of an invitation id's nine bytes among its response id's sixteen. They avoid version and variant. */
const places = [0, 1, 2, 3, 4, 5, 7, 9, 10];

/**
 * A new id for the response to an invitation: a UUID (version 8 of RFC 9562) that contains the invitation's id, so that
 * whoever erases one finds the other without an index. 50 random bits keep it from being guessed.
 */
export function newResponseId(invitation: string): string {
  const id = fromBase64url(invitation) ?? new Uint8Array();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (const [index, place] of places.entries()) bytes[place] = id[index] ?? 0;
  return toUuid(bytes);
}

/** The invitation that such an id names. For any other UUID, an id that no invitation has. */
export function invitationOfResponse(response: string): string {
  const bytes = Uint8Array.fromHex(response.replaceAll("-", ""));
  return toBase64url(Uint8Array.from(places, (place) => bytes[place] ?? 0));
}

/** When an id of version 7 (RFC 9562) claims to be made, unix ms; null: it does not say. */
export const madeAt = (id: string): number | null =>
  id[14] === "7" ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : null;

/** The same id in version 8, which claims no time. */
export const timeless = (id: string): string => `${id.slice(0, 14)}8${id.slice(15)}`;
