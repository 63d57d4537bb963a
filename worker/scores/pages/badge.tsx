import type { Hono } from "hono";
import { html } from "hono/html";
import { BadgeQuery } from "../../../shared/contract/public-scores.ts";
import type { ScoreTexts } from "../../../shared/surveys/texts.ts";
import type { App } from "../../environment.ts";
import { openEndpoint } from "../../http/endpoint.ts";
import { answerWithEtag } from "../../http/etag.ts";
import { publicCaching, publicScoreOf } from "../public-score.ts";
import { type SaidScore, type ScoreWords, scoreWords } from "./score-words.ts";

const headers = {
  ...publicCaching,
  "content-type": "image/svg+xml; charset=utf-8",
  // For somebody who opens the picture by itself: only its own styles are allowed.
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  "cross-origin-resource-policy": "cross-origin",
};

export function badgePicture(app: Hono<App>): void {
  openEndpoint(
    app,
    {
      method: "get",
      path: "/v1/public/:touchpoint/badge.svg",
      summary: "The public score of a touchpoint as a picture, for an <img>",
      query: BadgeQuery,
      answers: {
        200: { description: "The picture, as image/svg+xml" },
        304: { description: "As If-None-Match has it" },
      },
    },
    async (c, { theme, locale }) => {
      const words = await scoreWords(c.env.ASSETS, await publicScoreOf(c), locale);
      const picture = await html`${<Badge words={words} theme={theme} />}`;
      return answerWithEtag(c, new Response(String(picture), { headers }));
    },
  );
}

const light = "svg{--surface:#fff;--text:#1b1b22;--quiet:#5d5d6b;--line:#d3d3de}";
const dark = "svg{--surface:#18181e;--text:#ececf2;--quiet:#a2a2b0;--line:#3a3a46}";
const colours = { light, dark, auto: `${light}@media (prefers-color-scheme:dark){${dark}}` };
const shapes = [
  "text{font:13px system-ui,sans-serif;fill:var(--text)}",
  ".value{fill:#fff;font-size:19px;font-weight:700;text-anchor:middle}",
  ".claim{font-weight:600}.basis{fill:var(--quiet)}",
  ".accent{fill:#5b5bd6}.surface{fill:var(--surface)}.line{fill:none;stroke:var(--line)}",
].join("");

const height = 48;
const padding = 14;

/** Two fields: the score, and what it is. They are mirrored where the language runs from right to left. */
const Badge = ({ words, theme }: { words: ScoreWords; theme: keyof typeof colours }) => {
  const { locale, texts, said } = words;
  const value = said?.value ?? "–";
  const claim = capitalised(said ? said.meaning || said.title : texts.customersSay);
  const basis = said ? basisOf(said, texts) : texts.notEnough;
  const widths = { value: widthOf(value, 19), claim: widthOf(claim, 13), basis: widthOf(basis, 12) };
  const valued = widths.value + 2 * padding;
  const claimed = Math.max(widths.claim, widths.basis) + 2 * padding;
  const width = valued + claimed;
  const [valueAt, claimAt] = texts.direction === "rtl" ? [claimed, claimed - padding] : [0, valued + padding];
  const box = { width, height, viewBox: `0 0 ${width} ${height}` };
  return (
    <svg xmlns="http://www.w3.org/2000/svg" role="img" lang={locale} direction={texts.direction} {...box}>
      <title>{legible(sentenceOf(words))}</title>
      <style>{colours[theme] + shapes}</style>
      <clipPath id="outline">
        <rect width={width} height={height} rx="10" />
      </clipPath>
      <g clip-path="url(#outline)">
        <rect class="surface" width={width} height={height} />
        <rect class="accent" x={valueAt} width={valued} height={height} />
      </g>
      <rect class="line" x=".5" y=".5" width={width - 1} height={height - 1} rx="9.5" />
      <text class="value" {...fitted(widths.value)} x={valueAt + valued / 2} y="31">
        {value}
      </text>
      <text class="claim" {...fitted(widths.claim)} x={claimAt} y="20">
        {claim}
      </text>
      <text class="basis" {...fitted(widths.basis)} x={claimAt} y="37">
        {basis}
      </text>
    </svg>
  );
};

const capitalised = (text: string) => text.replace(/^./u, (letter) => letter.toUpperCase());

const basisOf = ({ interval, n, isSmallSample }: SaidScore, { smallSample }: ScoreTexts) =>
  [
    interval && `${isolated(interval)} (95\u00a0%)`,
    isolated(`n\u00a0=\u00a0${n}`),
    isSmallSample && smallSample,
  ]
    .filter(Boolean)
    .join(" · ");

/** Isolates the text's direction: in a right-to-left language, "+31" and "n" would reorder the text around them. */
const isolated = (text: string) => `\u2068${text}\u2069`;

/** The full text, for whoever cannot see the picture or points at it. */
function sentenceOf({ texts, said }: ScoreWords): string {
  if (!said) return `${texts.customersSay}: ${texts.notEnough}`;
  const { question, title, value, meaning, n, interval, period, isSmallSample } = said;
  const facts = [
    `${title}: ${value} ${meaning}`.trim(),
    interval && `${texts.interval}: ${interval}`,
    `${texts.responses}: ${n}${isSmallSample ? ` (${texts.smallSample})` : ""}`,
    `${texts.period}: ${period}`,
  ];
  return [question, ...facts.filter(Boolean)].join(" · ");
}

/** Removes characters that XML 1.0 forbids: with one of them, the picture is not shown at all. */
const legible = (text: string) =>
  text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "");

/** The font is not known here, so whatever draws the picture fits the text into the estimated width. */
const fitted = (width: number) => ({ textLength: width, lengthAdjust: "spacingAndGlyphs" });

/** px, for most bold fonts. A size of 12 also fits regular letters of 13. */
const widthOf = (text: string, size: number) =>
  Math.ceil(size * [...text].reduce((sum, letter) => sum + emOf(letter), 0));

function emOf(letter: string): number {
  if (/\p{Cf}/u.test(letter)) return 0;
  if (/[fijlrtI.,:;'|()·\s]/.test(letter)) return 0.36;
  if (/[mwMW%]/.test(letter)) return 0.94;
  return /\p{Lu}/u.test(letter) ? 0.7 : 0.61;
}
