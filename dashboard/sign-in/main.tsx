import { render } from "preact";
import { useState } from "preact/hooks";
import type { SignedIn } from "../../shared/contract/members/sessions.ts";
import { knowsPasskeys } from "../api/passkeys.ts";
import { showScheme } from "../frame/scheme.ts";
import { speakOneOf, t } from "../words.tsx";
import { Gate } from "./gate.tsx";
import { leadOn } from "./going.ts";
import { DeadLink, Link, ToDashboard } from "./link.tsx";
import { Login } from "./login.tsx";
import { Offer } from "./offer.tsx";
import { takeToken } from "./token.ts";

const token = takeToken();
// A link that is pasted into the address of this very page changes the fragment alone, and loads nothing by itself.
addEventListener("hashchange", () => location.reload());

/** The pages of getting in, and the one that stands where somebody else's workspace would. */
function GettingIn() {
  const [entered, setEntered] = useState<SignedIn | null>(null);
  const [joined, setJoined] = useState<string | null>(null);
  const enter = (signedIn: SignedIn, workspace: string | null = null, isNew = false) => {
    const stays = signedIn.workspaces.length === 0 || (isNew && knowsPasskeys());
    if (!stays) return leadOn(signedIn, workspace);
    setJoined(workspace);
    setEntered(signedIn);
  };
  if (entered?.workspaces.length === 0) return <Gate title={t("nowhere")} lead={t("nowhere.lead")} />;
  if (entered && joined !== null) return <Offer leave={() => leadOn(entered, joined)} />;
  const { pathname } = location;
  if (pathname.startsWith("/app/w/"))
    return (
      <Gate title={t("not-there")} lead={t("not-there.lead")}>
        <ToDashboard />
      </Gate>
    );
  if (token !== null) return <Link token={token} enter={enter} />;
  return pathname === "/app/login" ? <Login enter={enter} /> : <DeadLink />;
}

await speakOneOf({
  en: () => import("./words/en.json"),
  de: () => import("./words/de.json"),
  ar: () => import("./words/ar.json"),
});
showScheme();
const root = document.getElementById("app");
if (root) render(<GettingIn />, root);
