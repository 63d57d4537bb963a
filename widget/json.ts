const hex = "0123456789abcdef";

/** The hexadecimal digit of a number's last four bits. */
export const hexDigit = (n: number): string => hex[n & 15] as string;

/** A copy without the properties that old libraries add to all objects. */
export const own = (value: object | undefined): Record<string, unknown> => ({ ...value, __proto__: null });

/**
 * Does what JSON.stringify does, with nothing that a page may have replaced: old libraries give all strings and arrays
 * a toJSON that quotes them twice. What JSON cannot express becomes null. NUL and lone surrogates are left out, since
 * the database cannot store them.
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
  // A finite number minus itself is 0; so are false minus false and true minus true. A symbol throws.
  if (!value || typeof value !== "object")
    return typeof value !== "symbol" && (value as number) - (value as number) === 0 ? `${value}` : "null";
  const isList = Array.isArray(value);
  const held = own(value);
  for (const name in held)
    if (held[name] !== undefined)
      text += `${text && ","}${isList ? "" : `${json(name)}:`}${json(held[name])}`;
  return isList ? `[${text}]` : `{${text}}`;
};
