import { json } from "./json.ts";
import { now } from "./respond.ts";
import { replace, type Unsent } from "./store.ts";
import { swallowErrors } from "./swallow-errors.ts";

/** `kept`: not acknowledged, tried again later; `refused`: the server will never take it. */
export type Outcome = "saved" | "kept" | "refused";

/** POSTs so that it needs no preflight and outlives the page. */
export const post = (url: string, body: unknown) =>
  fetch(url, { method: "POST", body: json(body), keepalive: true, credentials: "omit" });

/** Sends what is kept, and keeps it until it is acknowledged. */
export const deliver = async ({ url, message }: Unsent): Promise<Outcome> => {
  try {
    const answer = await post(url, { ...message, sent_at: now() });
    // Some proxy's page of HTML, with whatever status, acknowledges or refuses nothing: it does not parse.
    const { id, type } = await answer.json();
    // Nor does a gateway's own JSON: a problem of Candor's has a type of Candor's.
    if (
      answer.ok ? id === message.id : answer.status < 500 && answer.status !== 429 && /^\/docs#/.test(type)
    ) {
      replace(message);
      return answer.ok ? "saved" : "refused";
    }
  } catch {}
  return "kept";
};

/** Keeps the message before it is sent, so that a lost connection, a closed page or a killed browser loses nothing. */
export const send = (entry: Unsent) => {
  swallowErrors(replace)(entry.message, entry);
  return deliver(entry);
};
