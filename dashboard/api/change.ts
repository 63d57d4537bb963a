import { Refused } from "./refused.ts";
import { request } from "./session.ts";

/** A request that changes something. */
interface Order {
  method: "POST" | "PATCH" | "PUT" | "DELETE";
  path: string;
  body?: unknown;
}

interface Change<Data> {
  order: Order;
  /** The request that takes it back: undo is a change like any other, not a delay of the first. */
  inverse: Order;
  /** Shows it before the server has said yes. */
  apply: () => void;
  /** Shows what was before. */
  revert: () => void;
  /** It was done; `undo` takes it back, and `data` is what the server says. */
  done: (undo: () => Promise<void>, data: Data) => void;
  /** It was refused, whether it was the change or its undo. */
  refused: (why: Refused) => void;
}

/** Sends a change that cannot be shown before it is done. Throws `Refused`. */
export const send = ({ method, path, body }: Order): Promise<Response> =>
  request(path, {
    method,
    // Also without a body: a form of another site cannot say so.
    headers: { "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

/** As `send`. Answers what the caller says that the path does; null where there is no body. */
export async function sendFor<Data = null>(order: Order): Promise<Data> {
  const answer = await send(order);
  return JSON.parse((await answer.text()) || "null");
}

/** What was thrown, as a refusal: an answer that broke off is like none. */
export const refusalIn = (error: unknown): Refused => (error instanceof Refused ? error : new Refused(0));

/** Shows a change at once, and takes it back from the screen where the server refuses it. */
export async function change<Data = unknown>({
  order,
  inverse,
  apply,
  revert,
  done,
  refused,
}: Change<Data>): Promise<void> {
  const trying = async (
    wanted: Order,
    show: () => void,
    unshow: () => void,
  ): Promise<{ data: Data } | null> => {
    show();
    try {
      return { data: await sendFor<Data>(wanted) };
    } catch (error) {
      unshow();
      refused(refusalIn(error));
      return null;
    }
  };
  const made = await trying(order, apply, revert);
  if (made) done(async () => void (await trying(inverse, revert, apply)), made.data);
}
