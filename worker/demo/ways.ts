import type * as z from "zod";
import type { Step } from "../../shared/contract/surveys/follow-up.ts";
import type { Show, TouchpointRules } from "../../shared/contract/surveys/rules.ts";
import type { Theme } from "../../shared/contract/surveys/theme.ts";
import type { Look } from "../../shared/surveys/kinds.ts";

/** A way to show a survey, as the demo shows it and docs/widget.md describes it. */
interface Way {
  title: string;
  sentence: string;
  kind: "nps" | "csat" | "ces" | "thumbs";
  /** The touchpoint's `show`, as the API takes it. */
  show?: z.input<typeof Show>;
  rules?: z.input<typeof TouchpointRules>;
  /** The survey's fields, as the API takes them. */
  survey?: {
    look?: Look;
    theme?: z.input<typeof Theme>;
    texts?: Record<string, { question: string }>;
    steps?: z.input<typeof Step>[];
    thanks?: object[];
  };
  /** What the page pastes. `ORIGIN` and `KEY` are replaced. */
  snippet: string;
}

const script = (touchpoint: string, more = "") =>
  `<script async src="ORIGIN/v1/widget.js" data-key="KEY" data-touchpoint="${touchpoint}"${more}></script>`;
const silent = `<script async src="ORIGIN/v1/widget.js" data-key="KEY"></script>`;

/** The ways, by the last part of the demo page's address. The touchpoint of a way is named `way-` and this part. */
export const WAYS: Readonly<Record<string, Way>> = {
  popover: {
    title: "Popover",
    sentence: "In the corner where lines end; from the bottom of a phone.",
    kind: "nps",
    snippet: script("way-popover"),
  },
  corner: {
    title: "Another corner",
    sentence: "top-left, top-right, bottom-left or bottom-right.",
    kind: "csat",
    show: { as: "popover", at: "top-left" },
    snippet: script("way-corner"),
  },
  bar: {
    title: "Bar",
    sentence: "Across the bottom of the window, on one line where there is room.",
    kind: "ces",
    show: { as: "bar" },
    snippet: script("way-bar"),
  },
  modal: {
    title: "Modal",
    sentence: "In the middle, with the page waiting behind it. Escape closes it.",
    kind: "csat",
    show: { as: "modal" },
    snippet: script("way-modal"),
  },
  sheet: {
    title: "Sheet",
    sentence: "From the bottom, on every screen.",
    kind: "csat",
    show: { as: "sheet" },
    snippet: script("way-sheet"),
  },
  inline: {
    title: "In the page",
    sentence: "An element where you want it, also one that is added later.",
    kind: "csat",
    snippet: `<candor-survey touchpoint="way-inline"></candor-survey>\n${silent}`,
  },
  tab: {
    title: "Feedback tab",
    sentence: "Always there, at an edge of the window; it interrupts nobody.",
    kind: "thumbs",
    show: { as: "tab", at: "right" },
    snippet: script("way-tab"),
  },
  button: {
    title: "Bound to an element",
    sentence: "Any button or link of yours opens it.",
    kind: "ces",
    snippet: `<button type="button" data-candor-open="way-button">Give feedback</button>\n${silent}`,
  },
  event: {
    title: "When something happens",
    sentence: "The page reports an event; the survey opens on it.",
    kind: "csat",
    rules: { trigger: [{ event: "order_placed", properties: [{ property: "total", at_least: 50 }] }] },
    snippet: `<button type="button" data-report="order_placed" data-properties='{"total": 53.5}'>Place the order</button>\n${script("way-event")}`,
  },
  scroll: {
    title: "When it was read",
    sentence: "After half of the page was scrolled through.",
    kind: "thumbs",
    rules: { trigger: [{ scroll: 60 }] },
    snippet: script("way-scroll"),
  },
  steps: {
    title: "What follows the rating",
    sentence: "Questions by the rating and by the answers before them; each is saved as it is given.",
    kind: "nps",
    survey: {
      texts: { en: { question: "{name|Hello}, how likely are you to recommend Demo shop?" } },
      steps: [
        {
          id: "reason",
          kind: "choices",
          when: [{ bucket: ["detractor", "passive"] }],
          texts: { en: { question: "What should be better?" } },
          choices: [
            { id: "delivery", texts: { en: "Delivery" } },
            { id: "price", texts: { en: "Prices" } },
            { id: "support", texts: { en: "Support" } },
          ],
        },
        {
          id: "support",
          kind: "rating",
          when: [{ step: "reason", is: ["support"] }],
          texts: { en: { question: "How was our support?" } },
        },
        { id: "comment", kind: "text" },
      ],
      thanks: [
        {
          buckets: ["promoter"],
          texts: { en: { text: "That makes our day. Thank you!", link: "Tell a friend" } },
          url: "https://example.com/",
        },
        { buckets: ["detractor", "passive"], texts: { en: { text: "Thank you, we will work on it." } } },
      ],
    },
    snippet: script("way-steps", ` data-properties='{"name": "Alex"}'`),
  },
  theme: {
    title: "In your colours",
    sentence: "Colours, font, roundness and logo are settings. Whatever you choose can be read.",
    kind: "csat",
    survey: {
      look: "stars",
      theme: {
        background: "#14322b",
        text: "#f3efe0",
        accent: "#e8b04a",
        radius: 24,
        font: "Georgia, serif",
      },
    },
    snippet: script("way-theme"),
  },
  consent: {
    title: "After consent",
    sentence: "Nothing is kept and nothing opens before the visitor has agreed.",
    kind: "csat",
    snippet: `<button type="button" data-consent>I agree</button>\n${script("way-consent", ' data-consent="required"')}`,
  },
};
