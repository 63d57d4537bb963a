import { scalar } from "../../shared/contract/fields.ts";
import { propertyOf } from "../../shared/files/delimited.ts";
import { unmarkedAddress } from "../../shared/files/spreadsheets.ts";

const maxProperties = 20;

/**
 * The first 20 valid properties, under valid names. `dropped` gives the reason for each other one. Empty values are
 * skipped silently.
 */
export function propertiesOf(found: Iterable<readonly [name: string, value: unknown]>) {
  const properties: Record<string, unknown> = {};
  const dropped: string[] = [];
  for (const [name, value] of found) {
    if (isNothing(value)) continue;
    const key = propertyOf(name);
    if (key === "") dropped.push(`${name}: its name has no letter from a to z`);
    else if (Object.hasOwn(properties, key)) dropped.push(`${name}: another property is called ${key}`);
    else if (!scalar.safeParse(value).success)
      dropped.push(`${name}: no number, boolean or text up to 500 characters`);
    else if (Object.keys(properties).length === maxProperties)
      dropped.push(`${name}: there are ${maxProperties} properties before it`);
    else properties[key] = typeof value === "string" ? unmarkedAddress(value) : value;
  }
  return { properties, dropped };
}

export const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === "string" ? value.trim() === "" : isEmpty(value));

const isEmpty = (value: unknown): boolean =>
  typeof value === "object" && Object.keys(value ?? {}).length === 0;
