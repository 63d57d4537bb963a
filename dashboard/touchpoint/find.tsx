import { useEffect, useState } from "preact/hooks";
import type { Touchpoint } from "../../shared/contract/surveys/touchpoints.ts";
import { useAsked } from "../api/ask.ts";
import { whyOf } from "../frame/asked.tsx";
import { page } from "../page.ts";
import { kindTag, t } from "../words.tsx";

/** After the last letter, so that a word is asked for once. */
const pauseMs = 200;

/** An answer, and what the names in it begin with. */
export interface Found {
  by: string;
  touchpoints: readonly { name: string; more: string }[];
}

interface FindTouchpointsProps {
  /** What names are to begin with. "": nothing is asked for. */
  wanted: string;
  most: number;
  /** Called with each answer. */
  found: (answer: Found) => void;
}

/** What is said of a touchpoint beside its name. */
function moreOf({ survey, archived_at }: Touchpoint): string {
  if (archived_at !== null) return t("find.archived");
  const kind = page.surveys?.find(({ id }) => id === survey)?.kind;
  return kind ? kindTag(kind) : "";
}

/**
 * Asks for touchpoints by how their names begin, where they are too many for the page to carry. It shows only what went
 * wrong: the answers stand in the list of whoever asks.
 */
export default function FindTouchpoints({ wanted, most, found }: FindTouchpointsProps) {
  const [by, setBy] = useState("");
  useEffect(() => {
    // The next letter ends what was asked for before it.
    setBy("");
    const pause = setTimeout(() => setBy(wanted), pauseMs);
    return () => clearTimeout(pause);
  }, [wanted]);
  const { data, failure } = useAsked<{ data: Touchpoint[] }>(
    by ? `/v1/touchpoints?name_prefix=${by}&limit=${most}` : null,
  );
  useEffect(() => {
    if (data) found({ by, touchpoints: data.data.map((one) => ({ name: one.name, more: moreOf(one) })) });
  }, [by, data]);
  return (
    <div role="alert">
      {failure && (
        <p class="none">
          <b class="wrong">{t("failed.touchpoints")}</b> {whyOf(failure)}
        </p>
      )}
    </div>
  );
}
