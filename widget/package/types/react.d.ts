import type { ReactElement } from "react";
import type { Options, Settings } from "./index.js";

/** Starts Candor where it is mounted, and says what is new when its options change. Draws nothing. */
export function Candor(props: { options: Options }): null;

/** A survey in the page. */
export function CandorSurvey(
  props: Pick<Settings, "locale" | "respondent" | "respondentHash" | "properties"> & { touchpoint: string },
): ReactElement;
