import * as z from "zod";
import { addressProblem, normalAddress } from "../../mail/addresses.ts";
import { cursor, instantOut, limit, text } from "../fields.ts";

/** Text for a mail header. A line end in it would begin another header. */
export const line = (max: number) =>
  text(max).refine((value) => !/\p{Cc}/u.test(value), "must be one line, without control characters");

export const address = z
  .string()
  .max(320)
  .check(({ value, issues }) => {
    const message = addressProblem(value);
    if (message) issues.push({ code: "custom", input: value, message });
  })
  .transform(normalAddress)
  .describe("One mail address; a domain in other scripts is kept as DNS has it");

const hour = z.int().min(0).max(23);

export const MailSettings = z
  .strictObject({
    from: z.strictObject({
      address: z
        .string()
        .max(320)
        .regex(
          /^[\w.!#$%&'*+/=?^`{|}~-]+@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$/,
          "an address, such as feedback@shop.example",
        )
        .describe("Its domain is one that your mail provider signs for"),
      name: line(100),
    }),
    reply_to: address.nullable().default(null),
    postal_address: text(300).describe("Who sends, and where: below every mail, as the law has it"),
    quiet_hours: z
      .strictObject({ from: hour, to: hour })
      .nullable()
      .default({ from: 21, to: 8 })
      .describe("Local hours of the recipient in which nothing is sent; null: none"),
  })
  .describe("Who sends mails. Replaced as a whole");
export type MailSettings = z.output<typeof MailSettings>;

export const MailStatus = z.object({
  driver: z.enum(["smtp", "binding", "resend"]).nullable().describe("null: this deployment sends no mail"),
  sends: z.boolean().describe("Mails that are due go out now"),
  missing: z.array(z.string()).describe("What has to be set before, in words"),
  held_until: instantOut
    .nullable()
    .describe("The provider asked to wait, or its settings are wrong; null: neither"),
  fault: z.string().nullable().describe("What is wrong, in words; null: nothing that is known"),
  answer: z.string().nullable().describe("What the provider said"),
  in_doubt: z
    .int()
    .describe("Mails of which nobody knows whether they were sent: GET /v1/invitations?state=in_doubt"),
  hints: z.array(z.string()).describe("On SPF, DKIM and DMARC of the sender's domain"),
});

export const MailTestInput = z.strictObject({ to: address });
export const MailTest = z.object({
  sent: z.boolean().describe("The provider took the mail"),
  fault: z.string().nullable().describe("Why not, in words, and what to do"),
  answer: z.string().nullable().describe("What the provider said"),
});

const suppressionReasons = ["unsubscribed", "bounced", "complained", "manual"] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];

export const Suppression = z.object({
  id: z.string().describe("Says nothing of the address, and is what DELETE takes"),
  email: z.string().nullable().describe("null: its owner was erased"),
  hash: z.string().nullable().describe("What is left of an address whose owner was erased; null: nobody was"),
  reason: z.enum(suppressionReasons),
  created_at: instantOut,
});
export const SuppressionsInput = z.strictObject({
  emails: z.array(address).min(1).max(1000).describe("Nothing is sent to them any more"),
});
export const SuppressionsQuery = z.strictObject({ limit, cursor });
export const SuppressionSearch = z.strictObject({ email: z.string().max(320) });
export const Suppressions = z.object({ data: z.array(Suppression) });

export const MailEvent = z.object({
  type: z
    .string()
    .max(100)
    .describe(
      "delivered, bounced or complained, also as Resend calls them (email.bounced); others are passed over",
    ),
  message_id: z.string().max(300).optional().describe("The mail's Message-ID"),
  reason: z.string().max(1000).optional(),
  data: z.unknown().optional().describe("What Resend sends in its place"),
});
export const MailEventResult = z.object({
  taken: z.boolean().describe("false: it is not about a mail of ours, or of no kind that matters"),
});
