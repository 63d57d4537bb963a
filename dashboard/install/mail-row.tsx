import { useState } from "preact/hooks";
import type { Email } from "../../shared/contract/mail/email.ts";
import { MAIL_PROVIDERS } from "../../shared/mail/merge-tags.ts";
import { ask, useAsked } from "../api/ask.ts";
import { Asked } from "../frame/asked.tsx";
import { Pick } from "../shown/pick.tsx";
import { Code } from "../snippet/snippet.tsx";
import { say, t } from "../words.tsx";

/** Those that nobody has to look for come last. */
const providers = Object.entries(MAIL_PROVIDERS)
  .map(([name, { title }]) => [name, title] as const)
  .sort(([one, first], [, second]) => (one === "generic" ? 1 : first.localeCompare(second)));

const tag = (text: string) => (
  <code dir="ltr" translate={false}>
    {text}
  </code>
);

interface MailRowProps {
  touchpoint: string;
  survey: string;
}

/** A row of the survey's ratings, to paste into mails of another tool: each fills in whom it sends to in its own way. */
export function MailRow({ touchpoint, survey }: MailRowProps) {
  const [provider, setProvider] = useState(providers[0]?.[0] ?? "generic");
  const path = `/v1/surveys/${survey}/email?touchpoint=${touchpoint}&provider=${provider}`;
  const row = useAsked<Email>(path);
  const nameOf = (name: string) =>
    name === "generic" ? t("snippet.row.generic") : (MAIL_PROVIDERS[name]?.title ?? name);
  return (
    <>
      <p>
        {provider === "generic"
          ? say("snippet.row.where-generic", { email: tag("{{email}}"), id: tag("{{id}}") })
          : t("snippet.row.where")}
      </p>
      <div class="row">
        <Pick
          label={t("snippet.row.tool")}
          value={provider}
          shown={<bdi>{nameOf(provider)}</bdi>}
          options={() => providers.map(([name]) => [name, nameOf(name)])}
          onChange={setProvider}
        />
      </div>
      <Asked
        of={row}
        failed={t("failed.row")}
        again={() => void ask(path)}
        bones={<span class="bone block" />}
      >
        {({ html }) => <Code text={html} />}
      </Asked>
    </>
  );
}
