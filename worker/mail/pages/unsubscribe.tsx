import type { Context, Hono } from "hono";
import type { App } from "../../environment.ts";
import { wantedLocales } from "../../html/accept-language.ts";
import { Notice } from "../../html/notice.tsx";
import { Page, sendPage } from "../../html/page.tsx";
import { drain } from "../../http/body.ts";
import { openEndpoint } from "../../http/endpoint.ts";
import { limitAddress } from "../../http/limits.ts";
import { orNotFound } from "../../http/problem.ts";
import { readUnsubscribe } from "../../invitations/codes.ts";
import { findInvitation, type InvitationRow } from "../../invitations/db/invitations.ts";
import { problemsAsPages } from "../../links/pages/problem-page.tsx";
import { secretsOf } from "../../secrets/secrets.ts";
import { textsIn } from "../../surveys/languages.ts";
import { applyMailEvent } from "../db/mails.ts";

const path = "/u/:link";
const refused = { 404: { description: "Not a link of ours", page: true } } as const;

/**
 * The page that unsubscribes an address. A GET only asks, since scanners follow this link like any other. A POST does
 * it, from the page's button or from the mail program's own (RFC 8058).
 */
export function unsubscribePage(app: Hono<App>): void {
  app.use("/u/*", problemsAsPages);

  openEndpoint(
    app,
    {
      method: "get",
      path,
      summary: "The page that asks whether surveys by mail shall end. Opening it changes nothing",
      answers: { 200: { description: "The question, with a button", page: true }, ...refused },
    },
    async (c) => {
      const { texts, locale } = await wordsFor(c, await opened(c));
      return sendPage(
        <Page title={texts.unsubscribe} locale={locale} direction={texts.direction} styles={["survey"]}>
          <body>
            <main class="card">
              <form method="post">
                <h1>{texts.unsubscribeAsk}</h1>
                <button type="submit">{texts.unsubscribe}</button>
              </form>
            </main>
          </body>
        </Page>,
      );
    },
  );

  openEndpoint(
    app,
    {
      method: "post",
      path,
      summary: "End the mails to the address of a mail: one click, as RFC 8058 has it",
      answers: { 200: { description: "They have ended", page: true }, ...refused },
    },
    async (c) => {
      await drain(c.req.raw);
      const invitation = await opened(c);
      // Suppresses the address, whichever of the two mails had the link.
      await applyMailEvent(
        c.var.db,
        {
          invitation: invitation.id,
          reminder: 0,
          state: "unsubscribed",
          reason: null,
          suppress: "unsubscribed",
        },
        c.var.now,
      );
      const { texts, locale } = await wordsFor(c, invitation);
      return sendPage(
        <Notice locale={locale} direction={texts.direction} sentence={texts.unsubscribed} thanks={{}} />,
      );
    },
  );
}

async function opened(c: Context<App>): Promise<InvitationRow> {
  await limitAddress(c);
  const id = await readUnsubscribe(secretsOf(c.env), c.req.param("link") ?? "");
  return orNotFound(id === null ? null : await findInvitation(c.var.db, id, c.var.now));
}

const wordsFor = (c: Context<App>, { locale }: InvitationRow) =>
  textsIn(c.env.ASSETS, [...(locale ? [locale] : []), ...wantedLocales(c.req.header("accept-language"))]);
