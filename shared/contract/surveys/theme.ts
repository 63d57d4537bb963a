import * as z from "zod";
import { text } from "../fields.ts";

const color = z.string().regex(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i, "a colour such as #5b5bd6 or #fff");

const family = /[\p{L}\p{N}][\p{L}\p{M}\p{N} _-]*|-apple-system/u.source;
const fontList = new RegExp(
  `^(?:${family}|"(?:${family})"|'(?:${family})')(?: *, *(?:${family}|"(?:${family})"|'(?:${family})'))*$`,
  "u",
);

const background = color.optional().describe("What the survey stands on");
const textColor = color.optional().describe("Moved to black or white as far as it takes to be read");
const accent = color.optional().describe("The button, the chosen rating and the focus ring");

export const Theme = z
  .strictObject({
    scheme: z
      .enum(["light", "dark", "auto"])
      .optional()
      .describe("auto follows the visitor; default: auto, or what a background without `dark` belongs to"),
    background,
    text: textColor,
    accent,
    dark: z
      .strictObject({ background, text: textColor, accent })
      .optional()
      .describe("The colours of the dark scheme; its accent is the other's where it has none"),
    radius: z.int().min(0).max(32).optional().describe("How round the corners of the card are, in px"),
    font: z
      .string()
      .max(200)
      .regex(fontList, "a list of font families, such as Inter, 'Segoe UI', sans-serif")
      .optional()
      .describe("Fonts that the page or the device has; none is loaded"),
    size: z.int().min(12).max(24).optional().describe("The size of the text, in px"),
    logo: z
      .strictObject({
        url: z.url({ protocol: /^https$/, hostname: z.regexes.domain }).max(500),
        alt: text(100).describe("What a screen reader says"),
      })
      .optional(),
  })
  .describe("How a survey looks. Whatever the colours, contrasts are those of WCAG 2.2 AA");
export type Theme = z.infer<typeof Theme>;

export const themeSetting = Theme.nullable().describe(
  "How surveys look; null: as Candor does. A survey's own theme goes before its workspace's, each field by itself. Replaced as a whole",
);
