import type { SignedIn } from "../../shared/contract/members/sessions.ts";
import { post } from "../api/post.ts";

/** Whether Cloudflare Access may have let this browser in, which the server says by the page. */
export const isByAccess = document.getElementById("app")?.dataset.byAccess !== undefined;

/** Signs in as whom Access has let in. Throws `Refused`, as for somebody who is no member. */
export const signInByAccess = (): Promise<SignedIn> => post("/v1/sessions/access");
