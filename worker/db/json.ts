declare const content: unique symbol;

/**
 * A text of the database that holds the JSON of a T. A row says once what its column holds, and nobody who reads it says so
 * again. Only for what Candor wrote itself: it was checked on its way in, so that no read pays for a check. What strangers
 * send is parsed and checked in `http/`.
 */
export type Json<T> = string & { readonly [content]: T };

/** Not of null or undefined: where there is nothing, the column is null. */
export const toJson = <T extends object>(value: T): Json<T> => JSON.stringify(value) as Json<T>;

export function fromJson<T>(text: Json<T>): T;
export function fromJson<T>(text: Json<T> | null): T | null;
export function fromJson(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
