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

/** All that a visitor's browser keeps, as JSON under the one key `candor`. No cookie, nothing else. */
export interface Store {
  unsent: Unsent[];
  /** What this visitor was asked, and when. */
  askings: Asking[];
  /** By survey: what is compared with the share of visitors who are asked. Kept where a survey has such a share. */
  luck: Record<string, number>;
  /** Pages viewed. Counted where a survey waits for some. */
  views: number;
}

const nothing: Store = { unsent: [], askings: [], luck: {}, views: 0 };
let store = nothing;
let persistent = false;

/** What is kept now: read each time, since other tabs write too. Without storage it lives as long as the page. */
export const read = (): Store => {
  try {
    if (persistent) store = { ...nothing, ...JSON.parse(localStorage.candor) };
  } catch {}
  return store;
};

export const write = (change: Partial<Store>) => {
  store = { ...read(), ...change };
  try {
    if (persistent) localStorage.candor = json(store);
  } catch {
    persistent = false;
  }
};

/** Whether anything may outlive the page. With leave, what was kept until then joins what there is; without, all is forgotten. */
export const persist = (allowed: boolean) => {
  const { unsent, askings } = store;
  persistent = allowed;
  store = nothing;
  if (!allowed)
    try {
      delete localStorage.candor;
    } catch {}
  else if (unsent[0] || askings[0])
    write({ unsent: [...read().unsent, ...unsent], askings: [...read().askings, ...askings] });
};
