import type { Context, Hono } from "hono";
import type { MailSettings } from "../../../shared/contract/mail/mail.ts";
import { LinkInput, LoginLinkInput, SignedIn } from "../../../shared/contract/members/sessions.ts";
import type { App } from "../../environment.ts";
import { memberEndpoint, openEndpoint } from "../../http/endpoint.ts";
import { json } from "../../http/json.ts";
import { Problem } from "../../http/problem.ts";
import { logError } from "../../log.ts";
import { hashKey } from "../../secrets/secrets.ts";
import { findMemberByAddress } from "../db/members.ts";
import { insertLink, proveAddress } from "../db/one-time-links.ts";
import { deviceOf } from "../device.ts";
import { newLink, urlOf } from "../links.ts";
import { linkSender, mailLink } from "../mails.ts";
import { requireSameOrigin } from "../origin.ts";
import { requireFresh } from "../session.ts";
import { limitTries } from "../tries.ts";
import { signedInJson } from "./session.ts";

const asked = { 202: { description: "If it may be, a mail is on its way" } };

/** Throws a 409 where no mail could be sent to anybody, which tells nothing about anybody. */
async function requireSender(c: Context<App>): Promise<MailSettings> {
  const sender = await linkSender(c);
  if (!sender)
    throw new Problem("conflict", {
      detail:
        "No links are mailed here, since the first workspace has no sender: use a passkey, or ask whoever runs this for a link",
    });
  return sender;
}

async function mailSignIn(c: Context<App>, sender: MailSettings, email: string): Promise<void> {
  const { db, now } = c.var;
  const member = await findMemberByAddress(db, email);
  if (!member) return;
  const device = deviceOf(c.req.header("user-agent") ?? "");
  const given = { memberRef: member.ref, address: email, mailed: true, device };
  const { link, path } = await newLink("login", given, now);
  if (!(await insertLink(db, link))) return;
  const { host } = new URL(c.req.url);
  await mailLink(c, sender, email, {
    subject: `Sign in to Candor at ${host}`,
    says: `Somebody, on ${device}, asked for this link to sign in as ${member.name}. It works once, for 15 minutes, in the browser in which you open it. If it was not you, do nothing.`,
    url: urlOf(c, path),
  });
}

/** Tells whoever reads an address that it signs in no more: it may have been replaced by somebody else. */
async function tellFormer(c: Context<App>, address: string): Promise<void> {
  const sender = await linkSender(c);
  if (!sender) return;
  const { host } = new URL(c.req.url);
  await mailLink(c, sender, address, {
    subject: `Your address for Candor at ${host} was replaced`,
    says: "Links to sign in go to another address from now on. If it was not you, sign in by passkey and end all other sessions, or ask an owner or whoever runs this for help.",
    url: urlOf(c, "/app/login"),
  });
}

export function addressRoutes(app: Hono<App>): void {
  openEndpoint(
    app,
    {
      method: "post",
      path: "/v1/login-links",
      summary: "Ask for a mail with a link to sign in. Whether somebody has the address is not told",
      body: LoginLinkInput,
      answers: asked,
    },
    async (c, _, { email }) => {
      requireSameOrigin(c);
      await limitTries(c);
      const sender = await requireSender(c);
      // After the answer, so that it takes as long for an address that nobody has. Only the log hears of what goes wrong.
      const mailing = mailSignIn(c, sender, email);
      c.executionCtx.waitUntil(mailing.catch((error) => logError({ request_id: c.var.requestId }, error)));
      return c.body(null, 202);
    },
  );

  memberEndpoint(
    app,
    {
      method: "post",
      path: "/v1/session/email",
      summary:
        "Ask for a mail that proves an address to be one's own: to sign in by it, and in place of the one before; within 15 minutes of signing in",
      body: LoginLinkInput,
      answers: asked,
    },
    async ({ c, member, body: { email } }) => {
      requireFresh(c, member);
      const sender = await requireSender(c);
      const given = { memberRef: member.ref, address: email, mailed: true, madeBy: member.id };
      const { link, path } = await newLink("address", given, c.var.now);
      if (!(await insertLink(c.var.db, link))) throw new Problem("rate-limited");
      const { host } = new URL(c.req.url);
      await mailLink(c, sender, email, {
        subject: `Confirm your address for Candor at ${host}`,
        says: "Open this link in the browser in which you are signed in, to sign in by mail from now on. It works once, for 15 minutes. If it was not you, do nothing.",
        url: urlOf(c, path),
      });
      return c.body(null, 202);
    },
  );

  memberEndpoint(
    app,
    {
      method: "post",
      path: "/v1/session/email/confirmation",
      summary: "Confirm an address by the link that was mailed to it",
      body: LinkInput,
      answers: { 200: { description: "The member, with the address", schema: SignedIn } },
    },
    async ({ c, member, body: { token } }) => {
      // In the session that asked, and in no other: a link that a stranger asked for, and somebody confirms whose mail it
      // came by, would make the stranger's account answer to that person's address.
      const proven = await proveAddress(c.var.db, await hashKey(token), member.ref, c.var.now);
      if (!proven)
        throw Problem.field("/token", "is not a link that works here, or the address is another member's");
      if (proven.former !== null) {
        const telling = tellFormer(c, proven.former);
        c.executionCtx.waitUntil(telling.catch((error) => logError({ request_id: c.var.requestId }, error)));
      }
      return json(c, await signedInJson(c, member));
    },
  );
}
