import type { Context, Hono } from "hono";
import * as z from "zod";
import { KINDS } from "../../../shared/surveys/kinds.ts";
import type { App, Caller } from "../../environment.ts";
import { Brand } from "../../html/brand.tsx";
import { Page, pageHeaders, sendPage } from "../../html/page.tsx";
import { readText } from "../../http/body.ts";
import { openEndpoint } from "../../http/endpoint.ts";
import { orNotFound, Problem } from "../../http/problem.ts";
import { findNewestCampaign } from "../../mail/db/campaigns.ts";
import { campaignJson } from "../../mail/routes/campaigns.ts";
import { hashKey } from "../../secrets/secrets.ts";
import { findAsked } from "../../surveys/db/asked.ts";
import { findKeyHolder } from "../../workspaces/db/keys.ts";
import { mailedTouchpoint, samplePeople, startCampaign } from "../demo-campaign.ts";
import { findMail, listMails, type WholeMail } from "../demo-mails.ts";
import { Inbox, Letter, mailboxPath, SendingForm, sandbox } from "./inbox.tsx";
import { Scores } from "./scores.tsx";

const mailPath = `${mailboxPath}/:mail{[0-9a-f-]{36}}`;
/** Bytes. */
const formLimit = 65_536;

const SendingInput = z.object({
  recipients: z.string().describe("A CSV whose first line names its columns: email, name …"),
});

const page = (description: string) => ({ description, page: true }) as const;

/** A mailbox to try Candor out: its mails go through a real SMTP server on the same machine, and no further. */
export function mailboxPages(app: Hono<App>): void {
  openEndpoint(
    app,
    {
      method: "get",
      path: mailboxPath,
      summary: "A mailbox of this machine, and a campaign to send to it; only where npm start set it up",
      answers: { 200: page("The mails, and the form that sends a campaign") },
    },
    async (c) => showMailbox(c, await demoOf(c), samplePeople(c.var.now), null),
  );

  openEndpoint(
    app,
    {
      method: "post",
      path: mailboxPath,
      summary: "Send a campaign to the mailbox of this machine",
      form: SendingInput,
      answers: {
        303: { description: "It runs; the mailbox" },
        422: page("The form again, and what is wrong"),
      },
    },
    async (c) => {
      // First of all: a browser whose body was not read shows a broken connection instead of the page.
      const text = await readText(c.req.raw, formLimit).catch(problemOf);
      const demo = await demoOf(c);
      if (text instanceof Problem) return showMailbox(c, demo, "", text);
      const csv = new URLSearchParams(text).get("recipients") ?? "";
      const wrong = await startCampaign(c, demo.caller, csv).catch(problemOf);
      return wrong ? showMailbox(c, demo, csv, wrong) : c.redirect(mailboxPath, 303);
    },
  );

  openEndpoint(
    app,
    {
      method: "get",
      path: mailPath,
      summary: "A mail of the mailbox of this machine",
      answers: { 200: page("The mail, beside the score that it asks for") },
    },
    async (c) => {
      const demo = await demoOf(c);
      const mail = await mailOf(c, demo);
      const view = (
        <Page title={mail.subject} styles={styles}>
          <body>
            <Brand links={{ Mailbox: mailboxPath, Demo: "/demo", Reference: "/docs" }} />
            <main>
              <div class="stage">
                <Letter {...mail} />
                <MailedScore kind={await mailedKind(c, demo)} readKey={demo.readKey} />
              </div>
            </main>
            <script type="module" src="/assets/demo.js" />
          </body>
        </Page>
      );
      return sendPage(view, { scripted: true, frames: true });
    },
  );

  openEndpoint(
    app,
    {
      method: "get",
      path: `${mailPath}/html`,
      summary: "A mail's own HTML, in which no script runs and nothing loads",
      answers: { 200: page("The mail's HTML") },
    },
    async (c) => {
      const { html } = await mailOf(c, await demoOf(c));
      const policy = `default-src 'none'; style-src 'unsafe-inline'; sandbox ${sandbox}; frame-ancestors 'self'`;
      const headers = { "content-security-policy": policy, "x-frame-options": "SAMEORIGIN" };
      return new Response(html, { headers: { ...pageHeaders(), ...headers } });
    },
  );
}

const styles = ["brand", "demo", "scores", "shop", "mailbox"];

/** Rethrows what is not a problem. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}

interface Demo {
  /** A caller as if the demo's workspace had called the API. */
  caller: Caller;
  readKey: string;
  mailboxUrl: string;
}

async function demoOf(c: Context<App>): Promise<Demo> {
  const { DEMO_PUBLISHABLE_KEY: key, DEMO_READ_KEY: readKey, DEMO_MAILBOX_URL: mailboxUrl } = c.env;
  const holder = key && (await findKeyHolder(c.var.db, await hashKey(key)));
  if (!holder || !readKey || !mailboxUrl) throw new Problem("not-found");
  const { workspaceRef: workspace, workspaceId, keyId } = holder;
  const named = { is: "key" as const, publishable: true, may: [], byHeader: false, decidedBy: [] };
  const isStillIn = async () => true;
  return { caller: { workspace, workspaceId, id: keyId, ...named, isStillIn }, readKey, mailboxUrl };
}

const mailOf = async (c: Context<App>, { mailboxUrl }: Demo): Promise<WholeMail> =>
  orNotFound(await findMail(mailboxUrl, c.req.param("mail") ?? ""));

const mailedKind = async (c: Context<App>, { caller }: Demo): Promise<string> =>
  (await findAsked(c.var.db, caller.workspace, mailedTouchpoint, null))?.survey.kind ?? "";

const MailedScore = ({ kind, readKey }: { kind: string; readKey: string }) => (
  <Scores titles={[{ touchpoint: mailedTouchpoint, title: KINDS[kind]?.title ?? "" }]} readKey={readKey} />
);

async function showMailbox(
  c: Context<App>,
  demo: Demo,
  csv: string,
  wrong: Problem | null,
): Promise<Response> {
  const newest = await findNewestCampaign(c.var.db, demo.caller.workspace);
  const campaign = newest && (await campaignJson(c, newest));
  const mails = await listMails(demo.mailboxUrl);
  const view = (
    <Page title="Local mailbox, with Candor" styles={styles}>
      <body>
        <Brand links={{ Demo: "/demo", Reference: "/docs" }} />
        <main>
          <div class="intro">
            <h1>Ask by mail, and watch the score move</h1>
            <p>
              Mails of this Candor go by SMTP to a mailbox on your machine, and no further: send a campaign,
              open a mail and click a rating.
            </p>
          </div>
          <div class="stage">
            <SendingForm csv={csv} wrong={wrong} />
            <MailedScore kind={await mailedKind(c, demo)} readKey={demo.readKey} />
            <Inbox mails={mails} campaign={campaign} />
          </div>
        </main>
        <script type="module" src="/assets/demo.js" />
        <script type="module" src="/assets/mailbox.js" />
      </body>
    </Page>
  );
  return sendPage(view, { status: wrong?.status ?? 200, scripted: true });
}
