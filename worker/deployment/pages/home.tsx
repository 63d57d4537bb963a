import type { Context, Hono } from "hono";
import type { App } from "../../environment.ts";
import { Page, sendPage } from "../../html/page.tsx";
import { openEndpoint } from "../../http/endpoint.ts";

/** The deployment's own page, for whoever is not signed in. */
export function homePage(app: Hono<App>, isSignedIn: (c: Context<App>) => Promise<boolean>): void {
  openEndpoint(
    app,
    {
      method: "get",
      path: "/",
      summary: "What this is, and where to go",
      answers: {
        200: { description: "The page", page: true },
        302: { description: "To the dashboard, for whoever is signed in" },
      },
    },
    async (c) => {
      if (await isSignedIn(c)) return c.redirect("/app");
      const hasDemo = Boolean(c.env.DEMO_PUBLISHABLE_KEY && c.env.DEMO_READ_KEY);
      return sendPage(<Home hasDemo={hasDemo} />);
    },
  );
}

const Home = ({ hasDemo }: { hasDemo: boolean }) => (
  <Page title="Candor" styles={["home"]}>
    <body>
      <main>
        <img src="/assets/icon.svg" alt="" width="64" height="64" />
        <h1>Candor</h1>
        <p>Customer feedback that adds up: ask for a rating, save the response, read the score.</p>
        <ul>
          {hasDemo && (
            <li>
              <a href="/demo">Demo</a>
            </li>
          )}
          <li>
            <a href="/app">Dashboard</a>
          </li>
          <li>
            <a href="/docs">Reference</a>
          </li>
          <li>
            <a href="/health">Health</a>
          </li>
        </ul>
      </main>
    </body>
  </Page>
);
