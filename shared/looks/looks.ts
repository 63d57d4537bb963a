import type { Look } from "../surveys/kinds.ts";

/** How the sheet of the widget and that of the survey link's page call the same things. */
const widget = {
  group: "[role=radiogroup]",
  rating: "[role=radio]",
  chosen: "[aria-checked=true]",
  ring: "var(--candor-ring,var(--accent))",
  /** Where it is known how wide the card is. */
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
 * Filled up to the chosen one, or up to the one that is pointed at. By `color`, which forced colours replace; in the
 * order of the document, which is that of reading from the left and from the right.
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

/** Each rating's words on a row of its own where more than two would have to share one. */
const labels = ({ group, rating, narrow }: typeof widget) =>
  `${group}{display:flex;flex-wrap:wrap}${group} ${rating}{flex:auto;padding:8px 16px;overflow-wrap:anywhere}` +
  narrow(`${group}:has(>:nth-child(3)) ${rating}{flex-basis:100%;text-align:start;justify-items:start}`);

const cssOf: Partial<Record<Look, (names: typeof widget) => string>> = { stars, labels };

/** CSS to stand after widget/survey/style.css: nothing for the looks that it draws by itself. */
export const scaleCss = (look: Look): string => cssOf[look]?.(widget) ?? "";

/** The same after survey.css, for the page of a survey link. */
export const pageScaleCss = (look: Look): string => cssOf[look]?.(page) ?? "";
