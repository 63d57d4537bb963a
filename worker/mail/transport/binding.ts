import { EmailMessage } from "cloudflare:email";
import { type Mailer, type Outcome, reasonOf } from "./mailer.ts";
import { composeMessage } from "./message.ts";

type Judge = (reason: string) => Outcome;

const refused: Judge = (reason) => ({ is: "refused", reason });
const later =
  (everybody: boolean): Judge =>
  (reason) => ({ is: "later", reason, afterMs: null, everybody });

/** The codes of developers.cloudflare.com/email-service/api/send-emails/workers-api/ that concern one whole mail. */
const judges: Record<string, Judge> = {
  E_VALIDATION_ERROR: refused,
  E_CONTENT_TOO_LARGE: refused,
  E_RECIPIENT_NOT_ALLOWED: refused,
  E_RECIPIENT_SUPPRESSED: refused,
  // A recipient's server may say no for now: nothing was delivered, so that another try is safe.
  E_DELIVERY_FAILED: later(false),
  E_RATE_LIMIT_EXCEEDED: later(true),
  E_DAILY_LIMIT_EXCEEDED: later(true),
  E_INTERNAL_SERVER_ERROR: later(true),
  E_SENDER_NOT_VERIFIED: (reason) => ({ is: "broken", fault: "sender-refused", reason }),
  E_SENDER_DOMAIN_NOT_AVAILABLE: (reason) => ({ is: "broken", fault: "sender-refused", reason }),
};

/** Cloudflare's `send_email` binding. It puts a Message-ID of its own in the place of the mail's. */
export const bindingMailer = (binding: SendEmail): Mailer => ({
  async send(mail) {
    try {
      // Raw: the binding's own composer has no Date and no Message-ID, and encodes as it likes.
      await binding.send(new EmailMessage(mail.from.address, mail.to.address, composeMessage(mail)));
      return { is: "sent" };
    } catch (error) {
      const code = String(Reflect.get(Object(error), "code") ?? "");
      const reason = reasonOf(`${code} ${error instanceof Error ? error.message : ""}`);
      // Nothing tells it that a mail is sent again: what failed without a code may have failed after it was taken.
      if (!code.startsWith("E_")) return { is: "in-doubt", reason };
      return judges[code]?.(reason) ?? { is: "broken", fault: "provider-refused", reason };
    }
  },
  close: async () => undefined,
});
