import * as z from "zod";
import {
  instant,
  instantOut,
  locale,
  properties,
  respondent,
  text,
  timeZone,
  touchpointName,
} from "../fields.ts";
import { FieldErrors } from "../problem.ts";
import { address, line } from "./mail.ts";

export const maxRecipients = 1000;

const recipient = {
  email: address,
  name: line(100).optional(),
  respondent: respondent
    .optional()
    .describe("Your id of the person, by which clocks and responses know them; default: the address"),
  properties: properties.optional(),
  locale: locale.optional().describe("Default: the survey's own"),
  time_zone: timeZone.optional().describe("IANA zone of the quiet hours; default: the workspace's"),
};
export const Recipient = z.strictObject(recipient);
export type Recipient = z.output<typeof Recipient>;

export const SendInput = z
  .strictObject({
    ...recipient,
    id: text(100)
      .optional()
      .describe(
        "A name of yours, such as ticket-4711: however often it is sent, there is one mail, to one person",
      ),
    touchpoint: touchpointName,
    survey: z.string().max(40).optional().describe("Default: what the touchpoint asks now"),
    template: z.string().max(40).optional().describe("Default: the question and its ratings alone"),
    send_at: instant.optional().describe("At most 90 days from now; default: now"),
    wait_minutes: z.int().min(0).max(129_600).optional().describe("Instead of send_at: 120 is in two hours"),
    changeable: z.boolean().optional().describe("false: the first rating stands. Default: true"),
  })
  .check(({ value, issues }) => {
    if (value.send_at !== undefined && value.wait_minutes !== undefined)
      issues.push({
        code: "custom",
        input: value,
        path: ["wait_minutes"],
        message: "is one too many: give this or send_at",
      });
  });

const campaignStates = ["draft", "running", "paused", "cancelled", "done"] as const;

export const CampaignInput = z.strictObject({
  name: text(120),
  touchpoint: touchpointName,
  survey: z.string().max(40).optional().describe("Default: what the touchpoint asks now"),
  template: z.string().max(40).optional().describe("Default: the question and its ratings alone"),
  starts_at: instant.optional().describe("Once it runs, nothing is sent before; default: at once"),
  ends_at: instant.optional().describe("What was not sent by then is skipped"),
  mails_per_hour: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe("Default: as fast as the provider takes them"),
  remind_after_days: z
    .int()
    .min(1)
    .max(60)
    .optional()
    .describe("One reminder for those who have not answered by then; default: none"),
});
export const CampaignPatch = z.strictObject({
  name: text(120).optional(),
  state: z.enum(["running", "paused", "cancelled"]).optional().describe("running: begins, or goes on"),
  ends_at: instant.nullable().optional(),
  mails_per_hour: z.int().min(1).max(1_000_000).nullable().optional().describe("From now on"),
});

const mailCounts = {
  waiting: z.int(),
  sending: z.int(),
  sent: z.int().describe("Taken by the provider; nothing was heard since"),
  delivered: z.int().describe("So said the provider"),
  bounced: z.int(),
  unsubscribed: z.int(),
  failed: z.int().describe("Given up after several tries"),
  in_doubt: z.int().describe("Handed over, and never acknowledged; sent again only if you say so"),
  skipped: z.int(),
};
export const mailStates = Object.keys(mailCounts) as (keyof typeof mailCounts)[];
export type MailState = keyof typeof mailCounts;

const skipReasons = [
  "revoked",
  "expired",
  "answered",
  "campaign-over",
  "suppressed",
  "erased",
  "archived",
  "first-not-sent",
  "survey-clock",
  "workspace-clock",
  "budget",
] as const;
export type SkipReason = (typeof skipReasons)[number];

export const RecipientsResult = z.object({
  added: z.int(),
  duplicates: z.int().describe("Addresses that the campaign had already: they get one mail"),
  refused: z.int(),
  errors: z
    .array(z.object({ row: z.int().describe("From 1, without a header"), errors: FieldErrors }))
    .describe("Of the first 100 that were refused"),
  pending: z.int().describe("Rows that are still to be read, about; some each minute"),
  problem: z.string().nullable().describe("Why it was not read to its end; null: it was, or will be"),
});

export const Campaign = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(campaignStates),
  touchpoint: z.string(),
  survey: z.string(),
  template: z.string().nullable(),
  template_version: z.int().nullable(),
  starts_at: instantOut.nullable(),
  ends_at: instantOut.nullable(),
  mails_per_hour: z.int().nullable(),
  remind_after_days: z.int().nullable(),
  created_at: instantOut,
  recipients: z.int(),
  answered: z.int(),
  mails: z.object(mailCounts).describe("One for each recipient"),
  reminders: z.object(mailCounts),
  skipped: z.partialRecord(z.enum(skipReasons), z.int()).describe("Why, of the mails that were skipped"),
  recipients_pending: z.int().describe("Rows of files and lists that are still to be read, about"),
  upload: RecipientsResult.nullable().describe("What became so far of the file or list that came last"),
});

export const RecipientsInput = z.strictObject({
  recipients: z
    .array(z.unknown())
    .min(1)
    .max(maxRecipients)
    .describe(
      `Up to ${maxRecipients} recipients; each is looked at by itself. Or text/csv, of any length up to 10 MB`,
    ),
});
