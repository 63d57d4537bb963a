import fc from "fast-check";
import { expect, test } from "vitest";
import { Theme } from "../../../shared/contract/surveys/theme.ts";
import { contrast, type Rgb, readHex } from "../../../shared/looks/contrast.ts";
import { pageThemeCss, themeCss } from "../../../shared/looks/theme.ts";

const hex = fc
  .tuple(fc.nat(255), fc.nat(255), fc.nat(255))
  .map((rgb) => `#${rgb.map((part) => part.toString(16).padStart(2, "0")).join("")}`);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const colors = { background: maybe(hex), text: maybe(hex), accent: maybe(hex) };
const theme = fc.record({
  ...colors,
  scheme: maybe(fc.constantFrom("light" as const, "dark" as const, "auto" as const)),
  dark: maybe(fc.record(colors)),
  radius: maybe(fc.nat(32)),
  size: maybe(fc.integer({ min: 12, max: 24 })),
});

type Scheme = "light" | "dark";
const mix = (from: Rgb, to: Rgb, share: number): Rgb =>
  [0, 1, 2].map(
    (part) => (from[part] ?? 0) + ((to[part] ?? 0) - (from[part] ?? 0)) * share,
  ) as unknown as Rgb;

/** A sheet's custom properties and colours in a scheme, as a browser resolves them: the last one wins. */
function values(css: string, scheme: Scheme): Map<string, string> {
  const found = new Map<string, string>();
  const plain = css.replaceAll(/@supports\(color:light-dark\([^{]*\)\)\{(.*?\})\}/g, "$1");
  for (const [, selector, body = ""] of plain.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (selector !== "section") continue;
    for (const declaration of body.split(";")) {
      const [name = "", ...rest] = declaration.split(":");
      const value = rest.join(":").replace(/^var\(--candor-[\w-]+,(.*)\)$/, "$1");
      const [, light, dark] = /^light-dark\(([^,]+),([^)]+)\)$/.exec(value) ?? [];
      found.set(name, (scheme === "light" ? light : dark) ?? value);
    }
  }
  return found;
}

/** Where the sheet says nothing: the values of widget/survey/style.css and the browser. Safari has the lightest dark canvas. */
const own = {
  light: { background: "#fff", color: "#000" },
  dark: { background: "#1e1e1e", color: "#fff" },
};

test("500 random themes, light and dark: whatever is read has 4.5, whatever has to be seen has 3", () => {
  fc.assert(
    fc.property(theme, fc.constantFrom<Scheme>("light", "dark"), (given, visitor) => {
      const css = themeCss(Theme.parse(JSON.parse(JSON.stringify(given))));
      const said = values(css, visitor);
      const fixed = said.get("color-scheme");
      const scheme: Scheme = fixed === "light" || fixed === "dark" ? fixed : visitor;
      const set = values(css, scheme);
      const color = (name: string, otherwise: string): Rgb => {
        const value = set.get(name) ?? otherwise;
        const { background, color: text } = own[scheme];
        return readHex(value === "Canvas" ? background : value === "CanvasText" ? text : value);
      };
      const background = color("background", own[scheme].background);
      const text = color("color", own[scheme].color);
      const accent = color("--accent", "#6666e0");
      const quiet = set.has("--candor-quiet") ? color("--candor-quiet", "") : mix(background, text, 0.75);
      const choice = set.has("--candor-choice")
        ? color("--candor-choice", "")
        : mix(background, readHex("#888"), 0x22 / 0xff);
      const field = color("--candor-field", "#888");
      const ring = set.has("--candor-ring") ? color("--candor-ring", "") : accent;
      const reads: [string, Rgb, Rgb][] = [
        ["text on the card", text, background],
        ["text on a rating", text, choice],
        ["what the ends mean", quiet, background],
        ["text on the accent", color("--on-accent", "#fff"), accent],
      ];
      const sees: [string, Rgb, Rgb][] = [
        ["the field's border", field, background],
        ["the focus", ring, background],
        ["what is chosen, beside what is not", ring, choice],
      ];
      // Browsers mix colours without rounding, which may lower the ratio by a hundredth.
      for (const [what, one, other] of reads) expect(contrast(one, other), what).toBeGreaterThanOrEqual(4.48);
      for (const [what, one, other] of sees) expect(contrast(one, other), what).toBeGreaterThanOrEqual(2.98);
    }),
    { seed: 20_261_125, numRuns: 1000 },
  );
});

test("an empty theme costs nothing", () => {
  expect([themeCss({}), pageThemeCss({})]).toEqual(["", ""]);
});

const hostile = fc.oneof(
  fc.constantFrom(
    "}",
    ";",
    "</style>",
    "url(",
    "\\",
    "/*",
    "*/",
    "@import",
    '"',
    "'",
    "\n",
    "{",
    "expression(",
  ),
  fc.string({ maxLength: 4 }),
);
const text = fc.array(hostile, { maxLength: 6 }).map((parts) => parts.join(""));

test("what a theme says cannot end its declaration, its style or its string", () => {
  let taken = 0;
  fc.assert(
    fc.property(text, text, text, (font, alt, path) => {
      const given = { font: `Inter${font}`, logo: { url: `https://a.example/${path}`, alt } };
      const parsed = Theme.safeParse(given);
      const one = parsed.success ? parsed.data : Theme.safeParse({ logo: given.logo }).data;
      if (!one) return;
      taken += 1;
      for (const css of [themeCss(one), pageThemeCss(one)]) {
        expect(css).not.toMatch(/<|@import|\/\*/);
        const bare = css.replaceAll(/"[^"]*"/g, "");
        expect(bare).not.toMatch(/["'\\]/);
        expect(bare.match(/\{/g)?.length).toBe(bare.match(/\}/g)?.length);
        expect(css.match(/url\(/g) ?? []).toHaveLength(css.includes("url(") ? 1 : 0);
      }
    }),
    { seed: 20_261_125, numRuns: 3000 },
  );
  expect(taken).toBeGreaterThan(500);
});

test.each([
  ["a colour by name", { background: "red" }, "background"],
  ["a colour with transparency", { accent: "#ffffff80" }, "accent"],
  ["a font that is loaded", { font: "url(https://a.example/a.woff)" }, "font"],
  ["a logo without https", { logo: { url: "http://a.example/a.png", alt: "A" } }, "logo"],
  ["a script for a logo", { logo: { url: "javascript:alert(1)", alt: "A" } }, "logo"],
  ["an unknown field", { blink: true }, ""],
])("%s is refused", (_what, given, field) => {
  const { error } = Theme.safeParse(given);
  expect(error?.issues[0]?.path[0] ?? "").toBe(field);
});
