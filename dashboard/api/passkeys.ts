import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";
import type { Passkey } from "../../shared/contract/members/passkeys.ts";
import type { SignedIn } from "../../shared/contract/members/sessions.ts";
import { post } from "./post.ts";

/** Whether this browser knows passkeys, as each does on https and on localhost. */
export const knowsPasskeys = (): boolean => typeof PublicKeyCredential !== "undefined";

/** Loaded when somebody asks for it: most come with a session. */
const library = () => import("@simplewebauthn/browser");

/** Signs in. Throws `Refused`, or an error of the browser's where no passkey was chosen. */
export async function signInByPasskey(): Promise<SignedIn> {
  const optionsJSON = await post<PublicKeyCredentialRequestOptionsJSON>("/v1/sessions/passkeys/challenge");
  const { startAuthentication } = await library();
  return post("/v1/sessions/passkeys", { credential: await startAuthentication({ optionsJSON }) });
}

/**
 * Adds a passkey for whoever is signed in; without a name it is called as the device is. `ask`: of a page whose session may
 * be too old for it. Throws as `signInByPasskey` does.
 */
export async function addPasskey(name?: string, ask: typeof post = post): Promise<Passkey> {
  const optionsJSON = await ask<PublicKeyCredentialCreationOptionsJSON>("/v1/passkeys/challenge");
  const { startRegistration } = await library();
  return ask("/v1/passkeys", { name, credential: await startRegistration({ optionsJSON }) });
}
