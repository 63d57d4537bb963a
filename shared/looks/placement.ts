import type { Show } from "../contract/surveys/rules.ts";

/** On a phone, style.css makes a sheet at the bottom of every corner. This is the complement of its media query. */
const beyondPhones = (css: string) => `@media(width>480px){${css}}`;

const corner = (y: "top" | "bottom", x: "left" | "right") => {
  const inset = (side: string) => (side === x || side === y ? `env(safe-area-inset-${side})` : "auto");
  const sides = ["top", "right", "bottom", "left"].map(inset).join(" ");
  const fall =
    y === "top" ? ".floating{animation-name:fall}@keyframes fall{from{translate:0 -12px;opacity:0}}" : "";
  return beyondPhones(`.floating{inset:${sides}}${fall}`);
};

const side = (name: string) => `max(20px,env(safe-area-inset-${name}))`;
const bottom = "calc(16px + env(safe-area-inset-bottom))";

const bar =
  ".floating{inset:auto 0 0;width:auto;max-width:none;max-height:100dvh;margin:0;border-width:1px 0 0;border-radius:0;" +
  `padding:16px ${side("right")} ${bottom} ${side("left")}}` +
  // On one line: the question, what low means, the ratings, what high means, and room for the close button.
  "@media(width>960px){" +
  ".floating{display:grid;grid-template-columns:1fr auto auto auto;align-items:center;gap:0 16px;padding-block-start:12px}" +
  "#question,.done{padding:0}[role=radiogroup]{grid-area:1/3;margin:0;grid-auto-columns:44px}" +
  ".ends{display:contents}.ends span{grid-row:1;color:var(--candor-quiet,currentColor);font-size:.8125em;max-width:9em}" +
  ".ends span:last-child{grid-column:4;margin-inline-end:44px}.ends span:first-child{grid-column:2;text-align:end}" +
  ".reason{grid-area:2/1/auto/-1;grid-template-columns:auto 1fr auto;align-items:center;margin:12px 0 0}" +
  "textarea{height:44px}[role=status]{grid-column:1/-1}.close{top:12px;inset-inline-end:12px}}";

const modal =
  "dialog{padding:0;border:0;background:0 0}dialog::backdrop{background:#0008}" +
  ".floating{inset:0;width:min(440px,100% - 32px);height:fit-content;max-height:calc(100dvh - 32px);margin:auto;" +
  "border-radius:var(--radius);padding:20px}";

const sheet =
  ".floating{inset:auto 0 0;width:100%;max-width:640px;max-height:calc(100dvh - 20px);margin:0 auto;" +
  `padding:24px ${side("right")} ${bottom} ${side("left")};border-width:1px 0 0;` +
  "border-radius:calc(var(--radius)*1.25) calc(var(--radius)*1.25) 0 0;animation-name:slide}" +
  "@keyframes slide{from{translate:0 100%}}";

const placements = {
  "top-left": corner("top", "left"),
  "top-right": corner("top", "right"),
  "bottom-left": corner("bottom", "left"),
  "bottom-right": corner("bottom", "right"),
  bar,
  modal,
  sheet,
};

/** A tab at an edge of the window. Its survey opens in the nearest corner. */
const tabs: Record<string, string> = {
  left:
    ".tab{inset:auto auto auto env(safe-area-inset-left);top:50%;translate:0 -50%;flex-direction:column;border-radius:0 10px 10px 0}" +
    `.tab .open{writing-mode:vertical-rl;rotate:180deg}${placements["bottom-left"]}`,
  right:
    ".tab{inset:auto env(safe-area-inset-right) auto auto;top:50%;translate:0 -50%;flex-direction:column;border-radius:10px 0 0 10px}" +
    `.tab .open{writing-mode:vertical-rl;rotate:180deg}${placements["bottom-right"]}`,
  bottom:
    ".tab{inset:auto auto env(safe-area-inset-bottom);inset-inline-end:24px;border-radius:10px 10px 0 0}",
};

/**
 * CSS for a way to show a survey, to put after widget/survey/style.css. Empty for a popover, which that sheet shows by
 * itself: in the corner where lines end, and at the bottom of a phone. A `modal` has its section in a `<dialog>`.
 */
export function placementCss(show: Show | null): string {
  const { as = "popover", at } = show ?? {};
  if (as === "tab") return tabs[at ?? "right"] ?? "";
  if (as !== "popover") return placements[as];
  return at ? placements[at as keyof typeof placements] : "";
}
