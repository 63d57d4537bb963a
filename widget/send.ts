import { json } from "./json.ts";
import { forgetOld, read, replace, type Unsent } from "./store.ts";

/** `kept`: not acknowledged, tried again later; `refused`: the server will never take it. */
export type Outcome = "saved" | "kept" | "refused";

/** POSTs so that it needs no preflight and outlives the page. */
export const post = (url: string, body: unknown) =>
  fetch(url, { method: "POST", body: json(body), keepalive: true, credentials: "omit" });

const deliver = async ({ url, message }: Unsent): Promise<Outcome> => {
  try {
    const answer = await post(url, message);
    // Some proxy's page of HTML, with whatever status, acknowledges or refuses nothing: it does not parse.
    const { id } = await answer.json();
    if (answer.ok ? id === message.id : answer.status < 500 && answer.status !== 429) {
      replace(message);
      return answer.ok ? "saved" : "refused";
    }
  } catch {}
  return "kept";
};

/** Keeps the message before it is sent, so that a lost connection, a closed page or a killed browser loses nothing. */
export const send = (entry: Unsent) => {
  replace(entry.message, entry);
  return deliver(entry);
};

/** Sends what is still kept, one after the other: browsers limit the bytes that keepalive requests have in flight. */
export const sendAllKept = async () => {
  forgetOld();
  for (const entry of read().unsent) await deliver(entry);
};
