/**
 * What a template leaves open: `{{name|there}}` is the recipient's name, or "there" where it is not known. The fall-back is
 * demanded, and may be empty, so that no mail says "Hello ,".
 */
const form = /\{\{([^{}|]*)(?:\|([^{}]*))?\}\}/g;
const known = /^(name|first_name|email|property\.[A-Za-z][A-Za-z0-9_.-]{0,63})$/;
const maxPlaceholders = 20;

/** The first thing that is wrong with the placeholders of a text; null: nothing. */
export function placeholderProblem(text: string): string | null {
  const found = [...text.matchAll(form)];
  for (const [whole, given = "", fallback] of found) {
    const name = given.trim();
    if (!known.test(name)) return `${whole} is not known: name, first_name, email and property.NAME are`;
    if (fallback === undefined)
      return `${whole} says nothing for those without it, as {{${name}|there}} would`;
  }
  if (found.length > maxPlaceholders) return `has more than ${maxPlaceholders} placeholders`;
  return /\{\{|\}\}/.test(text.replace(form, "")) ? "has {{ or }} outside of a placeholder" : null;
}

export interface Addressee {
  name: string | null;
  email: string;
  properties: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** What the placeholders of a recipient's mail stand for; undefined: not known, so that the fall-back stands. */
export const valuesOf =
  ({ name, email, properties }: Addressee) =>
  (key: string): string | undefined => {
    const values: Record<string, string | null | undefined> = {
      name,
      email,
      first_name: name?.trim().split(/\s/)[0],
    };
    const property = key.slice("property.".length);
    const own = Object.hasOwn(properties, property) ? properties[property] : undefined;
    const value = key.startsWith("property.") ? own : values[key];
    return value === undefined || value === null ? undefined : String(value).trim() || undefined;
  };

/**
 * The text with its placeholders filled. What is filled in is not looked at again: a name may have braces. What no
 * placeholder is, such as the braces of a survey's question, stays.
 */
export const fillPlaceholders = (text: string, value: (key: string) => string | undefined): string =>
  text.replace(form, (whole, given: string, fallback = "") => {
    const key = given.trim();
    return value(key) ?? (known.test(key) ? fallback : whole);
  });
