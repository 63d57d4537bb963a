import type { Asking } from "../shared/asking/asking.ts";
import type { ResponseInput } from "../shared/contract/responses.ts";
import { json } from "./json.ts";
import type { Page } from "./page.ts";

/** A response as the widget sends it: always with a revision. */
export type Message = ResponseInput & { revision: number };

/** A message that is kept until the server has acknowledged or refused it. */
export interface Unsent {
  url: string;
  message: Message;
}

/** What a visitor's browser keeps as JSON under the key `candor`. No cookie. */
export interface Store {
  unsent: Unsent[];
  /** Which surveys this visitor was asked, and when. */
  askings: Asking[];
}

let store: Store = { unsent: [], askings: [] };
let page: Page | undefined;

/** Sets the page whose storage is used, and resends when the network is back. */
export const begin = (where: Page) => {
  page = where;
  addEventListener("online", page.resend, page.ending);
};

/** The page that may store; undefined if nothing may outlive it. Checked each time, since consent may be withdrawn. */
const place = () => (page?.settings.consent || page?.settings.test ? undefined : page);

/** Reads the storage each time, since other tabs write too. */
export const read = (): Store => {
  try {
    store = { ...store, ...JSON.parse(place()?.local.candor as string) };
  } catch {}
  return store;
};

/** Writes the changed fields. */
export const write = (change: Partial<Store>) => {
  store = { ...read(), ...change };
  place()?.keep("candor", json(store));
};

/** Replaces what is kept of a response by `entry`, or forgets it if there is none. A newer revision stays. */
export const replace = ({ id, revision }: Message, ...entry: Unsent[]) =>
  write({
    unsent: [
      ...read().unsent.filter(({ message }) => message.id !== id || message.revision > revision),
      ...entry,
    ].slice(-20),
  });

/** Records that this visitor was asked. */
export const noteAsking = (survey: string) =>
  write({ askings: [...read().askings, [survey, +Date.now()] satisfies Asking].slice(-99) });
