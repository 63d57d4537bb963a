import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";
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

/** Adds a passkey for whoever is signed in, called as the device is. Throws as `signInByPasskey` does. */
export async function addPasskey(): Promise<void> {
  const optionsJSON = await post<PublicKeyCredentialCreationOptionsJSON>("/v1/passkeys/challenge");
  const { startRegistration } = await library();
  await post("/v1/passkeys", { credential: await startRegistration({ optionsJSON }) });
}
