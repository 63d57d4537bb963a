import { useState } from "preact/hooks";
import type { SignedIn } from "../../../shared/contract/members/sessions.ts";
import { foretell } from "../../api/ask.ts";
import { change } from "../../api/change.ts";
import { whyOf } from "../../frame/asked.tsx";
import { memberName } from "../../frame/places.ts";
import { toast } from "../../frame/toasts.tsx";
import { NameField } from "../../shown/member.tsx";
import { Drop } from "../../shown/pick.tsx";
import { t } from "../../words.tsx";

/** Those that the dashboard has, each by its own name. */
const languages = ["en", "de", "ar"];
const nameOf = (tag: string) => new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;

/** The zones of this browser, and the chosen one, which it may not know. */
const zones = (own: string) => [
  ...new Set(["UTC", ...(own ? [own] : []), ...Intl.supportedValuesOf("timeZone")]),
];

/** Name, language and zone. Whoever changes the language or the zone gets a page that is written in it. */
export function Profile({ of: { member } }: { of: SignedIn }) {
  const [name, setName] = useState(member.name);
  const [language, setLanguage] = useState(member.locale ?? "");
  const [zone, setZone] = useState(member.time_zone ?? "");
  const save = () => {
    const before = { name: member.name, locale: member.locale, time_zone: member.time_zone };
    const after = { name: name.trim(), locale: language || null, time_zone: zone || null };
    const isNewPage = before.locale !== after.locale || before.time_zone !== after.time_zone;
    const show = (shown: typeof before) => () => {
      foretell<SignedIn>("/v1/session", (data) => ({ ...data, member: { ...data.member, ...shown } }));
      memberName.value = shown.name;
    };
    return change({
      order: { method: "PATCH", path: "/v1/session", body: after },
      inverse: { method: "PATCH", path: "/v1/session", body: before },
      apply: show(after),
      revert: () => {
        show(before)();
        setName(before.name);
      },
      done: (undo) => (isNewPage ? location.reload() : toast(t("profile.saved"), undo)),
      refused: (why) => toast(whyOf(why)),
    });
  };
  return (
    <form
      class="form narrow"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <NameField label={t("profile.name")} value={name} onChange={setName} />
      <div class="two">
        <label class="field">
          {t("profile.language")}
          <Drop
            name="language"
            value={language}
            onChange={({ currentTarget }) => setLanguage(currentTarget.value)}
          >
            <option value="">{t("profile.browser")}</option>
            {[...new Set([...languages, ...(language ? [language] : [])])].map((tag) => (
              <option key={tag} value={tag} lang={tag}>
                {nameOf(tag)}
              </option>
            ))}
          </Drop>
        </label>
        <label class="field">
          {t("profile.zone")}
          <Drop name="zone" value={zone} onChange={({ currentTarget }) => setZone(currentTarget.value)}>
            <option value="">{t("profile.browser")}</option>
            {zones(zone).map((one) => (
              <option key={one} value={one}>
                {one.replaceAll("_", " ")}
              </option>
            ))}
          </Drop>
        </label>
      </div>
      <p class="note">{t("profile.note")}</p>
      <div class="row">
        <button class="btn main" type="submit">
          {t("profile.save")}
        </button>
      </div>
    </form>
  );
}
