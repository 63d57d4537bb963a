import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { OneTimeLink, SignedIn } from "../../shared/contract/members/sessions.ts";
import { useAct } from "../api/act.ts";
import { post } from "../api/post.ts";
import { Refused } from "../api/refused.ts";
import { Mail } from "../shown/member.tsx";
import { say, t } from "../words.tsx";
import { ago } from "./ago.ts";
import { Failure, Gate } from "./gate.tsx";
import { Joining } from "./joining.tsx";

interface LinkProps {
  token: string;
  /** `isNew`: they have become a member by this link. */
  enter: (signedIn: SignedIn, joined: string | null, isNew: boolean) => void;
}

/** The link does not work, whatever is the matter with it: nobody is told which links there are. */
const isDead = (failure: unknown) => failure instanceof Refused && failure.status === 422;

/**
 * What a link is for, and the button that uses it. Reading uses nothing up: scanners of mails open links and run their
 * pages, but press no button.
 */
export function Link({ token, enter }: LinkProps) {
  const [link, setLink] = useState<OneTimeLink | null>(null);
  const [done, setDone] = useState<"ended" | "proven" | null>(null);
  const reading = useAct();
  const using = useAct();
  const read = () => reading.run(async () => setLink(await post("/v1/one-time-links/read", { token })));
  useEffect(read, [token]);
  const use = (name?: string) =>
    using.run(async () =>
      enter(
        await post<SignedIn>("/v1/sessions", { token, name }),
        link?.workspace ?? null,
        name !== undefined,
      ),
    );
  const prove = () =>
    using.run(async () => {
      await post("/v1/session/email/confirmation", { token });
      setDone("proven");
    });
  const end = () =>
    using.run(async () => {
      await post("/v1/one-time-links/end", { token });
      setDone("ended");
    });

  if (isDead(reading.failure) || isDead(using.failure)) return <DeadLink />;
  if (!link)
    return (
      <Gate title={t("link")}>
        <Failure of={reading.failure} />
        {reading.failure !== null && (
          <button class="btn big wide" type="button" onClick={read}>
            {t("link.again")}
          </button>
        )}
      </Gate>
    );
  if (done === "ended") return <Gate title={t("ended")} lead={t("ended.lead")} />;
  const { purpose, email, device, created_at } = link;
  const given = { ago: ago(Date.parse(created_at)), email: <Mail>{email ?? ""}</Mail> };
  if (done === "proven")
    return (
      <Gate title={t("proven")} lead={say("proven.lead", given)}>
        <ToDashboard />
      </Gate>
    );
  if (purpose === "setup" || purpose === "invitation")
    return <Joining link={link} using={using} join={use} />;
  if (purpose === "address")
    return (
      <Gate title={t("address")} lead={say("address.lead", given)} aside={t("confirm.why")}>
        <p class="match">{t("address.here")}</p>
        <Choice yes={t("address.yes")} confirm={prove} deny={end}>
          <Failure of={using.failure} known={{ 401: t("address.signed-out") }} />
        </Choice>
      </Gate>
    );
  return (
    <Gate
      title={t("confirm")}
      lead={email ? say("confirm.mailed", { ...given, device: device ?? "" }) : say("confirm.printed", given)}
      aside={t("confirm.why")}
    >
      <p class="match">{t("confirm.here")}</p>
      <Choice yes={t("confirm.yes")} confirm={() => use()} deny={end}>
        <Failure of={using.failure} />
      </Choice>
    </Gate>
  );
}

interface ChoiceProps {
  yes: string;
  confirm: () => void;
  deny: () => void;
  /** Why neither was done. */
  children: ComponentChildren;
}

const Choice = ({ yes, confirm, deny, children }: ChoiceProps) => (
  <div class="stack">
    <button class="btn main big wide" type="button" onClick={confirm}>
      {yes}
    </button>
    <button class="btn big wide" type="button" onClick={deny}>
      {t("confirm.no")}
    </button>
    {children}
  </div>
);

/** It was used, is too old, or is not in the address any more, since the page was loaded anew. */
export const DeadLink = () => (
  <Gate title={t("dead")} lead={t("dead.lead")} aside={t("dead.new")}>
    <ToDashboard />
  </Gate>
);

export const ToDashboard = () => (
  <a class="btn big wide" href="/app">
    {t("to-dashboard")}
  </a>
);
