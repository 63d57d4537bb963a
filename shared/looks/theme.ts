import type { Theme } from "../contract/surveys/theme.ts";
import {
  black,
  contrast,
  fadeUntil,
  inkOn,
  mix,
  moveUntil,
  type Rgb,
  readHex,
  white,
  writeHex,
} from "./contrast.ts";

/** Every colour of a survey in one scheme. All pairs that are seen together meet the contrast of WCAG 2.2 AA. */
interface Palette {
  background: Rgb;
  text: Rgb;
  /** Less prominent text: what the ends of the scale mean. */
  quiet: Rgb;
  /** Behind a rating that is not chosen. */
  choice: Rgb;
  /** The border of the text field. */
  field: Rgb;
  /** Behind the chosen rating and the button. */
  accent: Rgb;
  onAccent: Rgb;
  /** The accent where it must stand out: around the focus and the chosen rating, and in drawings. */
  ring: Rgb;
}

/** WCAG 2.2: 1.4.3 for text, 1.4.11 for what identifies a control or its state. */
const readable = 4.5;
const visible = 3;

/** The colours of widget/survey/style.css without a theme. White is readable on its accent, in every scheme. */
const ownAccent = readHex("#6666e0");
const gray = readHex("#888");
const ownQuiet = (background: Rgb, text: Rgb) => mix(background, text, 0.75);
const ownChoice = (background: Rgb) => mix(background, gray, 0x22 / 0xff);

type Scheme = "light" | "dark";
type Ground = Pick<Palette, "background" | "text">;
type Grounds = Record<Scheme, Ground>;

/** Canvas and CanvasText. Safari's dark one is the hardest to stand out on (Chromium #121212, Firefox #1c1b22). */
const canvas: Grounds = {
  light: { background: white, text: black },
  dark: { background: readHex("#1e1e1e"), text: white },
};

/** --surface and --text of worker/html/assets/page.css. */
const paper: Grounds = {
  light: { background: white, text: readHex("#1b1b22") },
  dark: { background: readHex("#18181e"), text: readHex("#ececf2") },
};

type Colors = Pick<Theme, "background" | "text" | "accent">;

/** The colours of a scheme: as given where they are readable and visible, otherwise moved until they are. */
function derive(given: Colors, ground: Ground): Palette {
  const background = given.background ? readHex(given.background) : ground.background;
  const reads = (color: Rgb, behind: Rgb) => contrast(color, behind) >= readable;
  const sees = (color: Rgb, behind: Rgb) => contrast(color, behind) >= visible;
  const ink = inkOn(background);
  // On a middle gray, black may be readable, while on the gray beside it only white is.
  const choice = fadeUntil(ownChoice(background), background, (fill) => reads(ink, fill));
  const ownText = given.background ? ink : ground.text;
  const text = given.text
    ? moveUntil(readHex(given.text), (color) => reads(color, background) && reads(color, choice))
    : ownText;
  const accent = given.accent ? readHex(given.accent) : ownAccent;
  return {
    background,
    text,
    quiet: fadeUntil(ownQuiet(background, text), text, (color) => reads(color, background)),
    choice,
    field: moveUntil(gray, (color) => sees(color, background)),
    accent,
    onAccent: reads(white, accent) ? white : inkOn(accent),
    ring: moveUntil(accent, (color) => sees(color, background) && sees(color, choice)),
  };
}

/** A background without `dark` colours is meant for both schemes. An accent always is. */
function colorsOf(theme: Theme, scheme: Scheme): Colors {
  if (scheme === "light" || (theme.background && !theme.dark)) return theme;
  return { accent: theme.accent, ...theme.dark };
}

/** The scheme of scroll bars and system colours; undefined: the visitor's scheme, as without a theme. */
function schemeOf({ scheme, background, dark }: Theme): Scheme | "light dark" | undefined {
  if (scheme === "auto") return "light dark";
  if (scheme || !background || dark) return scheme;
  return inkOn(readHex(background)) === white ? "dark" : "light";
}

type Declarations = Record<string, string>;

