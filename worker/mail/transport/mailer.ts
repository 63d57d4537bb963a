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
  /** The URL at which one POST unsubscribes this person (RFC 8058); null: there is nothing to unsubscribe from. */
  unsubscribe: string | null;
  /** Unix ms. */
  date: number;
}

/** What may be wrong with the settings, and how to repair it. */
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

/** What became of a mail. `reason`: what the other side said, in one line. */
export type Outcome =
  | { is: "sent" }
  /** This recipient will never be accepted. */
  | { is: "refused"; reason: string }
  /** Nothing was taken. `everybody`: the next mail would fail too. `afterMs`: the delay asked for; null: none. */
  | { is: "later"; reason: string; afterMs: number | null; everybody: boolean }
  /** Nothing can be sent until the settings are right. */
  | { is: "broken"; fault: Fault; reason: string }
  /** All was handed over, but acceptance was not confirmed. `everybody`: the next mail would fare alike. */
  | { is: "in-doubt"; reason: string; everybody?: true };

/** One way to send, for one sender at a time. */
export interface Mailer {
  /** Does not throw for anything that the other side does. */
  send(mail: Mail): Promise<Outcome>;
  close(): Promise<void>;
}

/** A text for a header. Line ends and other control characters, which could begin another header, become spaces. */
export const oneLine = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .toWellFormed();

/** What a server said, as one short line. */
export const reasonOf = (said: string): string => oneLine(said).slice(0, 200).toWellFormed();
