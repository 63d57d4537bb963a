import { json } from "./json.ts";
import { now } from "./respond.ts";
import { replace, type Unsent } from "./store.ts";
import { swallowErrors } from "./swallow-errors.ts";

/** `kept`: not acknowledged, will be retried; `refused`: the server will never accept it. */
export type Outcome = "saved" | "kept" | "refused";

/** POSTs a simple request: it needs no preflight and outlives the page. */
export const post = (url: string, body: unknown) =>
  fetch(url, { method: "POST", body: json(body), keepalive: true, credentials: "omit" });

/** Sends a kept message. It stays kept until the server acknowledges or refuses it. */
export const deliver = async ({ url, message }: Unsent): Promise<Outcome> => {
  try {
    const answer = await post(url, { ...message, sent_at: now() });
    // A proxy's HTML page, whatever its status, is no answer of Candor: it does not parse as JSON.
    const { id, type } = await answer.json();
    // Neither is a gateway's own JSON: Candor's problems have a type that starts with /docs#.
    if (
      answer.ok ? id === message.id : answer.status < 500 && answer.status !== 429 && /^\/docs#/.test(type)
    ) {
      replace(message);
      return answer.ok ? "saved" : "refused";
    }
  } catch {}
  return "kept";
};

/** Keeps the message before sending it, so that a lost connection, a closed page or a killed browser loses nothing. */
export const send = (entry: Unsent) => {
  swallowErrors(replace)(entry.message, entry);
  return deliver(entry);
};
