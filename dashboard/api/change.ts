import { Refused } from "./refused.ts";
import { request } from "./session.ts";

/** A request that changes something. */
interface Order {
  method: "POST" | "PATCH" | "PUT" | "DELETE";
  path: string;
  body?: unknown;
}

interface Change {
  order: Order;
  /** The request that takes it back: undo is a change like any other, not a delay of the first. */
  inverse: Order;
  /** Shows it before the server has said yes. */
  apply: () => void;
  /** Shows what was before. */
  revert: () => void;
  /** It was done; `undo` takes it back. */
  done: (undo: () => Promise<void>) => void;
  /** It was refused, whether it was the change or its undo. */
  refused: (why: Refused) => void;
}

const send = ({ method, path, body }: Order): Promise<Response> =>
  request(path, {
    method,
    ...(body !== undefined && {
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    }),
  });

/** Shows a change at once, and takes it back from the screen where the server refuses it. */
export async function change({ order, inverse, apply, revert, done, refused }: Change): Promise<void> {
  const trying = async (wanted: Order, show: () => void, unshow: () => void): Promise<boolean> => {
    show();
    try {
      await send(wanted);
      return true;
    } catch (error) {
      unshow();
      refused(error instanceof Refused ? error : new Refused(0));
      return false;
    }
  };
  if (await trying(order, apply, revert)) done(async () => void (await trying(inverse, revert, apply)));
}
