import type { MailSettings } from "../../shared/contract/mail/mail.ts";
import type { SkipReason } from "../../shared/contract/mail/sends.ts";
import { dayMs, hourMs, minuteMs } from "../../shared/time/durations.ts";
import { localHour } from "../../shared/time/zones.ts";
import { clockRefusal } from "../asking/offer.ts";
import { fromJson, type Json } from "../db/json.ts";
import type { Bindings } from "../environment.ts";
import { invitationCode, unsubscribeCode } from "../invitations/codes.ts";
import { logError } from "../log.ts";
import { backOffMs } from "./back-off.ts";
import type { ClaimedMail, MailResult } from "./db/claims.ts";
import { addressMail, type WordedMail, wordMail } from "./render.tsx";
import type { Mail, Mailer, Outcome } from "./transport/mailer.ts";

const maxAttempts = 8;

/** An outcome that concerns all mails, so nothing more is sent now. */
export type Hold = Extract<Outcome, { is: "later" | "broken" }>;

/** RFC 3463: bad mailbox, bad system, moved. Other refusals may be about this one mail. */
const isUnknownMailbox = (reason: string) => /\b5\.1\.[126]\b/.test(reason);

const sameMail = (mail: ClaimedMail) => {
  const { claim, invitation, reminder, workspaceRef, person, surveyRef, touchpointRef } = mail;
  return { claim, invitation, reminder, workspaceRef, person, surveyRef, touchpointRef };
};

const result = (mail: ClaimedMail, fields: Partial<MailResult> & Pick<MailResult, "state">): MailResult => ({
  mail: sameMail(mail),
  reason: null,
  dueAt: null,
  tried: false,
  sentAt: null,
  remindAt: null,
  suppress: false,
  ...fields,
});

/** Candor itself failed while the mail was being sent. */
export const inDoubt = (mail: ClaimedMail): MailResult =>
  result(mail, {
    state: "in_doubt",
    tried: true,
    reason: "Candor failed while it was being sent: see the log",
  });

/** The mail was not tried, or nothing was wrong with it. A campaign's mail waits for its campaign's turn. */
export const waits = (mail: ClaimedMail, until: number, reason: string | null): MailResult =>
  result(mail, { state: "waiting", dueAt: mail.campaignRef === null ? until : null, reason });

interface Attempt {
  result: MailResult;
  /** Why no other mail is sent now; null: go on. */
  hold: Hold | null;
}

/** Sends a mail, or decides not to. */
export async function attempt(
  env: Bindings,
  worded: Worded,
  mailer: Mailer,
  claimed: ClaimedMail,
): Promise<Attempt> {
  const now = Date.now();
  const decided = decide(claimed, now);
  if (decided) return { result: decided, hold: null };
  let mail: Mail;
  try {
    mail = await mailOf(env, worded, claimed, now);
  } catch (error) {
    logError({ invitation: claimed.invitation }, error);
    const reason = "It could not be worded: see the log";
    return { result: result(claimed, { state: "failed", tried: true, reason }), hold: null };
  }
  return judged(claimed, await mailer.send(mail), now);
}

/** The result of a mail that is not sent now; null: it is sent. */
function decide(claimed: ClaimedMail, now: number): MailResult | null {
  const skipped = skipReason(claimed, now);
  if (skipped) return result(claimed, { state: "skipped", reason: skipped });
  // A campaign is checked before its mails are claimed, but may have been paused since.
  if (claimed.campaignState === "paused") return waits(claimed, now, null);
  const opensAt = mayGoAt(claimed.sender, claimed.timeZone ?? claimed.workspaceZone, now);
  const reason = claimed.sender === null ? "The workspace has no sender any more" : null;
  return opensAt <= now ? null : waits(claimed, opensAt, reason);
}

/** Unix ms: when the sender's mails to a zone may go. Where nobody sends (null), this is checked again in an hour. */
export function mayGoAt(sender: Json<MailSettings> | null, zone: string, now: number): number {
  if (sender === null) return now + hourMs;
  return quietUntil(fromJson(sender).quiet_hours, zone, now);
}

