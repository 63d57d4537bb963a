import type * as z from "zod";
import type { MailStatus } from "../../shared/contract/mail.ts";
import { bindingMailer } from "./binding.ts";
import { defaultTimeouts, type Timeouts } from "./connection.ts";
import { resendMailer } from "./resend.ts";
import { SmtpMailer } from "./smtp.ts";

export interface Mailbox {
  address: string;
  name: string | null;
}

/** One mail to one person. */
export interface Mail {
  /** Message-ID, without its angle brackets. */
  id: string;
  from: Mailbox;
  replyTo: Mailbox | null;
  to: Mailbox;
  subject: string;
  html: string;
  text: string;
  /** Where one POST ends the mails to this person (RFC 8058); null: nowhere, since there are none. */
  unsubscribe: string | null;
  /** Unix ms. */
  date: number;
}

/** What may be wrong with the settings, and what to do about it. */
export const FAULTS = {
  "host-unknown": "There is no such mail server: look at the host in MAIL_URL.",
  unreachable:
    "The mail server cannot be reached: look at host and port in MAIL_URL. " +
    "Workers cannot use port 25; 587 and 465 are right.",
  "no-tls":
    "The mail server offers no STARTTLS, and mails do not travel unencrypted: take smtps:// and port 465.",
  "tls-failed": "The mail server's certificate was not accepted: the host in MAIL_URL must be the one in it.",
  "login-refused":
    "The mail server refused the login: look at user and password in MAIL_URL, written as in an address (%40 for @).",
  "sender-refused":
    "The mail server does not let you send from this address: set mail.from to one that your provider has confirmed.",
  "not-smtp": "What answers at this host and port is no mail server.",
  "provider-refused": "The provider refused the key, or the sender's domain: look at both in its settings.",
} as const;
export type Fault = keyof typeof FAULTS;

/** What became of a mail. `reason`: what the other side said, one line. */
export type Outcome =
  | { is: "sent" }
  /** This recipient is not taken, today or tomorrow. */
  | { is: "refused"; reason: string }
  /** Nothing was taken. `everybody`: the next mail would fare alike. `afterMs`: what was asked for; null: nothing. */
  | { is: "later"; reason: string; afterMs: number | null; everybody: boolean }
  /** Nothing can be sent until the settings are right. */
  | { is: "broken"; fault: Fault; reason: string }
  /** All of it was handed over, and nobody said that it was taken. `everybody`: the next mail would fare alike. */
  | { is: "in-doubt"; reason: string; everybody?: true };

/** One way to send; for one sender at a time. */
export interface Mailer {
  /** Never throws for what the other side does. */
  send(mail: Mail): Promise<Outcome>;
  close(): Promise<void>;
}

export interface MailBindings {
  MAIL_URL?: string;
  MAIL?: SendEmail;
}

type Driver = NonNullable<z.input<typeof MailStatus>["driver"]>;

/** null: nothing is set. */
export function driverOf({ MAIL_URL: url, MAIL: binding }: MailBindings): Driver | null {
  if (url) return url.startsWith("resend:") ? "resend" : "smtp";
  return binding ? "binding" : null;
}

/** null: nothing is set. Throws where MAIL_URL is none; the message does not quote it, since it has a password. */
export function openMailer(
  { MAIL_URL: url, MAIL: binding }: MailBindings,
  timeouts: Timeouts = defaultTimeouts,
): Mailer | null {
  if (url) return guarded(readMailUrl(url.trim(), timeouts));
  return binding ? guarded(bindingMailer(binding)) : null;
}

/** What a server said as one short line. */
export const oneLine = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, 200)
    .toWellFormed();

/** Letters, digits and signs of which no server can read a second address, command or header. */
const oneAddress = /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9.-]+$/i;

/** Addresses stand in commands and headers as they are: none that is more than an address reaches a driver. */
const guarded = (driver: Mailer): Mailer => ({
  async send(mail) {
    const { to, from, replyTo } = mail;
    if (!oneAddress.test(to.address)) return { is: "refused", reason: "The address is not one" };
    if (![from, replyTo ?? from].every(({ address }) => oneAddress.test(address)))
      return { is: "broken", fault: "sender-refused", reason: "The sender's address is not one" };
    return await driver.send(mail);
  },
  close: () => driver.close(),
});

/**
 * Not `new URL`: it takes the / and # that providers put into passwords for the end of the host. User, password and key
 * are all that stands before the last @, as they are or percent-encoded.
 */
const mailUrl =
  /^(smtps?|resend):\/\/(?:(.*)@)?(\[[0-9a-f:.]+\]|[a-z0-9._-]*)(?::(\d{1,5}))?\/?(?:\?([^@]*))?$/i;

function readMailUrl(url: string, timeouts: Timeouts): Mailer {
  const [, scheme = "", credentials, host = "", port, query] = mailUrl.exec(url) ?? [];
  const kind = scheme.toLowerCase();
  const options = new URLSearchParams(query);
  const allowed = { smtp: "tls", resend: "endpoint" }[kind];
  if (!kind || (kind !== "resend" && !host))
    refuse("must be smtp://user:password@host:587, smtps://user:password@host:465 or resend://key@");
  if ([...options.keys()].some((name) => name !== allowed))
    refuse(`takes ${allowed ?? "nothing"} after the ? and no more`);
  if (kind === "resend") {
    const endpoint = options.get("endpoint") ?? "https://api.resend.com";
    if (!credentials) return refuse("has no key before the @");
    if (!/^https?:$/.test(URL.parse(endpoint)?.protocol ?? "")) refuse("has an endpoint that is no address");
    return resendMailer({ key: decoded(credentials), endpoint });
  }
  const [, user, password] = /^([^:]+):(.+)$/.exec(credentials ?? "") ?? [];
  if (credentials && !password) refuse("has no user:password before the @");
  const tls = options.get("tls");
  if (tls !== null && tls !== "none") refuse("knows tls=none and no other tls");
  if (tls !== null && !isNear(host))
    refuse("takes tls=none only for a server of this machine or network, since passwords travel as they are");
  return new SmtpMailer(
    {
      host,
      port: port ? Number(port) : kind === "smtps" ? 465 : 587,
      tls: kind === "smtps" ? "at once" : (tls ?? "starttls"),
      login: user && password ? { user: decoded(user), password: decoded(password) } : null,
    },
    timeouts,
  );
}

function refuse(what: string): never {
  throw new Error(`MAIL_URL ${what}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse("has a % that begins no encoded character: write %25 for it");
  }
}

/** Loopback, private networks, and names that no public server has. */
const isNear = (host: string): boolean =>
  /^(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\.[\d.]+$|^\[(::1|f[cd][0-9a-f:]+)\]$/i.test(host) ||
  /^[a-z0-9_-]+$|\.(local|localhost|internal|lan|home\.arpa|test)$/i.test(host);
