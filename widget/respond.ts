import type { Properties } from "../shared/asking.ts";
import type { Ask } from "../shared/contract/ask.ts";
import type { Settings } from "./candor.ts";

/** UUID version 7 (RFC 9562): unix milliseconds, then random, so that ids sort by time. Works without https. */
const uuid7 = () => {
  const random = Array.from(crypto.getRandomValues(new Uint16Array(5)), (n) =>
    (n + 65536).toString(16).slice(1),
  );
  const hex = Date.now().toString(16).padStart(12, "0") + random.join("");
  return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-7$3-8$4-");
};

/** What the page says about the situation. */
export const propertiesOf = ({ properties = {} }: Settings): Properties => {
  try {
    return typeof properties === "string" ? JSON.parse(properties) : properties;
  } catch {
    return {};
  }
};

/** What stays the same in all messages of one response; with what the page says about the situation and respondent. */
export const startResponse = ({ touchpoint, survey, locale }: Ask, settings: Settings) => {
  const { respondent, respondentHash: respondent_hash } = settings;
  return {
    id: uuid7(),
    touchpoint,
    survey,
    locale,
    answered_at: new Date().toISOString(),
    respondent,
    respondent_hash,
    properties: propertiesOf(settings),
    revision: 0,
  };
};

/** A text as the server takes it: storage knows no NUL and no half characters. Nothing written: undefined. */
export const cleanText = (text = ""): string | undefined =>
  text.replace(/[\0\p{Cs}]/gu, "").trim() || undefined;
