import type { Hono } from "hono";
import { html } from "hono/html";
import type * as z from "zod";
import {
  MailEvent,
  MailEventResult,
  MailStatus,
  MailTest,
  MailTestInput,
} from "../../../shared/contract/mail/mail.ts";
import type { App } from "../../environment.ts";
import { parseJson, readText } from "../../http/body.ts";
import { endpoint, openEndpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { limitAddress } from "../../http/limits.ts";
import { orNotFound, Problem } from "../../http/problem.ts";
import { valid } from "../../http/validation.ts";
import { isWebhookSigned } from "../../secrets/secrets.ts";
import { findWorkspace } from "../../workspaces/db/workspaces.ts";
import { readMailer, writeMailer } from "../db/mailer.ts";
import { applyMailEvent, countInDoubt } from "../db/mails.ts";
import { parseMailEvent } from "../events.ts";
import { requireSender } from "../recipients.ts";
import { faultText, mailStatus } from "../status.ts";
import { openMailer } from "../transport/open.ts";

const eventBody = 65_536;

export function mailRoutes(app: Hono<App>): void {
  endpoint(
    app,
    {
      method: "get",
      path: "/v1/mail",
      access: "read",
      summary: "Whether mails go out now, what is missing or wrong, and what DNS should say",
      answers: { 200: { description: "How sending is", schema: MailStatus } },
    },
    async ({ c, caller }) => {
      const { db, now } = c.var;
      const workspace = orNotFound(await findWorkspace(db, caller.workspace));
      const inDoubt = await countInDoubt(db, caller.workspace);
      return json(c, mailStatus(c.env, workspace, await readMailer(db), inDoubt, now));
    },
  );

  endpoint(
    app,
    {
      method: "post",
      path: "/v1/mail/test",
      access: "write",
      summary: "Send a test to yourself now, and hear what the provider says",
      body: MailTestInput,
      answers: { 200: { description: "What became of it", schema: MailTest } },
    },
    async ({ c, caller, body: { to } }) => {
      const sender = await requireSender(c, caller);
      const mailer = openMailer(c.env);
      if (!mailer) throw new Problem("conflict", { detail: "This deployment sends no mail" });
      const words = `This is a test. Candor sends its surveys as ${sender.from.name} <${sender.from.address}>.`;
      const outcome = await mailer.send({
        id: `${crypto.randomUUID()}@${sender.from.address.split("@")[1]}`,
        from: sender.from,
        replyTo: null,
        to: { address: to, name: null },
        unsubscribe: null,
        date: c.var.now,
        subject: "A test of Candor",
        text: `${words}\n`,
        html: String(await html`<p>${words}</p>`),
      });
      await mailer.close();
      const sent = outcome.is === "sent";
      // After repaired settings, mails need not wait for the next try.
      if (sent) await writeMailer(c.var.db, { heldUntil: 0, failures: 0, fault: null, answer: null });
      return json(c, {
        sent,
        fault: outcome.is === "sent" ? null : explained(outcome),
        answer: outcome.is === "sent" ? null : outcome.reason,
      } satisfies z.input<typeof MailTest>);
    },
  );

  openEndpoint(
    app,
    {
      method: "post",
      path: "/v1/mail/events",
      summary:
        "What the mail provider tells of a mail: delivered, bounced, complained. Signed as Standard Webhooks has it, with MAIL_EVENTS_SECRET",
      answers: {
        200: { description: "Taken, or of no interest", schema: MailEventResult },
        401: { description: "The signature is missing, wrong or older than five minutes" },
      },
    },
    async (c) => {
      const text = await readText(c.req.raw, eventBody);
      await limitAddress(c);
      const header = (name: string) => c.req.header(`webhook-${name}`) ?? c.req.header(`svix-${name}`) ?? "";
      const signed = await isWebhookSigned(
        c.env.MAIL_EVENTS_SECRET ?? "",
        { id: header("id"), timestamp: header("timestamp"), signatures: header("signature") },
        text,
        c.var.now,
      );
      if (!signed)
        throw new Problem("unauthorized", { detail: "The signature is not one of MAIL_EVENTS_SECRET" });
      const news = parseMailEvent(valid(MailEvent, parseJson(text)));
      const taken = news !== null && (await applyMailEvent(c.var.db, news, c.var.now));
      return json(c, { taken } satisfies z.input<typeof MailEventResult>);
    },
  );
}

function explained(
  outcome: { is: "refused" | "later" | "in-doubt" } | { is: "broken"; fault: string },
): string {
  switch (outcome.is) {
    case "refused":
      return "The provider does not take mails to this address.";
    case "later":
      return "The provider asks to try again later.";
    case "in-doubt":
      return "The provider had the whole mail and never said whether it took it. Look into the mailbox.";
    case "broken":
      return faultText(outcome.fault) ?? outcome.fault;
  }
}
