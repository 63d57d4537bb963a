import type { Show } from "../../shared/contract/surveys/rules.ts";
import type { Theme } from "../../shared/contract/surveys/theme.ts";
import { pageScaleCss, scaleCss } from "../../shared/looks/looks.ts";
import { placementCss } from "../../shared/looks/placement.ts";
import { pageThemeCss, themeCss } from "../../shared/looks/theme.ts";
import { KINDS, type Look } from "../../shared/surveys/kinds.ts";
import { fromJson } from "../db/json.ts";
import type { PageTheme } from "../html/page.tsx";
import type { AskedSurvey } from "./db/asked.ts";

/** A survey's own theme over its workspace's, field by field. */
const themeOf = ({ survey, workspaceTheme }: AskedSurvey): Theme => ({
  ...fromJson(workspaceTheme),
  ...fromJson(survey.theme),
});

const lookOf = ({ survey }: AskedSurvey): Look => survey.look ?? KINDS[survey.kind]?.look ?? "numbers";

/** CSS to put after the widget's own style; "" where nothing is set. */
export const widgetCss = (asked: AskedSurvey, show: Show | null): string =>
  themeCss(themeOf(asked)) + scaleCss(lookOf(asked)) + placementCss(show);

/** The same for the page of a survey link. */
export function pageTheme(asked: AskedSurvey): PageTheme {
  const theme = themeOf(asked);
  return {
    css: pageThemeCss(theme) + pageScaleCss(lookOf(asked)),
    images: theme.logo ? [new URL(theme.logo.url).origin] : [],
  };
}
