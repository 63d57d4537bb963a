import { monotonicFactory } from "ulid";
import { fromBase64url, toBase64url, toUuid } from "./secrets.ts";

const nextUlid = monotonicFactory();

/** A new public id such as `srv_01k…`; ids of one prefix sort by time of creation. */
export const newId = (prefix: "wsp" | "srv" | "tp" | "key" | "tpl" | "cmp" | "ers" | "rcp"): string =>
  `${prefix}_${nextUlid().toLowerCase()}`;

/** Where the nine bytes of an invitation's id stand among the sixteen of its response's: around version and variant. */
const places = [0, 1, 2, 3, 4, 5, 7, 9, 10];

/**
 * A new id for the response to an invitation: a UUID (version 8 of RFC 9562) that names the invitation, so that whoever
 * erases the one finds the other without an index. 50 random bits keep it from being guessed.
 */
export function newResponseId(invitation: string): string {
  const id = fromBase64url(invitation) ?? new Uint8Array();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (const [index, place] of places.entries()) bytes[place] = id[index] ?? 0;
  return toUuid(bytes);
}

/** The invitation that such an id names; for any other UUID the id of none. */
export function invitationOfResponse(response: string): string {
  const bytes = Uint8Array.fromHex(response.replaceAll("-", ""));
  return toBase64url(Uint8Array.from(places, (place) => bytes[place] ?? 0));
}

/** When an id of version 7 (RFC 9562) says that it was made, unix ms; null: it says nothing. */
export const madeAt = (id: string): number | null =>
  id[14] === "7" ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : null;

/** The same id in version 8, which pretends no time. */
export const timeless = (id: string): string => `${id.slice(0, 14)}8${id.slice(15)}`;
