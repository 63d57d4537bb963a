import type * as z from "zod";
import type { MailSettings, MailStatus } from "../../shared/contract/mail/mail.ts";
import { fromJson } from "../db/json.ts";
import type { Bindings } from "../environment.ts";
import type { WorkspaceRow } from "../workspaces/db/workspaces.ts";
import type { MailerRow } from "./db/mailer.ts";
import { FAULTS } from "./transport/mailer.ts";
import { driverOf, openMailer } from "./transport/open.ts";

/** What must be set before mails can be sent, in words. */
export const missingToSend = (env: Bindings, { mail }: WorkspaceRow): string[] => [
  ...(driverOf(env)
    ? urlProblem(env)
    : ["This deployment sends no mail: set MAIL_URL, or bind send_email as MAIL"]),
  ...(mail ? [] : ["The workspace has no sender: set mail by PATCH /v1/workspace"]),
];

/** What is wrong with MAIL_URL; []: nothing. */
function urlProblem(env: Bindings): string[] {
  try {
    openMailer(env);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** Mail services for people. Whoever sends from their domains through another server looks like a forger. */
const personalDomains =
  /^(gmail|googlemail|yahoo|outlook|hotmail|live|icloud|aol|gmx|web|proton|protonmail)\.[a-z.]+$/;

const providers: Record<string, string> = {
  smtp: "your provider's servers",
  resend: "Resend",
  binding: "Cloudflare Email Routing",
};

function hintsOn(env: Bindings, { from }: MailSettings): string[] {
  const domain = from.address.split("@")[1] ?? "";
  const provider = providers[driverOf(env) ?? "smtp"];
  if (personalDomains.test(domain))
    return [
      `${domain} is a service for people, whose DMARC policy lets nobody else send in its name: take an address of your own domain.`,
    ];
  return [
    `SPF: a TXT record of ${domain} begins with "v=spf1" and includes ${provider}. There may be one such record only.`,
    `DKIM: ${provider} signs for ${domain}; the keys stand in DNS under the names that the provider gives you, such as selector._domainkey.${domain}.`,
    `DMARC: a TXT record of _dmarc.${domain} begins with "v=DMARC1"; Gmail and Yahoo demand one of who sends to many. Begin with "p=none".`,
    "Send a test to a mailbox of yours, and look at its headers: Authentication-Results says spf=pass, dkim=pass and dmarc=pass.",
  ];
}

export function mailStatus(
  env: Bindings,
  workspace: WorkspaceRow,
  mailer: MailerRow,
  inDoubt: number,
  now: number,
): z.input<typeof MailStatus> {
  const missing = missingToSend(env, workspace);
  const isHeld = mailer.heldUntil > now;
  return {
    driver: driverOf(env),
    sends: missing.length === 0 && !isHeld,
    missing,
    held_until: isHeld ? new Date(mailer.heldUntil).toISOString() : null,
    fault: faultText(mailer.fault),
    answer: mailer.answer,
    in_doubt: inDoubt,
    hints: workspace.mail === null ? [] : hintsOn(env, fromJson(workspace.mail)),
  };
}

/** A fault in words; null: none, or one of another build. */
export const faultText = (fault: string | null): string | null =>
  Object.entries(FAULTS).find(([name]) => name === fault)?.[1] ?? null;
