import type { ComponentChildren } from "preact";
import type { Asked as Known } from "../api/ask.ts";
import type { Refused } from "../api/refused.ts";
import { t } from "../words.tsx";
import { toast } from "./toasts.tsx";

interface AskedProps<Data> {
  of: Known<Data>;
  /** Shown while nothing is known: the shape of what will come, so that nothing jumps. */
  bones: ComponentChildren;
  /** The title of the failure, such as "The score did not come." */
  failed: string;
  again: () => void;
  children: (data: Data) => ComponentChildren;
}

/** Loading, failed and there, in one place. What is known stays while newer does not come: `Sheet` says how old it is. */
export function Asked<Data>({ of: { data, failure }, bones, failed, again, children }: AskedProps<Data>) {
  if (data !== undefined) return <>{children(data)}</>;
  if (!failure) return <div aria-busy="true">{bones}</div>;
  return (
    <div class="nothing" role="alert">
      <p>
        <b class="wrong">{failed}</b> {whyOf(failure)}
      </p>
      <div class="row wrap">
        <button class="btn" type="button" onClick={again}>
          {t("again")}
        </button>
        {failure.requestId && <CopyButton text={failure.requestId}>{t("failed.copy-id")}</CopyButton>}
      </div>
    </div>
  );
}

/** Why something was refused. The API's own words, where we have none. */
export function whyOf({ status, detail, problem }: Refused): string {
  if (status === 0) return t("failed.unreached");
  if (problem === "surveys-disagree") return t("failed.disagree");
  if (problem === "sign-in-again") return t("failed.too-old");
  if (status === 403) return t("failed.forbidden");
  if (status === 404) return t("failed.not-found");
  return detail ? detail : t("failed.status", { status: String(status) });
}

/** Why something was not done, read out at once; nothing where there is no reason. */
export const Failed = ({ children: why }: { children: string | false | null }) =>
  why ? (
    <p class="wrong" role="alert">
      {why}
    </p>
  ) : null;

/** Copies a text and says so. */
export const CopyButton = ({ text, children }: { text: string; children: ComponentChildren }) => (
  <button class="btn plain" type="button" onClick={() => void copy(text)}>
    {children}
  </button>
);

export async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text).then(
    () => toast(t("copied")),
    // Without permission the text is shown instead, to be copied by hand.
    () => toast(text),
  );
}

/** Gives a text to the reader as a file. */
export function save(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
