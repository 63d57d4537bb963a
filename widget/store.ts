import type { Asking } from "../shared/asking/asking.ts";
import type { ResponseInput } from "../shared/contract/responses.ts";
import { json } from "./json.ts";
import type { Page } from "./page.ts";

/** A response as the widget sends it: its revision is always there. */
export type Message = ResponseInput & { revision: number };

/** A message on its way: kept from before it is sent until the server has acknowledged it. */
export interface Unsent {
  url: string;
  message: Message;
}

/** What a visitor's browser keeps as JSON under the key `candor`. No cookie. */
export interface Store {
  unsent: Unsent[];
  /** What this visitor was asked, and when. */
  askings: Asking[];
}

let store: Store = { unsent: [], askings: [] };
let page: Page | undefined;

/** Says in whose place things are kept from now on, and sent from when there is a network again. */
export const begin = (where: Page) => {
  page = where;
  addEventListener("online", page.resend, page.ending);
};

/** Where nothing may outlive the page: undefined. Looked up each time, since consent may be withdrawn. */
const place = () => (page?.settings.consent || page?.settings.test ? undefined : page);

/** What is kept now: read each time, since other tabs write too. */
export const read = (): Store => {
  try {
    store = { ...store, ...JSON.parse(place()?.local.candor as string) };
  } catch {}
  return store;
};

/** Keeps what has changed. */
export const write = (change: Partial<Store>) => {
  store = { ...read(), ...change };
  place()?.keep("candor", json(store));
};

/** Puts an entry in the place of what is kept of its answer; without one the answer is forgotten. A newer revision stays. */
export const replace = ({ id, revision }: Message, ...entry: Unsent[]) =>
  write({
    unsent: [
      ...read().unsent.filter(({ message }) => message.id !== id || message.revision > revision),
      ...entry,
    ].slice(-20),
  });

/** Notes that this visitor was asked. */
export const noteAsking = (survey: string) =>
  write({ askings: [...read().askings, [survey, +Date.now()] satisfies Asking].slice(-99) });
