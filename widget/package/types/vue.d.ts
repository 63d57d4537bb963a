import type { DefineComponent } from "vue";
import type { Options, Settings } from "./index.js";

/** Starts Candor when mounted and updates it when the options change. Renders nothing. */
export const Candor: DefineComponent<{ options: Options }>;

/** A survey in the page. */
export const CandorSurvey: DefineComponent<
  Pick<Settings, "locale" | "respondent" | "respondentHash" | "properties"> & { touchpoint: string }
>;
