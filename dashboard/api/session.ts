import { signal } from "@preact/signals";
import { page } from "../page.ts";
import { Refused, refusalOf } from "./refused.ts";

/** Whether the session has ended while the page is open. What is on the screen stays, and what was asked waits. */
export const expired = signal(false);

/** Whether something waits that the session is too old for: `still`, where somebody has gone on without signing in. */
export const tooOld = signal<"no" | "yes" | "still">("no");

/** While the session is being ended nothing else is asked: it would be refused. Settled only where that fails. */
let leaving: PromiseWithResolvers<void> | undefined;

/** true: somebody has signed in again; false: they would rather not do what was asked. */
let renewal: PromiseWithResolvers<boolean> | undefined;

function renewed(): Promise<boolean> {
  renewal ??= Promise.withResolvers();
  return renewal.promise;
}

function settle(goesOn: boolean): void {
  expired.value = false;
  tooOld.value = "no";
  renewal?.resolve(goesOn);
  renewal = undefined;
}

/** Lets everything that waited be asked again. Whatever is refused once more opens the dialog anew. */
export const goOn = (): void => settle(true);

/** Gives up what the session is too old for. Without any session there is nothing else to go on with. */
export function giveUp(): void {
  if (!expired.peek()) settle(false);
}

/** Asks as the member of the page, and takes any answer for one. */
export const send = (path: string, init: RequestInit): Promise<Response> => {
  const headers = new Headers(init.headers);
  headers.set("candor-workspace", page.workspace.id);
  return fetch(path, { ...init, headers });
};

/**
 * Asks the API as the member who is signed in, in the workspace of the page. An answer that refuses is thrown as
 * `Refused`; 304 is an answer. A session that has ended, or that is too old for what is asked, makes the request wait and
 * go out again. `sent`: it went out already.
 */
export async function request(
  path: string,
  init: RequestInit = {},
  isRepeated = false,
  sent?: Promise<Response>,
): Promise<Response> {
  if (leaving) await leaving.promise;
  const answer = await (sent ?? send(path, init)).catch((error: unknown) => {
    throw init.signal?.aborted ? error : new Refused(0);
  });
  if (answer.ok || answer.status === 304) return answer;
  const refusal = await refusalOf(answer);
  if (refusal.status === 401) expired.value = true;
  else if (refusal.problem === "sign-in-again") tooOld.value = isRepeated ? "still" : "yes";
  else throw refusal;
  if (!(await renewed())) throw refusal;
  return request(path, init, true);
}

/**
 * Leaves the page of a session that has ended: nobody reads on in it. The page of signing in asks first: where Cloudflare
 * Access lets people in, they would be in again at once.
 */
export function leavePage(): void {
  // Until the next page is there this one goes on.
  leaving ??= Promise.withResolvers();
  location.assign("/app/login?ask");
}

/** Ends the session, and leaves the page. One that has ended already is ended. Throws `Refused`. */
export async function signOut(): Promise<void> {
  leaving = Promise.withResolvers();
  const init = { method: "DELETE", headers: { "content-type": "application/json" } };
  const answer = await send("/v1/session", init).catch(() => null);
  if (answer?.ok || answer?.status === 401) return leavePage();
  leaving.resolve();
  leaving = undefined;
  throw new Refused(answer?.status ?? 0);
}
