declare const content: unique symbol;

/**
 * A database text that holds the JSON of a T. A row type says once what its column holds, and no reader repeats it.
 * Only for what Candor wrote itself: it was checked on its way in, so no read pays for a check. What strangers send is
 * parsed and checked in `http/`.
 */
export type Json<T> = string & { readonly [content]: T };

/** Not for null or undefined: an absent value is a null column. */
export const toJson = <T extends object>(value: T): Json<T> => JSON.stringify(value) as Json<T>;

export function fromJson<T>(text: Json<T>): T;
export function fromJson<T>(text: Json<T> | null): T | null;
export function fromJson(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
