import { locale, propertyName, text } from "../../shared/contract/fields.ts";
import { holdsMergeTag, isAddedByTools } from "../../shared/mail/merge-tags.ts";

/** What a mail tool put into the query of a link. */
interface MergeQuery {
  /** An address or id, as anybody may have written it; null: none. */
  recipient: string | null;
  /** What the recipient is asked about, such as a ticket; null: not said. */
  about: string | null;
  locale: string | null;
  /** `about` too; null: none. */
  properties: Record<string, string> | null;
}

const maxProperties = 20;

/** What the page itself reads, and the name that a recipient once had among the properties. */
const notKept = ["rating", "answered", "confirm", "more", "recipient"];

/** What a link says of itself: as a property of a row it would stand there twice, and one of the two would be lost. */
export const linkNames: readonly string[] = [...notKept, "respondent", "email", "id", "lang"];

/**
 * Reads the query of a mailing's link. What does not fit the contract's limits, and every tag that was not replaced, is
 * left out: a mistake in a mail must not cost its answers. `named`: the only properties that are taken; null: all but what
 * tools and advertisers add by themselves to follow a person.
 */
export function readMergeQuery(search: string, named: readonly string[] | null): MergeQuery {
  const given = new Map<string, string>();
  for (const pair of search.slice(1).split("&")) {
    const [name, value] = readPair(pair);
    if (value && !notKept.includes(name) && !given.has(name)) given.set(name, value);
  }
  const take = (name: string, most: number): string | null => {
    const parsed = text(most).safeParse(given.get(name));
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
 * Mail tools put values into addresses as they are: a `+` is one in an address or id, and a space only elsewhere. The
 * value is '' where a tag was not replaced; also looked for before decoding, which would take `%DE` out of `%DEAL_ID%`.
 */
function readPair(pair: string): [name: string, value: string] {
  const isAddress = /^(respondent|email|id)=|@|%40/i.test(pair);
  const [decoded] = new URLSearchParams(isAddress ? pair.replaceAll("+", "%2B") : pair);
  const [name = "", value = ""] = decoded ?? [];
  const raw = pair.slice(pair.indexOf("=") + 1);
  return [name, holdsMergeTag(raw) || holdsMergeTag(value) ? "" : value.trim()];
}
