import type { Context, Hono } from "hono";
import { KINDS, ratingsOf } from "../../../shared/surveys/kinds.ts";
import { dayMs } from "../../../shared/time/durations.ts";
import type { App } from "../../environment.ts";
import { Brand } from "../../html/brand.tsx";
import { Page, sendPage } from "../../html/page.tsx";
import { openEndpoint } from "../../http/endpoint.ts";
import { Problem } from "../../http/problem.ts";
import { sealInvitation } from "../../invitations/codes.ts";
import { hashKey } from "../../secrets/secrets.ts";
import { type AskedSurvey, findAsked } from "../../surveys/db/asked.ts";
import { findKeyHolder, type KeyHolder } from "../../workspaces/db/keys.ts";
import { Scores, type ScoreTitle } from "./scores.tsx";
import { Shop } from "./shop.tsx";
import { Snippets } from "./snippets.tsx";

/** Where the demo shop asks, in the order of the page. */
const touchpoints = ["relationship", "checkout", "ticket-closed"] as const;
const mailed = "ticket-closed";
const linkMs = 90 * dayMs;

export function demoPage(app: Hono<App>): void {
  openEndpoint(
    app,
    {
      method: "get",
      path: "/demo",
      summary: "A page that embeds the surveys, beside their live scores; only where demo keys are set",
      answers: { 200: { description: "The page", page: true } },
    },
    async (c) => {
      const { DEMO_PUBLISHABLE_KEY: publishableKey, DEMO_READ_KEY: readKey } = c.env;
      const holder = publishableKey && (await findKeyHolder(c.var.db, await hashKey(publishableKey)));
      if (!publishableKey || !readKey || !holder) throw new Problem("not-found");
      const asked = await Promise.all(
        touchpoints.map((name) => findAsked(c.var.db, holder.workspaceRef, name, null)),
      );
      const titles = touchpoints.flatMap((touchpoint, index): ScoreTitle[] => {
        const title = KINDS[asked[index]?.survey.kind ?? ""]?.title;
        return title ? [{ touchpoint, title }] : [];
      });
      const mail = asked[touchpoints.indexOf(mailed)];
      const link = mail ? await newLink(c, holder, mail) : null;
      const { origin } = new URL(c.req.url);
      const page = (
        <Page title="Demo shop, with Candor" styles={["brand", "demo", "scores", "shop"]}>
          <body>
            <Brand
              links={{
                "Every way to ask": "/demo/popover",
                ...(c.env.DEMO_MAILBOX_URL && { Mailbox: "/demo/mailbox" }),
                Reference: "/docs",
              }}
            />
            <main>
              <div class="intro">
                <h1>Answer, and watch the score move</h1>
                <p>
                  Demo shop asks its customers with Candor. The surveys on this page are real: rate the shop
                  in the popover, on the page, or by the link in its mail. The scores come from the API and
                  count your answer at once.
                </p>
              </div>
              <div class="stage">
                <Scores titles={titles} readKey={readKey} />
                <Shop link={link} />
              </div>
              <Snippets
                origin={origin}
                publishableKey={publishableKey}
                readKey={readKey}
                link={link?.url ?? null}
              />
            </main>
            <script type="module" src="/assets/demo.js" />
            <script async src="/v1/widget.js" data-key={publishableKey} data-touchpoint="relationship" />
          </body>
        </Page>
      );
      return sendPage(page, { scripted: true });
    },
  );
}

/** A survey link as `POST /v1/links` makes it. It is not stored until it is answered. */
async function newLink(c: Context<App>, holder: KeyHolder, { survey }: AskedSurvey) {
  const token = await sealInvitation(c.env.CANDOR_SECRET, {
    workspace: holder.workspaceId,
    touchpoint: mailed,
    survey: survey.id,
    response: crypto.randomUUID(),
    expires: Math.floor((c.var.now + linkMs) / 1000),
    respondent: null,
    claimed: null,
    properties: null,
    locale: null,
    channel: "link",
  });
  const { origin } = new URL(c.req.url);
  return { url: `${origin}/s/${token}`, ratings: ratingsOf({ min: survey.scaleMin, max: survey.scaleMax }) };
}
