import { json } from "./json.ts";
import { now } from "./respond.ts";
import { replace, type Unsent } from "./store.ts";
import { swallowErrors } from "./swallow-errors.ts";

/**
 * true: saved; false: the server will never accept it; otherwise it is kept and will be retried, and this is the type of
 * the problem, if one was answered.
 */
export type Outcome = boolean | string | undefined;

/**
 * POSTs a simple request: it needs no preflight and outlives the page. Browsers refuse what would make more than 64 KiB
 * of such bodies underway, and a letter takes up to three bytes: a longer one does not outlive the page, but stays kept.
 */
export const post = (url: string, body: unknown) => {
  const text = json(body);
  return fetch(url, { method: "POST", body: text, keepalive: text.length < 1e4, credentials: "omit" });
};

/** Sends a kept message. It stays kept until the server acknowledges it, or refuses it for what it says. */
export const deliver = async ({ url, message }: Unsent, isOtherKey?: unknown): Promise<Outcome> => {
  try {
    const answer = await post(url, { ...message, sent_at: now() });
    // A proxy's HTML page, whatever its status, is no answer of Candor: it does not parse as JSON.
    const { id, type } = await answer.json();
    // Neither is a gateway's own JSON. Of Candor's problems invalid-input, malformed-request and conflict are the
    // message's; of the others, such as a key or a limit, it may be rid tomorrow.
    if (answer.ok ? id === message.id : !isOtherKey && /^\/docs#(inv|mal|conf)/.test(type)) {
      replace(message);
      return answer.ok;
    }
    return `${type}`;
  } catch {}
};

/** Keeps the message before sending it, so that a lost connection, a closed page or a killed browser loses nothing. */
export const send = (entry: Unsent) => {
  swallowErrors(replace)(entry.message, entry);
  return deliver(entry);
};
