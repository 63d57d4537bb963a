import * as z from "zod";
import { WEEK_STARTS } from "../time/periods.ts";
import { instantOut, text, timeZone } from "./fields.ts";
import { MailSettings } from "./mail/mail.ts";
import { themeSetting } from "./surveys/theme.ts";

// Not z.httpUrl(): it refuses http://localhost:8080, where every integration begins.
export const isOrigin = (value: string) =>
  /^https?:/.test(value) && URL.canParse(value) && new URL(value).origin === value;
export const longestOrigin = 300;
const origin = z
  .string()
  .max(longestOrigin)
  .refine(
    // A star stands for the first label only, of a domain with at least two more labels.
    (value) => isOrigin(value) && !value.replace(/^(https?:\/\/)\*(\.[^.]+\.)/, "$1$2").includes("*"),
    "an origin without a path, such as https://shop.example, or https://*.shop.example for one label below it",
  );
export const KeyInput = z.strictObject({
  name: text(120),
  kind: z.enum(["publishable", "secret"]),
  scopes: z
    .array(z.enum(["read", "write"]))
    .min(1)
    .max(2)
    .optional()
    .describe("Secret keys only; default: read"),
  origins: z
    .array(origin)
    .max(50)
    .default([])
    .describe(
      "Publishable keys only: pages that may use it, such as https://shop.example or https://*.shop.example; empty: any",
    ),
});
export const KeyPatch = z.strictObject({
  name: text(120).optional(),
  origins: z.array(origin).max(50).optional(),
});
export const Key = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(["publishable", "secret"]),
  last_four: z.string(),
  scopes: z.array(z.string()),
  origins: z.array(z.string()),
  created_at: instantOut,
  archived_at: instantOut.nullable(),
  made_by: z.string().nullable().describe("Id of the member or key; null: it came with the workspace"),
});
export const NewKey = Key.extend({
  key: z.string().describe("Shown this once; a publishable one again to members, in the dashboard"),
});
export const ArchivedKey = Key.extend({
  keys: z
    .array(z.object({ id: z.string(), name: z.string() }))
    .describe(
      "Keys that it made, or one of these, and that still work: archive them too where it was stolen",
    ),
});
export type NewKey = z.output<typeof NewKey>;

const AskingPolicy = z
  .strictObject({
    wait_days: z.int().min(0).max(365).default(0).describe("Days after any survey in which none is asked"),
    most: z
      .strictObject({ times: z.int().min(1).max(100), days: z.int().min(1).max(365) })
      .nullable()
      .default(null)
      .describe("At most so many askings of one person in so many days; null: no such limit"),
    respect_dnt: z
      .boolean()
      .default(false)
      .describe(
        "Ask nothing on pages of a browser that asks not to be tracked (Do Not Track, Global Privacy Control)",
      ),
  })
  .describe("How often one person is asked, over all surveys. Replaced as a whole");

export const WorkspacePatch = z.strictObject({
  name: text(120).optional(),
  time_zone: timeZone.optional().describe("IANA zone in which days are cut where a question names none"),
  week_start: z.enum(WEEK_STARTS).optional(),
  asking: AskingPolicy.optional(),
  theme: themeSetting.optional(),
  mail: MailSettings.nullable().optional(),
});
export const Workspace = z.object({
  id: z.string(),
  name: z.string(),
  time_zone: z.string(),
  week_start: z.string(),
  asking: AskingPolicy,
  theme: themeSetting,
  mail: MailSettings.nullable(),
  identity_secret: z.string().describe("Sign respondent ids with it, on your server only"),
  import_secret: z
    .string()
    .describe("What the import command makes the ids of rows by, which nobody can guess then"),
});
