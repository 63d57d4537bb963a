import type { ReactElement } from "react";
import type { Options, Settings } from "./index.js";

/** Starts Candor when mounted and updates it when the options change. Renders nothing. */
export function Candor(props: { options: Options }): null;

/** A survey in the page. */
export function CandorSurvey(
  props: Pick<Settings, "locale" | "respondent" | "respondentHash" | "properties"> & { touchpoint: string },
): ReactElement;
