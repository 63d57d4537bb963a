import type { Asking } from "../shared/asking.ts";
import type { ResponseInput } from "../shared/contract/responses.ts";
import { json } from "./json.ts";

/** A response as the widget sends it: its revision is always there. */
export type Message = ResponseInput & { revision: number; answered_at: string };

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

const dayMs = 864e5;
let store: Store = { unsent: [], askings: [] };
/** Undefined: nothing may outlive the page. Looked up each time, since consent may be withdrawn. */
let place: () => Storage | undefined = () => undefined;

/** What is kept now: read each time, since other tabs write too. */
export const read = (): Store => {
  try {
    store = { ...store, ...JSON.parse(place()?.candor ?? "{}") };
  } catch {}
  return store;
};

const write = (change: Partial<Store>) => {
  store = { ...read(), ...change };
  try {
    const storage = place();
    if (storage) storage.candor = json(store);
  } catch {
    place = () => undefined;
  }
};

/** Says where to keep things from now on. */
export const keepIn = (where: typeof place) => {
  place = where;
};

/** Puts an entry in the place of what is kept of its answer; without one the answer is forgotten. A newer revision stays. */
export const replace = ({ id, revision }: Message, ...entry: Unsent[]) =>
  write({
    unsent: [
      ...read().unsent.filter(({ message }) => message.id !== id || message.revision > revision),
      ...entry,
    ].slice(-20),
  });

/** The server would give an older answer a wrong day, so it is given up. */
export const forgetOld = () =>
  write({
    unsent: read().unsent.filter(({ message }) => Date.parse(message.answered_at) > Date.now() - 14 * dayMs),
  });

/** Notes that this visitor was asked. */
export const noteAsking = (survey: string) =>
  write({ askings: [...read().askings, [survey, Date.now()] satisfies Asking].slice(-99) });
