import * as z from "zod";
import { type Mail, type Mailbox, type Mailer, type Outcome, oneLine, reasonOf } from "./mailer.ts";
import { unsubscribeHeaders } from "./message.ts";

interface ResendSettings {
  key: string;
  /** https://api.resend.com, or another one in tests. */
  endpoint: string;
}

const Refusal = z.object({ name: z.string().catch(""), message: z.string().catch("") });

const timeoutMs = 30_000;
/**
 * ms between tries where it is not known whether the mail was taken. Resend keeps an idempotency key for a day and
 * sends its mail once. So the retry comes at once, not after whatever else happens to a campaign.
 */
const retryDelays = [250, 1000];

/** POST /emails of resend.com. */
export const resendMailer = (settings: ResendSettings): Mailer => ({
  async send(mail) {
    for (const delay of retryDelays) {
      const outcome = await post(settings, mail);
      if (outcome.is !== "in-doubt" || !outcome.everybody) return outcome;
      await scheduler.wait(delay);
    }
    return post(settings, mail);
  },
  close: async () => undefined,
});

async function post({ key, endpoint }: ResendSettings, mail: Mail): Promise<Outcome> {
  try {
    const answer = await fetch(new URL("/emails", endpoint), {
      method: "POST",
      // A redirect must not carry the key elsewhere.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "idempotency-key": mail.id.slice(0, 256),
        // Resend refuses requests without one.
        "user-agent": "candor",
      },
      body: JSON.stringify(fields(mail)),
    });
    const body = await answer.text();
    return answer.ok ? { is: "sent" } : judge(answer, body);
  } catch {
    return { is: "in-doubt", reason: "Resend did not answer", everybody: true };
  }
}

const fields = (mail: Mail) => ({
  from: shown(mail.from),
  to: [shown(mail.to)],
  ...(mail.replyTo && { reply_to: shown(mail.replyTo) }),
  subject: mail.subject,
  html: mail.html,
  text: mail.text,
  headers: unsubscribeHeaders(mail),
  tags: [{ name: "candor", value: tagOf(mail.id) }],
});

/** By this tag, the webhook's bounces and complaints find the mail. It may have letters, digits, _ and -. */
const tagOf = (id: string): string =>
  id
    .replace(/@.*/, "")
    .replace(/[^\w-]/g, "_")
    .slice(0, 256);

/** Quoted where the name could be read as several. */
function shown({ address, name }: Mailbox): string {
  const line = oneLine(name ?? "");
  if (!line) return address;
  return `${/^[\p{L}\p{M}\p{N} ]+$/u.test(line) ? line : `"${line.replace(/["\\]/g, "\\$&")}"`} <${address}>`;
}

/** resend.com/docs/api-reference/errors */
function judge({ status, headers }: Response, body: string): Outcome {
  const { name, message } = readRefusal(body);
  const reason = reasonOf(`${status} ${name} ${message}`);
  if (status === 429) {
    const seconds = Number(headers.get("retry-after") ?? Number.NaN);
    return { is: "later", reason, afterMs: seconds >= 0 ? seconds * 1000 : null, everybody: true };
  }
  if (status === 409) {
    // This key was used before with other words, or is being used just now.
    return name === "concurrent_idempotent_requests"
      ? { is: "later", reason, afterMs: null, everybody: false }
      : { is: "in-doubt", reason };
  }
  if (status === 400 || status === 413 || status === 422) {
    // Fields are named in backticks: Invalid `from` field.
    return message.includes("`from`")
      ? { is: "broken", fault: "sender-refused", reason }
      : { is: "refused", reason };
  }
  if (status >= 500 || status === 408) return { is: "in-doubt", reason, everybody: true };
  // The domain of one workspace's sender, which nobody has verified.
  if (status === 403 && /domain is not verified/i.test(message))
    return { is: "broken", fault: "sender-refused", reason };
  return { is: "broken", fault: "provider-refused", reason };
}

/** Empty strings where the body does not have Resend's documented form. */
function readRefusal(body: string): z.output<typeof Refusal> {
  try {
    return Refusal.parse(JSON.parse(body));
  } catch {
    return { name: "", message: "" };
  }
}
