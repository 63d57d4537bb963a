import { useEffect, useRef } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import type { AuditEntry } from "../../../shared/contract/audit.ts";
import type { Member } from "../../../shared/contract/members/members.ts";
import { ask, useAsked } from "../../api/ask.ts";
import { refusalIn } from "../../api/change.ts";
import { request } from "../../api/session.ts";
import { Asked, save, whyOf } from "../../frame/asked.tsx";
import { toast } from "../../frame/toasts.tsx";
import { page } from "../../page.ts";
import { t } from "../../words.tsx";
import { focusOn, type List, type Named, Panel } from "../panel.tsx";
import { logQuery, readLog, type Shown } from "./address.ts";
import { Days } from "./days.tsx";
import { Filters } from "./filters.tsx";

/** What the API calls a page of the log. */
interface LogPage extends List<AuditEntry> {
  next_cursor: string | null;
}

/** Who changed what. Owners read it. */
export default function Audit() {
  return page.role === "owner" ? (
    <Log />
  ) : (
    <Panel item="audit">
      <p class="notice">{t("audit.owners-only")}</p>
    </Panel>
  );
}

function Log() {
  const { url, path, route } = useLocation();
  const shown = readLog(url.split("?")[1] ?? "");
  const asked = `/v1/audit${logQuery(shown, { limit: "50" })}`;
  const log = useAsked<LogPage>(asked);
  const members = useAsked<List<Member>>("/v1/members");
  const keys = useAsked<List<Named>>("/v1/keys");
  const makers: readonly Named[] = [...(members.data?.data ?? []), ...(keys.data?.data ?? [])];
  const things: readonly Named[] = [...makers, page.workspace, ...(page.surveys ?? [])];
  /** Other entries have pages of their own. */
  const show = (changed: Partial<Shown>) => route(path + logQuery({ ...shown, cursor: "", ...changed }));
  const before = useRef(shown.cursor);
  useEffect(() => {
    if (before.current !== shown.cursor) focusOn("log");
    before.current = shown.cursor;
  }, [shown.cursor]);
  return (
    <Panel
      item="audit"
      acts={[{ name: t("audit.csv"), icon: "table", run: () => saveLog({ ...shown, cursor: "" }) }]}
    >
      <Filters shown={shown} show={show} makers={makers} things={things} />
      <section aria-labelledby="log">
        <h2 class="unseen" id="log" tabIndex={-1}>
          {t("audit.log")}
        </h2>
        <Asked
          of={log}
          failed={t("audit.failed")}
          again={() => void ask(asked)}
          bones={<span class="bone block" />}
        >
          {({ data, next_cursor }) => (
            <>
              {data.length === 0 && <p class="nothing note">{t("audit.none")}</p>}
              <Days of={data} things={things} about={(thing) => path + logQuery({ thing })} />
              <nav class="row under" aria-label={t("audit.pages")}>
                {shown.cursor && (
                  <a class="btn" href={path + logQuery({ ...shown, cursor: "" })}>
                    {t("audit.newest")}
                  </a>
                )}
                {next_cursor && (
                  <a class="btn" href={path + logQuery({ ...shown, cursor: next_cursor })}>
                    {t("audit.older")}
                  </a>
                )}
              </nav>
            </>
          )}
        </Asked>
      </section>
      <p class="note">{t("audit.kept")}</p>
    </Panel>
  );
}

/** The whole log under these filters as one file: the API gives a thousand entries at once. */
async function saveLog(shown: Shown): Promise<void> {
  // Without the byte order mark Excel misreads letters beyond ASCII, and a person opens this file.
  let file = "\ufeff";
  let cursor: string | null = "";
  try {
    while (cursor !== null) {
      const part: Response = await request(`/v1/audit${logQuery({ ...shown, cursor }, { format: "csv" })}`);
      const text = await part.text();
      file += cursor === "" ? text : text.slice(text.indexOf("\n") + 1);
      cursor = part.headers.get("candor-next-cursor");
    }
  } catch (error) {
    toast(whyOf(refusalIn(error)));
    return;
  }
  save("audit.csv", file);
}