const rule = (selector: string, declarations: Declarations) => {
  const body = Object.entries(declarations).map(([name, value]) => `${name}:${value}`);
  return body.length > 0 ? `${selector}{${body.join(";")}}` : "";
};

/** Escapes all but letters, digits and harmless signs: even a sloppy CSS or HTML parser sees no end in it. */
const quote = (text: string) =>
  `"${text.replace(/[^\p{L}\p{M}\p{N} .,:/_~%?=&#+-]/gu, (sign) => `\\${sign.codePointAt(0)?.toString(16)} `)}"`;

const generics =
  /^(system-ui|-apple-system|serif|sans-serif|monospace|cursive|fantasy|ui-(serif|sans-serif|monospace|rounded))$/i;

/** Quoted, because a family may have the name of a keyword: `inherit`. */
const fontList = (font: string) =>
  font
    .split(",")
    .map((family) => family.replace(/["']/g, "").trim())
    .map((family) => (generics.test(family) ? family : quote(family)))
    .join();

/** A background, because an image in `content` always keeps its own size. */
function logoCss({ logo }: Theme, card: string, fromRight: string): string {
  if (!logo) return "";
  const drawn = {
    display: "block",
    height: "32px",
    // Leaves room for the close button.
    margin: "0 0 12px",
    "margin-inline-end": "36px",
    background: `url(${quote(new URL(logo.url).href)}) 0/contain no-repeat`,
    // Before Safari 17.4 and Firefox 128, alternative text makes the whole declaration invalid.
    content: `"";content:""/${quote(logo.alt)}`,
  };
  return (
    rule(`${card}::before`, drawn) + rule(`${fromRight} ${card}::before`, { "background-position": "100%" })
  );
}

const isSame = (one: Rgb, other: Rgb) => writeHex(one) === writeHex(other);

interface WidgetColor {
  name: keyof Palette;
  /** The property that holds the colour in the section of widget/survey/style.css. */
  property: string;
  /** The `--candor-…` variable by which a page sets it. The colours without a variable follow from these. */
  variable?: string;
  /** The sheet's value where the scheme is given no such colour, if that is a system colour. */
  system?: string;
  /** Whether the sheet's own value holds in a scheme. */
  holds(palette: Palette, given: Colors): boolean;
  /** Rules that use the colour, where the sheet writes it out to save bytes. */
  takes?: string;
}

const widgetColors: readonly WidgetColor[] = [
  {
    name: "background",
    property: "background",
    variable: "background",
    system: "Canvas",
    holds: (_, { background }) => !background,
  },
  {
    name: "text",
    property: "color",
    variable: "text",
    system: "CanvasText",
    holds: (_, { background, text }) => !background && !text,
  },
  { name: "accent", property: "--accent", variable: "accent", holds: (_, { accent }) => !accent },
  {
    name: "onAccent",
    property: "--on-accent",
    variable: "on-accent",
    holds: ({ onAccent }) => isSame(onAccent, white),
  },
  {
    name: "quiet",
    property: "--candor-quiet",
    holds: ({ quiet, background, text }) => isSame(quiet, ownQuiet(background, text)),
    takes: ".ends{opacity:1;color:var(--candor-quiet)}",
  },
  {
    name: "choice",
    property: "--candor-choice",
    holds: ({ choice, background }) => isSame(choice, ownChoice(background)),
    takes: "button{background:var(--candor-choice)}",
  },
  {
    name: "field",
    property: "--candor-field",
    holds: ({ field }) => isSame(field, gray),
    takes: "textarea{border-color:var(--candor-field)}",
  },
  {
    name: "ring",
    property: "--candor-ring",
    holds: ({ ring, accent }) => isSame(ring, accent),
    takes:
      "button:hover{border-color:var(--candor-ring)}:focus-visible{outline-color:var(--candor-ring)}.done svg{color:var(--candor-ring)}" +
      "[aria-checked=true],.send{box-shadow:inset 0 0 0 2px var(--candor-ring)}",
  },
];

/** A page's own style sheet wins over the theme. */
const unlessSet = (name: string, value: string) => `var(--candor-${name},${value})`;

/** The theme's CSS for the survey's shadow root, to put after widget/survey/style.css. Empty for an empty theme. */
export function themeCss(theme: Theme): string {
  const given = { light: colorsOf(theme, "light"), dark: colorsOf(theme, "dark") };
  const palettes = { light: derive(given.light, canvas.light), dark: derive(given.dark, canvas.dark) };
  const scheme = schemeOf(theme);
  const fixed: Declarations = {};
  const adaptive: Declarations = {};
  let taken = "";
  for (const { name, variable, property, holds, system, takes } of widgetColors) {
    const isOwn = (one: Scheme) => holds(palettes[one], given[one]);
    if (isOwn("light") && isOwn("dark")) continue;
    const valueIn = (one: Scheme) => (system && isOwn(one) ? system : writeHex(palettes[one][name]));
    const light = valueIn("light");
    const dark = valueIn("dark");
    const say = (value: string) => (variable ? unlessSet(variable, value) : value);
    fixed[property] = say(scheme === "dark" ? dark : light);
    if (light !== dark) adaptive[property] = say(`light-dark(${light},${dark})`);
    taken += takes ?? "";
  }
  const { radius, size, font } = theme;
  if (scheme) fixed["color-scheme"] = unlessSet("scheme", scheme);
  if (radius !== undefined) fixed["--radius"] = unlessSet("radius", `${radius}px`);
  if (size) fixed["font-size"] = unlessSet("size", `${size}px`);
  if (font) fixed["font-family"] = unlessSet("font", fontList(font));
  const adaptiveRule = rule("section", adaptive);
  return [
    rule("section", fixed),
    // Without this, a browser that does not know light-dark() would have no colours at all.
    adaptiveRule && `@supports(color:light-dark(#000,#fff)){${adaptiveRule}}`,
    taken,
    // Safari on iOS zooms into a field whose text is smaller than 16px.
    size && size < 16 ? rule("textarea", { "font-size": "16px" }) : "",
    logoCss(theme, "section", ":host([dir=rtl])"),
  ].join("");
}

/** The colours of worker/html/assets/page.css and survey.css. */
function pageValues(given: Colors, ground: Ground): Declarations {
  const palette = derive(given, ground);
  const { background, text, accent, onAccent } = palette;
  const isRead = (color: Rgb) => contrast(color, background) >= readable;
  const colors = {
    accent,
    "on-accent": onAccent,
    "accent-hover": mix(accent, onAccent === white ? black : white, 0.12),
    "accent-text": moveUntil(accent, isRead),
    ring: palette.ring,
    ground: mix(background, text, 0.04),
    surface: background,
    sunken: mix(background, text, 0.05),
    choice: palette.choice,
    text,
    quiet: palette.quiet,
    line: mix(background, text, 0.12),
    field: palette.field,
    wrong: moveUntil(readHex(inkOn(background) === white ? "#ffb4ab" : "#b3261e"), isRead),
  };
  return Object.fromEntries(Object.entries(colors).map(([name, color]) => [`--${name}`, writeHex(color)]));
}

/** The theme's CSS for the page of a survey link, to put after page.css and survey.css. Empty for an empty theme. */
export function pageThemeCss(theme: Theme): string {
  const { background, text, accent, dark, radius, size, font } = theme;
  const scheme = schemeOf(theme) ?? "light dark";
  const colored = theme.scheme || background || text || accent || dark;
  const valuesIn = (one: Scheme) => (colored ? pageValues(colorsOf(theme, one), paper[one]) : {});
  const adaptive = scheme === "light dark" ? rule(":root", valuesIn("dark")) : "";
  return [
    rule(":root", {
      ...(colored && { "color-scheme": scheme }),
      ...valuesIn(scheme === "dark" ? "dark" : "light"),
      ...(radius !== undefined && { "--radius": `${radius}px` }),
    }),
    adaptive && `@media(prefers-color-scheme:dark){${adaptive}}`,
    rule("body", {
      ...(size && { "font-size": `${size}px` }),
      ...(font && { "font-family": fontList(font) }),
    }),
    logoCss(theme, ".card", "[dir=rtl]"),
  ].join("");
}
