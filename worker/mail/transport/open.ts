import type * as z from "zod";
import type { MailStatus } from "../../../shared/contract/mail/mail.ts";
import { bindingMailer } from "./binding.ts";
import { defaultTimeouts, type Timeouts } from "./connection.ts";
import type { Mailer } from "./mailer.ts";
import { resendMailer } from "./resend.ts";
import { SmtpMailer } from "./smtp.ts";

export interface MailBindings {
  MAIL_URL?: string;
  MAIL?: SendEmail;
}

type Driver = NonNullable<z.input<typeof MailStatus>["driver"]>;

/** null: no driver is configured. */
export function driverOf({ MAIL_URL: url, MAIL: binding }: MailBindings): Driver | null {
  if (url) return url.startsWith("resend:") ? "resend" : "smtp";
  return binding ? "binding" : null;
}

/** null: no driver is configured. Throws where MAIL_URL is invalid, without quoting it: it has a password. */
export function openMailer(
  { MAIL_URL: url, MAIL: binding }: MailBindings,
  timeouts: Timeouts = defaultTimeouts,
): Mailer | null {
  if (url) return guarded(readMailUrl(url.trim(), timeouts));
  return binding ? guarded(bindingMailer(binding)) : null;
}

/** Letters, digits and signs in which no server can see a second address, command or header. */
const oneAddress = /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9.-]+$/i;

/** Addresses are put into commands and headers unchanged, so no driver gets one that is more than an address. */
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
 * Not `new URL`: it takes a / or # in a password, as providers use them, for the end of the host. User, password and
 * key are everything before the last @, plain or percent-encoded.
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
