import type { Look } from "../surveys/kinds.ts";

/** The selectors of the widget's sheet. `page` has those of the survey link's page for the same things. */
const widget = {
  group: "[role=radiogroup]",
  rating: "[role=radio]",
  chosen: "[aria-checked=true]",
  ring: "var(--candor-ring,var(--accent))",
  /** Only the widget's card has a known width. */
  narrow: (css: string) => `@container(width<=560px){${css}}`,
};
const page: typeof widget = {
  group: ".scale",
  rating: "label",
  chosen: ":has(:checked)",
  ring: "var(--ring)",
  narrow: (css) => css,
};

/**
 * Stars are filled up to the chosen one, or up to the one under the pointer. The fill is set by `color`, which forced
 * colours replace. It follows document order, which is the reading order in both directions.
 */
const stars = ({ group, rating, chosen, ring }: typeof widget) => {
  const star = `${group} ${rating}`;
  const filled = (last: string) => {
    const stars = [`${star}${last}`, `${star}:has(~${last})`];
    return `${stars}{color:${ring}}${stars.map((one) => `${one} svg`)}{fill:currentColor}`;
  };
  return (
    `${star},${star}${chosen}{border:0;background:0 0;color:inherit;box-shadow:none;forced-color-adjust:auto}` +
    `${star} svg{width:2.25em}${filled(chosen)}` +
    `@media(hover:hover){${group}:hover ${rating}{color:inherit}${group}:hover svg{fill:none}${filled(":hover")}}`
  );
};

/** Each rating's words get a row of their own where more than two would have to share one. */
const labels = ({ group, rating, narrow }: typeof widget) =>
  `${group}{display:flex;flex-wrap:wrap}${group} ${rating}{flex:auto;padding:8px 16px;overflow-wrap:anywhere}` +
  narrow(`${group}:has(>:nth-child(3)) ${rating}{flex-basis:100%;text-align:start;justify-items:start}`);

const cssOf: Partial<Record<Look, (names: typeof widget) => string>> = { stars, labels };

/** CSS to put after widget/survey/style.css. Empty for the looks that this sheet draws by itself. */
export const scaleCss = (look: Look): string => cssOf[look]?.(widget) ?? "";

/** The same for the page of a survey link, to put after survey.css. */
export const pageScaleCss = (look: Look): string => cssOf[look]?.(page) ?? "";
