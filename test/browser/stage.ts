import { readFile } from "node:fs/promises";
import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { type Server, type ServerOptions, startServer } from "../harness.ts";
import { serve } from "./site.ts";

/** The state of the connection between page and Candor when a response is sent. */
type Road = "open" | "slow" | "crawling" | "down" | "failing" | "answering HTML";

interface Row {
  id: string;
  rating: number;
  comment: string | null;
  channel: string;
  touchpoint: string;
  locale: string;
  properties: Record<string, unknown>;
  respondent: string | null;
}

/** Candor, a site on another origin that embeds it, and its visitors' actions. */
export interface Stage {
  /** Opens examples/{name}.html as a new visitor, after `before` has run on the page. */
  visit(
    name: string,
    options?: BrowserContextOptions,
    before?: (page: Page) => Promise<unknown>,
  ): Promise<Page>;
  responses(): Promise<Row[]>;
  road: Road;
  /** Candor as it was first started. */
  candor: Server;
  /** Stops Candor, and starts it again behind the same origin once its absence has been noticed. */
  restart(noticed: () => Promise<unknown>): Promise<void>;
  /** Errors that the pages threw, reported or wrote to the console, without network errors. */
  errors: string[];
  /** The pages' requests from their first moment, as "GET http://…". */
  requests: string[];
  /** Candor's origin, as the page sees it. */
  origin: string;
  /** The page's own origin. */
  site: string;
  /** Public id of the touchpoint `checkout`, whose score is public. */
  publicId: string;
  secretKey: string;
  /** Prepares for the next test once the visitors have left: no responses, an open connection. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

const slowMs = 400;
/** Longer than the widget's patience. */
const crawlMs = 11_000;

/** Forwards a request to Candor. A request that its sender aborts during the latency never arrives. */
function forward(target: string, incoming: IncomingMessage, outgoing: ServerResponse): ClientRequest {
  const { method, headers } = incoming;
  const onward = request(target + incoming.url, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.on("error", () => outgoing.destroy());
    // An answer that nobody waits for any more is read too: unread, it would keep its connection.
    outgoing.on("close", () => answer.resume());
    answer.pipe(outgoing);
  });
  onward.on("error", () => outgoing.destroy());
  incoming.on("close", () => incoming.complete || onward.destroy());
  incoming.pipe(onward);
  return onward;
}

/** Starts everything, with no responses. */
export async function openStage(browser: Browser, options: ServerOptions = {}): Promise<Stage> {
  let candor = await startServer(options);
  const authorization = `Bearer ${candor.secretKey}`;
  const checkout = await fetch(`${candor.url}/v1/touchpoints/checkout`, { headers: { authorization } });
  const { id: publicId } = await checkout.json<{ id: string }>();
  const cors = { "access-control-allow-origin": "*", "content-type": "text/html" };

  /** Answers and impressions on their way to Candor: each until Candor has answered it, or the page has taken it back. */
  const underway = new Set<Promise<void>>();
  const bring = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const onward = forward(candor.url, incoming, outgoing);
    if (incoming.method !== "POST") return;
    const arrived = new Promise<void>((done) => {
      onward.once("response", () => done());
      onward.once("close", () => done());
    }).finally(() => underway.delete(arrived));
    underway.add(arrived);
  };

  const roadside = await serve((incoming, outgoing) => {
    if (incoming.method !== "POST" || stage.road === "open") return bring(incoming, outgoing);
    if (stage.road === "down") return incoming.socket.destroy();
    if (stage.road === "failing") return outgoing.writeHead(500, cors).end("<h1>Internal Server Error</h1>");
    if (stage.road === "answering HTML")
      return outgoing.writeHead(200, cors).end("<h1>Welcome to the hotel</h1>");
    const wait = stage.road === "slow" ? slowMs : crawlMs;
    setTimeout(() => incoming.socket.destroyed || bring(incoming, outgoing), wait);
  });
  // Another site than the page's, not only another origin.
  const origin = roadside.origin.replace("127.0.0.1", "localhost");

  const csp = `default-src 'none'; script-src ${origin}; connect-src ${origin}; require-trusted-types-for 'script'; trusted-types 'none'`;
  const pages = await serve(async (incoming, outgoing) => {
    const { pathname } = new URL(incoming.url ?? "", "http://site");
    const html = await readFile(`examples${pathname}`, "utf8").catch(() => "");
    outgoing.setHeader("content-type", "text/html; charset=utf-8");
    if (pathname === "/strict-csp.html") outgoing.setHeader("content-security-policy", csp);
    const given = { "%ORIGIN%": origin, "%KEY%": candor.publishableKey, "%TOUCHPOINT%": publicId };
    outgoing.end(Object.entries(given).reduce((text, [name, value]) => text.replaceAll(name, value), html));
  });

  const stage: Stage = {
    road: "open",
    candor,
    restart: async (noticed) => {
      await candor.stop();
      await noticed();
      candor = await startServer(options);
    },
    errors: [],
    requests: [],
    origin,
    site: pages.origin,
    publicId,
    secretKey: candor.secretKey,
    visit: async (name, options, before) => {
      const context = await browser.newContext(options);
      await context.exposeBinding("reportViolation", (_, text: string) => stage.errors.push(text));
      await context.addInitScript(() => {
        addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
          Object(window).reportViolation(`${violatedDirective} ${blockedURI}`),
        );
      });
      const page = await context.newPage();
      page.on("request", (sent) => stage.requests.push(`${sent.method()} ${sent.url()}`));
      page.on("pageerror", (error) => stage.errors.push(String(error)));
      page.on("console", (message) => {
        const network = message.text().startsWith("Failed to load resource");
        if (message.type() === "error" && !network && !message.text().includes("CORS policy"))
          stage.errors.push(message.text());
      });
      await before?.(page);
      await page.goto(`${pages.origin}/${name}.html`);
      return page;
    },
    responses: async () => {
      const answer = await fetch(`${candor.url}/v1/responses?limit=100`, {
        headers: { authorization },
      });
      const { data }: { data: Row[] } = await answer.json();
      return data;
    },
    clear: async () => {
      // What a test sent last and did not wait for is not the next one's.
      await Promise.all(underway);
      await candor.d1.prepare("DELETE FROM responses").run();
      stage.road = "open";
      stage.errors.length = stage.requests.length = 0;
    },
    stop: async () => {
      roadside.stop();
      pages.stop();
      await candor.stop();
    },
  };
  return stage;
}
