import { KINDS } from "../kinds.ts";
import type { Language } from "../texts.ts";

/** English. Its wording of the kinds stands with them. */
export const en: Required<Language> = {
  direction: "ltr",
  comment: "What is the main reason for your rating?",
  send: "Send",
  close: "Close",
  thanks: "Thank you for your feedback.",
  unsent: "There is no connection right now. Your answer is kept and will be sent later.",
  option: "{rating} of {max}",
  change: "Change my answer",
  expired: "This survey link has expired.",
  choose: "Please choose a rating.",
  tooLong: "Please shorten your comment to 4000 characters.",
  unknownLink: "This survey link is not valid.",
  later: "That did not work. Please try again in a moment.",
  tab: "Feedback",
  next: "Next",
  many: "Choose all that apply",
  unsubscribe: "Unsubscribe",
  unsubscribeAsk: "Do you want to get no more surveys by mail?",
  unsubscribed: "You will get no more surveys by mail.",
  kinds: KINDS,
  score: {
    customersSay: "What our customers say",
    responses: "Responses",
    interval: "95\u00a0% interval",
    range: "{low} to {high}",
    period: "Period",
    smallSample: "small sample",
    notEnough: "not enough responses yet",
    labels: KINDS,
  },
};
