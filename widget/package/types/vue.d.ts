import type { DefineComponent } from "vue";
import type { Options, Settings } from "./index.js";

/** Starts Candor where it is mounted, and says what is new when its options change. Draws nothing. */
export const Candor: DefineComponent<{ options: Options }>;

/** A survey in the page. */
export const CandorSurvey: DefineComponent<
  Pick<Settings, "locale" | "respondent" | "respondentHash" | "properties"> & { touchpoint: string }
>;
