const hex = "0123456789abcdef";

/** The last four bits of a number as a digit. */
export const hexDigit = (n: number): string => hex[n & 15] as string;

/** Without what a page has put on all objects, as old libraries did. */
export const own = (value: object | undefined): Record<string, unknown> => ({ ...value, __proto__: null });

/**
 * As JSON.stringify, but made of what no page replaces: old libraries gave all strings and arrays a toJSON that quotes
 * them twice. What JSON cannot say is null; NUL and half characters, which storage does not know, are left out.
 */
export const json = (value: unknown): string => {
  let text = "";
  if (typeof value === "string") {
    for (const sign of value) {
      if (sign < " " || sign === '"' || sign === "\\") {
        const code = sign.charCodeAt(0);
        if (code) text += `\\u00${hexDigit(code >> 4)}${hexDigit(code)}`;
      } else if (sign[1] || sign < "\ud800" || sign > "\udfff") text += sign;
    }
    return `"${text}"`;
  }
  // false, too, is 0 when it is taken from itself.
  if (!value || typeof value !== "object")
    return (value as number) - (value as number) === 0 ? `${value}` : "null";
  const isList = Array.isArray(value);
  const held = own(value);
  for (const name in held)
    if (held[name] !== undefined)
      text += `${text && ","}${isList ? "" : `${json(name)}:`}${json(held[name])}`;
  return isList ? `[${text}]` : `{${text}}`;
};
