import type { Show } from "../shared/contract/rules.ts";
import type { Theme } from "../shared/contract/theme.ts";
import { KINDS, type Look } from "../shared/kinds.ts";
import { pageScaleCss, scaleCss } from "../shared/looks.ts";
import { placementCss } from "../shared/placement.ts";
import { pageThemeCss, themeCss } from "../shared/theme.ts";
import type { AskedSurvey } from "./db/touchpoints.ts";

/** A survey's own theme over its workspace's, field by field. */
function themeOf({ survey, workspaceTheme }: AskedSurvey): Theme {
  const read = (theme: string | null): Theme => (theme === null ? {} : JSON.parse(theme));
  return { ...read(workspaceTheme), ...read(survey.theme) };
}

const lookOf = ({ survey }: AskedSurvey): Look => survey.look ?? KINDS[survey.kind]?.look ?? "numbers";

/** What stands after the widget's own style; "" where nothing is set. */
export const widgetCss = (asked: AskedSurvey, show: Show | undefined): string =>
  themeCss(themeOf(asked)) + scaleCss(lookOf(asked)) + placementCss(show);

export interface Dress {
  /** What stands after the page's own style; "" where nothing is set. */
  css: string;
  /** From where its images may be. */
  images: string[];
}

/** The same for the page of a survey link. */
export function pageDress(asked: AskedSurvey): Dress {
  const theme = themeOf(asked);
  return {
    css: pageThemeCss(theme) + pageScaleCss(lookOf(asked)),
    images: theme.logo ? [new URL(theme.logo.url).origin] : [],
  };
}
