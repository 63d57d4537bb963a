import type { ResponseInput } from "../shared/contract/responses.ts";

/** A response as the widget sends it: its revision is always there. */
export type Message = ResponseInput & { revision: number; answered_at: string };

/** A message on its way: kept from before it is sent until the server has acknowledged it. */
export interface Unsent {
  url: string;
  message: Message;
}

/** All that a visitor's browser keeps, as JSON under the one key `candor`. No cookie, nothing else. */
export interface Store {
  unsent: Unsent[];
  /** By touchpoint: until when (unix milliseconds) this visitor is not asked again. */
  waits: Record<string, number>;
}

const dayMs = 864e5;
let store: Store = { unsent: [], waits: {} };
let blocked = false;

/** What is kept now: read each time, since other tabs write too. Without storage it lives as long as the page. */
export const read = (): Store => {
  try {
    if (!blocked) {
      const { unsent, waits }: Store = JSON.parse(localStorage.candor);
      // The server would give an older answer a wrong day, so it is given up.
      store = {
        unsent: unsent.filter(({ message }) => Date.parse(message.answered_at) > Date.now() - 14 * dayMs),
        waits,
      };
    }
  } catch {}
  return store;
};

const write = (change: Partial<Store>) => {
  store = { ...read(), ...change };
  try {
    localStorage.candor = JSON.stringify(store);
  } catch {
    blocked = true;
  }
};

/** Puts an entry in the place of what is kept of its answer; without one the answer is forgotten. A newer revision stays. */
export const replace = ({ id, revision }: Message, ...entry: Unsent[]) =>
  write({
    unsent: [
      ...read().unsent.filter(({ message }) => message.id !== id || message.revision > revision),
      ...entry,
    ].slice(-20),
  });

/** Notes that this visitor is not to be asked at the touchpoint for some days. */
export const wait = (touchpoint: string, days: number) =>
  write({ waits: { ...read().waits, [touchpoint]: Date.now() + days * dayMs } });
