/**
 * As JSON.stringify, which asks each value for its toJSON: old libraries (Prototype.js) gave all strings and arrays one
 * that quotes them twice.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings.
const forbidden = /[\0-\x1f"\\]/g;

export const json = (value: unknown): string =>
  typeof value === "string"
    ? `"${value.replace(forbidden, (sign) => `\\u${(sign.charCodeAt(0) + 65536).toString(16).slice(1)}`)}"`
    : Array.isArray(value)
      ? `[${value.map(json)}]`
      : value && typeof value === "object"
        ? `{${Object.entries(value)
            .filter(([, held]) => held !== undefined)
            .map(([name, held]) => `${json(name)}:${json(held)}`)}}`
        : `${value}`;
