import { useEffect } from "preact/hooks";
import { useRoute } from "preact-iso/router";
import type { Touchpoint } from "../../shared/contract/surveys/touchpoints.ts";
import { ask, useAsked } from "../api/ask.ts";
import { Asked } from "../frame/asked.tsx";
import { Sheet } from "../frame/sheet.tsx";
import { page, touchpointNamed } from "../page.ts";
import { SeenLine, useSeen } from "../snippet/seen.tsx";
import { Snippet } from "../snippet/snippet.tsx";
import { kindTag, say, t } from "../words.tsx";
import { Asking } from "./asking.tsx";
import { MailRow } from "./mail-row.tsx";
import { Public } from "./public.tsx";
import { SeenTable } from "./seen-table.tsx";
import { Tabs } from "./tabs.tsx";

/** What of a touchpoint stands in pages: the snippet and whether it has arrived, who is asked, and the score for everybody. */
export default function Install() {
  const { params } = useRoute();
  return <View key={params.name} name={params.name ?? ""} />;
}

function View({ name }: { name: string }) {
  const path = `/v1/touchpoints/${name}`;
  const touchpoint = useAsked<Touchpoint>(path);
  const seen = useSeen(name);
  const known = touchpointNamed(name);
  const isThere = touchpoint.data !== undefined;
  // The browser went to the part that the address names before that part was there.
  useEffect(() => {
    if (isThere && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [isThere]);
  return (
    <Sheet title={name} below tag={known?.kind && <span class="tag wide-only">{kindTag(known.kind)}</span>}>
      <Tabs touchpoint={name} />
      <Asked
        of={touchpoint}
        failed={t("failed.touchpoint")}
        again={() => void ask(path)}
        bones={
          <div class="stack">
            <span class="bone hero" />
            <span class="bone block" />
          </div>
        }
      >
        {(data) => (
          <>
            <section class="section" id="install" aria-labelledby="install-title">
              <header>
                <h2 id="install-title">{t("install")}</h2>
                {page.key && <span class="note">{say("install.key", { name: page.key.name })}</span>}
              </header>
              <div class="stack top pad">
                <Snippet
                  touchpoint={name}
                  {...(data.survey !== null && {
                    more: {
                      name: t("snippet.row"),
                      view: () => <MailRow touchpoint={name} survey={data.survey ?? ""} />,
                    },
                  })}
                />
                <SeenLine touchpoint={name} of={seen} />
                <SeenTable of={seen} />
              </div>
            </section>
            <Asking of={data} path={path} />
            <Public of={data} path={path} />
          </>
        )}
      </Asked>
    </Sheet>
  );
}
