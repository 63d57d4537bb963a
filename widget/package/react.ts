import { createElement, useEffect } from "react";
import { init, type Options, type Settings } from "./index.ts";

/** Starts Candor when mounted and updates it when the options change. Renders nothing. */
export function Candor({ options }: { options: Options }): null {
  const said = JSON.stringify(options);
  useEffect(() => init(JSON.parse(said)), [said]);
  return null;
}

interface SurveyProps extends Pick<Settings, "locale" | "respondent" | "respondentHash" | "properties"> {
  touchpoint: string;
}

/** A survey in the page. */
export const CandorSurvey = ({ touchpoint, locale, respondent, respondentHash, properties }: SurveyProps) =>
  createElement("candor-survey", {
    touchpoint,
    "data-locale": locale,
    "data-respondent": respondent,
    "data-respondent-hash": respondentHash,
    "data-properties": properties && JSON.stringify(properties),
  });
