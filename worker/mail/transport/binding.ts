import { EmailMessage } from "cloudflare:email";
import { type Mailer, type Outcome, reasonOf } from "./mailer.ts";
import { composeMessage } from "./message.ts";

type Judge = (reason: string) => Outcome;

const refused: Judge = (reason) => ({ is: "refused", reason });
const later =
  (everybody: boolean): Judge =>
  (reason) => ({ is: "later", reason, afterMs: null, everybody });

/** The codes of developers.cloudflare.com/email-service/api/send-emails/workers-api/ that concern a whole mail. */
const judges: Record<string, Judge> = {
  E_VALIDATION_ERROR: refused,
  E_CONTENT_TOO_LARGE: refused,
  E_RECIPIENT_NOT_ALLOWED: refused,
  E_RECIPIENT_SUPPRESSED: refused,
  // A recipient's server may say no for now. Nothing was delivered, so another try is safe.
  E_DELIVERY_FAILED: later(false),
  E_RATE_LIMIT_EXCEEDED: later(true),
  E_DAILY_LIMIT_EXCEEDED: later(true),
  E_INTERNAL_SERVER_ERROR: later(true),
  E_SENDER_NOT_VERIFIED: (reason) => ({ is: "broken", fault: "sender-refused", reason }),
  E_SENDER_DOMAIN_NOT_AVAILABLE: (reason) => ({ is: "broken", fault: "sender-refused", reason }),
};

/** Cloudflare's `send_email` binding. It replaces the mail's Message-ID by its own. */
export const bindingMailer = (binding: SendEmail): Mailer => ({
  async send(mail) {
    try {
      // Raw: the binding's own composer adds no Date and no Message-ID, and chooses the encoding.
      await binding.send(new EmailMessage(mail.from.address, mail.to.address, composeMessage(mail)));
      return { is: "sent" };
    } catch (error) {
      const code = String(Reflect.get(Object(error), "code") ?? "");
      const reason = reasonOf(`${code} ${error instanceof Error ? error.message : ""}`);
      // The binding has no idempotency key, so a failure without a code may have come after the mail was taken.
      if (!code.startsWith("E_")) return { is: "in-doubt", reason };
      return judges[code]?.(reason) ?? { is: "broken", fault: "provider-refused", reason };
    }
  },
  close: async () => undefined,
});
