/**
 * A placeholder of a template: `{{name|there}}` is the recipient's name, or "there" where the name is not known. The
 * fall-back is required, though it may be empty, so that no mail says "Hello ,".
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

/** The value of each placeholder for a recipient; undefined: not known, so the fall-back is used. */
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
 * Fills the placeholders of a text. Filled-in values are not scanned again: a name may have braces. Other braces stay,
 * such as those of a survey's question.
 */
export const fillPlaceholders = (text: string, value: (key: string) => string | undefined): string =>
  text.replace(form, (whole, given: string, fallback = "") => {
    const key = given.trim();
    return value(key) ?? (known.test(key) ? fallback : whole);
  });
