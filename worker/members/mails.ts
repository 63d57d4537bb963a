import type { Context } from "hono";
import { html } from "hono/html";
import type { MailSettings } from "../../shared/contract/mail/mail.ts";
import type { App } from "../environment.ts";
import { driverOf, openMailer } from "../mail/transport/open.ts";
import { findFirstSender } from "../workspaces/db/workspaces.ts";

/**
 * Who sends links to members; null: nobody can. It is the sender of the first workspace, the operator's, and of no other
 * one where that has none: a mail that cannot be delivered comes back to its sender with the link in it, by which another
 * workspace's owner could sign in as whoever it was for.
 */
export async function linkSender(c: Context<App>): Promise<MailSettings | null> {
  return driverOf(c.env) === null ? null : await findFirstSender(c.var.db);
}

/** Mails a link. False: it surely did not go out, so that nobody can have it. */
export async function mailLink(
  c: Context<App>,
  { from }: MailSettings,
  to: string,
  { subject, says, url }: { subject: string; says: string; url: string },
): Promise<boolean> {
  const mailer = openMailer(c.env);
  if (!mailer) return false;
  const outcome = await mailer.send({
    id: `${crypto.randomUUID()}@${from.address.split("@")[1]}`,
    from,
    replyTo: null,
    to: { address: to, name: null },
    unsubscribe: null,
    date: c.var.now,
    subject,
    text: `${says}\n\n${url}\n`,
    html: String(await html`<p>${says}</p><p><a href="${url}">${url}</a></p>`),
  });
  await mailer.close();
  return outcome.is === "sent" || outcome.is === "in-doubt";
}
