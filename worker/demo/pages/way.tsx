import type { Hono } from "hono";
import { raw } from "hono/html";
import type { App } from "../../environment.ts";
import { Brand } from "../../html/brand.tsx";
import { Page, sendPage } from "../../html/page.tsx";
import { openEndpoint } from "../../http/endpoint.ts";
import { Problem } from "../../http/problem.ts";
import { WAYS } from "../ways.ts";

/** A page for each way to show a survey, with its snippet. */
export function wayPages(app: Hono<App>): void {
  openEndpoint(
    app,
    {
      method: "get",
      path: "/demo/:way",
      summary: "A page for each way to show a survey; only where demo keys are set",
      answers: { 200: { description: "The page", page: true } },
    },
    (c) => {
      const name = c.req.param("way") ?? "";
      const way = Object.hasOwn(WAYS, name) ? WAYS[name] : undefined;
      const { DEMO_PUBLISHABLE_KEY: key } = c.env;
      if (!key || !way) throw new Problem("not-found");
      const { origin } = new URL(c.req.url);
      const snippet = way.snippet.replaceAll("ORIGIN", origin).replaceAll("KEY", key);
      const { show, rules, survey } = way;
      const touchpoint = { ...(show && { show }), ...(rules && { rules }) };
      const page = (
        <Page title={`${way.title}, with Candor`} styles={["brand", "demo", "way"]}>
          <body>
            <Brand links={{ Demo: "/demo", Reference: "/docs" }} />
            <main>
              <nav aria-label="Ways to show a survey">
                {Object.entries(WAYS).map(([other, { title }]) => (
                  <a href={`/demo/${other}`} aria-current={other === name ? "page" : undefined}>
                    {title}
                  </a>
                ))}
              </nav>
              <h1>{way.title}</h1>
              <p>{way.sentence}</p>
              {/* The snippet itself, as somebody would paste it. */}
              <div class="pasted">{raw(snippet)}</div>
              <h2>The snippet</h2>
              <pre>
                <code>{snippet}</code>
              </pre>
              {Object.keys(touchpoint).length > 0 && <Setting what="touchpoint" value={touchpoint} />}
              {survey && <Setting what="survey" value={survey} />}
              <p class="filler" aria-hidden="true" />
            </main>
            <script src="/assets/ways.js" />
          </body>
        </Page>
      );
      return sendPage(page, { scripted: true });
    },
  );
}

const Setting = ({ what, value }: { what: string; value: object }) => (
  <>
    <h2>The {what}'s settings</h2>
    <pre>
      <code>{JSON.stringify(value, null, 2)}</code>
    </pre>
  </>
);
