import { locale, propertyName, text } from "../../shared/contract/fields.ts";
import { holdsMergeTag, isAddedByTools } from "../../shared/mail/merge-tags.ts";

/** What a mail tool put into the query of a link. */
interface MergeQuery {
  /** An address or id, which anybody may have written; null: none. */
  recipient: string | null;
  /** What the recipient is asked about, such as a ticket; null: not given. */
  about: string | null;
  locale: string | null;
  /** Including `about`; null: none. */
  properties: Record<string, string> | null;
}

const maxProperties = 20;

/** Parameters that the page itself reads, and an earlier name of the recipient's property. */
const notKept = ["rating", "answered", "confirm", "more", "recipient"];

/** The names that a link uses itself. A row's property of the same name would be there twice, and one would be lost. */
export const linkNames: readonly string[] = [...notKept, "respondent", "email", "id", "lang"];

/**
 * Reads the query of a mailing's link. Values beyond the contract's limits and tags that were not replaced are left
 * out: a mistake in a mail must not cost its answers. `named`: the only properties that are taken; null: all but those
 * that tools and advertisers add to track a person.
 */
export function readMergeQuery(search: string, named: readonly string[] | null): MergeQuery {
  const given = new Map<string, string>();
  // Some tools escape a link twice.
  for (const pair of search.slice(1).split(/&(?:amp;)*/)) {
    const [name, value] = readPair(pair);
    if (value && !notKept.includes(name) && !given.has(name)) given.set(name, value);
  }
  const take = (name: string, maxLength: number): string | null => {
    const parsed = text(maxLength).safeParse(given.get(name));
    given.delete(name);
    return parsed.data ?? null;
  };
  const [respondent, email] = [take("respondent", 200), take("email", 200)];
  const recipient = respondent ?? email;
  const about = take("id", 200);
  const language = locale.safeParse(take("lang", 35)).data ?? null;
  const properties = [
    ...(about ? [["id", about] as const] : []),
    ...[...given].filter(
      ([name, value]) =>
        (named ? named.includes(name) : !isAddedByTools(name)) &&
        propertyName.safeParse(name).success &&
        text(500).safeParse(value).success,
    ),
  ].slice(0, maxProperties);
  return {
    recipient,
    about,
    locale: language,
    properties: properties.length > 0 ? Object.fromEntries(properties) : null,
  };
}

/**
 * Mail tools put values into addresses unencoded, so a `+` in an address or id is not a space. The value is '' where a
 * tag was not replaced, or where it is not UTF-8: half a name is nobody's. Tags are also looked for before decoding,
 * which would take `%DE` out of `%DEAL_ID%`.
 */
function readPair(pair: string): [name: string, value: string] {
  const isAddress = /^(respondent|email|id)=|@|%40/i.test(pair);
  const [decoded] = new URLSearchParams(isAddress ? pair.replaceAll("+", "%2B") : pair);
  const [name = "", value = ""] = decoded ?? [];
  const raw = pair.slice(pair.indexOf("=") + 1);
  const isLost = holdsMergeTag(raw) || holdsMergeTag(value) || value.includes("\ufffd");
  return [name, isLost ? "" : value.trim()];
}
