import * as z from "zod";
import type { MailEvent } from "../../shared/contract/mail/mail.ts";
import type { ParsedMailEvent } from "./db/mails.ts";

const ResendData = z.object({
  tags: z.union([
    z.record(z.string(), z.string()),
    z
      .array(z.object({ name: z.string(), value: z.string() }))
      .transform((tags) => Object.fromEntries(tags.map(({ name, value }) => [name, value]))),
  ]),
  bounce: z.object({ type: z.string().optional(), message: z.string().optional() }).optional(),
});

/** The mail's id as `deliver` makes it, from a Message-ID or from a tag, which can have no dots and no @. */
const mailId = /^<?([\w-]{12})[._]([01])(?:[._]\d+)?(?:@|$)/;

/** What an event says about one of our mails; null: nothing of interest. */
export function parseMailEvent(event: z.output<typeof MailEvent>): ParsedMailEvent | null {
  const data = ResendData.safeParse(event.data).data;
  const [, invitation, reminder] = mailId.exec(event.message_id ?? data?.tags.candor ?? "") ?? [];
  if (!invitation) return null;
  const of = { invitation, reminder: Number(reminder) };
  const reason = event.reason ?? data?.bounce?.message ?? null;
  switch (event.type.replace(/^email\./, "")) {
    case "delivered":
      return { ...of, state: "delivered", reason: null, suppress: null };
    case "bounced":
      // A full mailbox is no reason to suppress the address.
      return {
        ...of,
        state: "bounced",
        reason,
        suppress: /^(transient|temporary)/i.test(data?.bounce?.type ?? "") ? null : "bounced",
      };
    case "complained":
      return { ...of, state: "unsubscribed", reason: reason ?? "Marked as spam", suppress: "complained" };
    default:
      return null;
  }
}
