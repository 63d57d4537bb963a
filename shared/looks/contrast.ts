/** A colour in sRGB: red, green and blue, whole numbers from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

export const black: Rgb = [0, 0, 0];
export const white: Rgb = [255, 255, 255];

/** Reads #rgb and #rrggbb. */
export function readHex(hex: string): Rgb {
  const digits = hex.length === 4 ? hex.replace(/[^#]/g, "$&$&") : hex;
  const value = Number.parseInt(digits.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export const writeHex = (color: Rgb): string =>
  `#${color.map((part) => part.toString(16).padStart(2, "0")).join("")}`.replace(
    /^#(.)\1(.)\2(.)\3$/,
    "#$1$2$3",
  );

/** Relative luminance as WCAG 2.2 defines it: 0 is black, 1 is white. */
function luminance([red, green, blue]: Rgb): number {
  const linear = (part: number) => (part <= 10.31475 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** The contrast ratio of WCAG 2.2, from 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** `share` (0 to 1) of `to` in `from`: what a browser paints where `to` lies on `from` with that opacity. */
export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share);
  return [part(0), part(1), part(2)];
}

/** Black or white, whichever is more readable on `background`: the contrast is at least 4.58 on any colour. */
export const inkOn = (background: Rgb): Rgb =>
  contrast(black, background) > contrast(white, background) ? black : white;

const steps = Array.from({ length: 101 }, (_, percent) => percent / 100);

/** The colour nearest to `color`, on the way to `end`, that `holds`; `end` itself where none does. */
export const fadeUntil = (color: Rgb, end: Rgb, holds: (faded: Rgb) => boolean): Rgb =>
  steps.map((share) => mix(color, end, share)).find(holds) ?? end;

/** Like `fadeUntil`, to black or to white, whichever is nearer; the colour keeps its hue. One of the two must hold. */
export const moveUntil = (color: Rgb, holds: (moved: Rgb) => boolean): Rgb =>
  steps.flatMap((share) => [mix(color, black, share), mix(color, white, share)]).find(holds) ?? color;
