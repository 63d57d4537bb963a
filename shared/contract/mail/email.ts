import * as z from "zod";
import { MAIL_PROVIDERS } from "../../mail/merge-tags.ts";
import { locale, propertyName, text, touchpointName } from "../fields.ts";

export const EmailQuery = z.strictObject({
  touchpoint: touchpointName,
  provider: z
    .enum(Object.keys(MAIL_PROVIDERS))
    .default("generic")
    .describe("The tool that will send the mail, whose merge tags go into the links"),
  locale: locale.optional().describe("Default: the survey's own"),
  recipient: z
    .enum(["email", "id", "none"])
    .default("email")
    .describe(
      "What the tool puts into the links to tell recipients apart; none: each opened form is an answer",
    ),
  id: text(100)
    .optional()
    .describe(
      "What is asked about, if the same recipients are asked again: a campaign's name, or a tag. Default: the help desk's ticket, the shop's order",
    ),
  property: z
    .partialRecord(propertyName, text(100))
    .optional()
    .describe(
      "property[agent]={{ticket.assignee.name}}: a property of the responses, a value or a tag. With any the row takes these and no others; without, all but what tools add to links by themselves, such as mkt_tok and utm_source",
    ),
  confirm: z
    .enum(["gesture", "button"])
    .default("gesture")
    .describe(
      "What counts a clicked rating: the first movement, key or touch on the page; or only its button",
    ),
  format: z.enum(["json", "html", "text"]).default("json").describe("html, text: that part alone"),
});

export const Email = z.object({
  html: z.string().describe("A table to paste into the mail"),
  text: z.string().describe("The same for the mail's text part"),
  provider: z.string(),
  tags: z
    .object({ email: z.string(), id: z.string().nullable(), about: z.string().nullable() })
    .describe("The tool's tags of the recipient's address and id, and of the ticket or order"),
  notes: z.array(z.string()).describe("Where to paste it, and what to mind"),
});
export type Email = z.output<typeof Email>;
