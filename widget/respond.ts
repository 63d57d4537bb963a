import type { Properties, Scalar } from "../shared/asking/asking.ts";
import type { Ask } from "../shared/contract/ask.ts";
import { hexDigit, own } from "./json.ts";
import type { Settings } from "./page.ts";

/**
 * UUID version 7 (RFC 9562): unix milliseconds, then random bits, so that ids sort by time. It stays valid if the page
 * has replaced the random generator. getRandomValues works without https, unlike randomUUID.
 */
const uuid7 = () => {
  const random = new Uint8Array(36);
  try {
    crypto.getRandomValues(random);
  } catch {}
  const now = Date.now();
  let digits = 12;
  let id = "";
  for (const sign of "tttttttt-tttt-7rrr-8rrr-rrrrrrrrrrrr") {
    id +=
      sign === "t"
        ? hexDigit(now / 16 ** --digits)
        : sign === "r"
          ? hexDigit((random[id.length] as number) ^ (Math.random() * 16))
          : sign;
  }
  return id;
};

/** The page's properties: scalars, and no text that is longer than the server takes, since a huge one would cost the rating. */
export const propertiesOf = ({ properties = {} }: Settings): Properties => {
  const scalars: Properties = {};
  try {
    const said = own(typeof properties === "string" ? JSON.parse(properties) : properties);
    for (const name in said)
      if (typeof said[name] !== "object" && !((said[name] as string)?.length > 500))
        scalars[name] = said[name] as Scalar;
  } catch {}
  return scalars;
};

/** RFC 3339. The pattern removes the quotation marks that old libraries add. */
export const now = () => /\d[\d-]+T[\d:.]+Z/.exec(new Date().toISOString())?.[0];

/** The fields that all messages of one response share, with the page's properties and respondent. */
export const startResponse = ({ touchpoint, survey, survey_version, locale }: Ask, settings: Settings) => {
  const { respondent, respondentHash: respondent_hash } = settings;
  return {
    id: uuid7(),
    touchpoint,
    survey,
    survey_version,
    locale,
    answered_at: now(),
    respondent,
    respondent_hash,
    properties: propertiesOf(settings),
    revision: 0,
  };
};

/** undefined if nothing was written. */
export const cleanText = (text = ""): string | undefined => (/\S/.test(text) ? text : undefined);
