import type { Properties, Scalar } from "../shared/asking/asking.ts";
import type { Ask } from "../shared/contract/ask.ts";
import { hexDigit, own } from "./json.ts";
import type { Settings } from "./page.ts";

/**
 * UUID version 7 (RFC 9562): unix milliseconds, then random, so that ids sort by time. It is one also where the page has
 * replaced what makes randomness, which works without https.
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

/** What the page says about the situation. */
export const propertiesOf = ({ properties = {} }: Settings): Properties => {
  const scalars: Properties = {};
  try {
    const said = own(typeof properties === "string" ? JSON.parse(properties) : properties);
    for (const name in said) if (typeof said[name] !== "object") scalars[name] = said[name] as Scalar;
  } catch {}
  return scalars;
};

/** RFC 3339; old libraries put it in quotation marks. */
export const now = () => /\d[\d-]+T[\d:.]+Z/.exec(new Date().toISOString())?.[0];

/** What stays the same in all messages of one response; with what the page says about the situation and respondent. */
export const startResponse = ({ touchpoint, survey, locale }: Ask, settings: Settings) => {
  const { respondent, respondentHash: respondent_hash } = settings;
  return {
    id: uuid7(),
    touchpoint,
    survey,
    locale,
    answered_at: now(),
    respondent,
    respondent_hash,
    properties: propertiesOf(settings),
    revision: 0,
  };
};

/** Nothing written: undefined. */
export const cleanText = (text = ""): string | undefined => (/\S/.test(text) ? text : undefined);
