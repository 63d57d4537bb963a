import { useAct } from "../api/act.ts";
import { addPasskey } from "../api/passkeys.ts";
import { Icon } from "../frame/icons.tsx";
import { say, t } from "../words.tsx";
import { Command, Failure, Gate } from "./gate.tsx";

/** Offers a passkey to whoever has just become a member: the link that let them in does not do so twice. */
export function Offer({ leave }: { leave: () => void }) {
  const making = useAct();
  const make = async () => {
    await addPasskey();
    leave();
  };
  return (
    <Gate
      title={t("offer")}
      lead={t("offer.lead")}
      aside={say("offer.without", { command: <Command>npm run login-link</Command> })}
    >
      <div class="stack">
        <button class="btn main big wide" type="button" onClick={() => making.run(make)}>
          <Icon name="passkey" />
          {t("offer.make")}
        </button>
        <button class="btn plain big wide" type="button" onClick={leave}>
          {t("offer.later")}
        </button>
        <Failure of={making.failure} />
      </div>
    </Gate>
  );
}
