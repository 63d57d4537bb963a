import { own } from "../json.ts";

/** Fills the page's properties into the `{name}` and `{name|or else}` placeholders of all texts. */
export const filled = <Held>(held: Held, properties: Record<string, unknown>): Held => {
  if (typeof held === "string")
    return held.replace(
      /\{(\w+)(?:\|([^{}"]*))?\}/g,
      (_, name: string, otherwise = "") => `${properties[name] ?? otherwise}`,
    ) as Held;
  if (!held || typeof held !== "object") return held;
  const whole = own(held);
  const copy = (Array.isArray(held) ? [] : {}) as Record<string, unknown>;
  for (const name in whole) copy[name] = filled(whole[name], properties);
  return copy as Held;
};