function judged(claimed: ClaimedMail, outcome: Outcome, now: number): Attempt {
  const { reminder, remindAfterDays } = claimed;
  switch (outcome.is) {
    case "sent": {
      const remindAt = reminder === 0 && remindAfterDays !== null ? now + remindAfterDays * dayMs : null;
      return { result: result(claimed, { state: "sent", tried: true, sentAt: now, remindAt }), hold: null };
    }
    case "in-doubt": {
      const { reason, everybody } = outcome;
      const hold: Hold | null = everybody ? { is: "later", reason, afterMs: null, everybody } : null;
      return { result: result(claimed, { state: "in_doubt", tried: true, reason }), hold };
    }
    case "refused": {
      const { reason } = outcome;
      const suppress = isUnknownMailbox(reason);
      return { result: result(claimed, { state: "bounced", tried: true, reason, suppress }), hold: null };
    }
    case "broken":
      // Each workspace has its own sender, so a fault in one must not hold up the others.
      return {
        result: putOff(claimed, outcome.reason, null, now),
        hold: outcome.fault === "sender-refused" ? null : outcome,
      };
    case "later":
      return {
        result: putOff(claimed, outcome.reason, outcome.afterMs, now),
        hold: outcome.everybody ? outcome : null,
      };
  }
}

/** Tries the mail again, after the delay that was asked for or a growing one. The last try fails for good. */
function putOff(mail: ClaimedMail, reason: string, afterMs: number | null, now: number): MailResult {
  const { attempts } = mail;
  if (attempts + 1 >= maxAttempts) return result(mail, { state: "failed", tried: true, reason });
  return result(mail, {
    state: "waiting",
    tried: true,
    dueAt: now + (afterMs ?? backOffMs(attempts)),
    reason,
  });
}

function skipReason(mail: ClaimedMail, now: number): SkipReason | null {
  if (mail.revokedAt !== null) return "revoked";
  if (mail.expiresAt <= now) return "expired";
  if (mail.answered) return "answered";
  if (mail.campaignState === "cancelled" || (mail.endsAt ?? now + 1) <= now) return "campaign-over";
  if (mail.suppressed) return "suppressed";
  if (mail.archivedAt !== null) return "archived";
  // A reminder belongs to an asking that the clocks have already seen.
  if (mail.firstState !== null)
    return mail.firstState === "sent" || mail.firstState === "delivered" ? null : "first-not-sent";
  // Somebody decided to send it again, even where the mail in doubt is the asking that a clock sees.
  if (mail.again > 0) return null;
  return clockRefusal(mail.id, mail.waitDays, fromJson(mail.asking), mail.askings, now) ?? null;
}

/** Unix ms: the end of the quiet hours, or `now` outside of them. */
export function quietUntil(quiet: MailSettings["quiet_hours"], zone: string, now: number): number {
  if (!quiet || quiet.from === quiet.to) return now;
  const isQuiet = (at: number) => {
    const hour = localHour(zone, at);
    return quiet.from < quiet.to
      ? hour >= quiet.from && hour < quiet.to
      : hour >= quiet.from || hour < quiet.to;
  };
  let at = now;
  // By quarter-hours, since the full hours of every zone lie on one.
  while (isQuiet(at)) at = (Math.floor(at / (15 * minuteMs)) + 1) * 15 * minuteMs;
  return at;
}

/** The wordings of this run. Mails of one template and language differ only in their recipients. */
export type Worded = Map<string, Promise<WordedMail>>;

async function mailOf(env: Bindings, worded: Worded, mail: ClaimedMail, now: number): Promise<Mail> {
  const sender = fromJson(mail.sender);
  // `decide` has put off what nobody sends.
  if (!sender) throw new Error("nobody sends it");
  const {
    invitation,
    reminder,
    again,
    origin,
    address,
    recipientName,
    words,
    recipientLocale: locale,
  } = mail;
  const key = [mail.id, mail.workspaceRef, locale, words].join("\0");
  const wording =
    worded.get(key) ??
    wordMail(env.ASSETS, {
      survey: mail,
      words: fromJson(words),
      locale,
      postalAddress: sender.postal_address,
    });
  worded.set(key, wording);
  const unsubscribe = `${origin}/u/${await unsubscribeCode(env.CANDOR_SECRET, invitation)}`;
  const link = `${origin}/r/${await invitationCode(env.CANDOR_SECRET, invitation)}`;
  const properties = fromJson(mail.properties) ?? {};
  return {
    ...addressMail(await wording, { name: recipientName, email: address, properties }, { link, unsubscribe }),
    // A mail that is sent again gets a new id: a provider that drops repeats would otherwise send nothing.
    id: `${[invitation, reminder, ...(again > 0 ? [again] : [])].join(".")}@${sender.from.address.split("@")[1]}`,
    from: sender.from,
    replyTo: sender.reply_to === null ? null : { address: sender.reply_to, name: null },
    to: { address, name: recipientName },
    unsubscribe,
    date: now,
  };
}
