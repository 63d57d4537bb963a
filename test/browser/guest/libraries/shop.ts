import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { type Server, startServer } from "../../../harness.ts";
import { watchErrors } from "../../errors.ts";
import { leave, serve } from "../../site.ts";

/** A page of a shop, as its owner wrote it. */
interface ShopPage {
  /** HTML before Candor's snippet. */
  head?: string;
  body?: string;
  /** The touchpoint that is asked automatically; default: the popover and the tab. */
  touchpoint?: string;
  /** Whether Candor's snippet is left out. */
  bare?: boolean;
}

/** A shop on another origin than Candor, whose survey is shown as a popover, in the page and from a tab. */
export interface Shop {
  /** Opens such a page as a new visitor. */
  visit(page: ShopPage, before?: (page: Page) => Promise<unknown>): Promise<{ page: Page; errors: string[] }>;
  /** Reuses an open page, after browser and Candor have forgotten everything. */
  visitAgain(page: Page, shown: ShopPage): Promise<void>;
  /** The responses that Candor has stored, as the API lists them. */
  responses(): Promise<Answered[]>;
  /** The responses that the browser keeps for a retry. */
  kept(page: Page): Promise<Answered[]>;
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/** The respondent's answers, with the page's properties. */
export interface Answered {
  id: string;
  touchpoint: string;
  rating: number;
  comment: string | null;
  answers: Record<string, unknown>;
  properties: Record<string, unknown>;
}

/** Values that old libraries quote twice, cut in half or take for markup. */
export const properties = {
  plan: `Größe „L“ 😀`,
  note: `it's "so" \\ <b>`,
  seats: 3,
  trial: false,
};

const survey = {
  name: "Libraries",
  kind: "nps",
  subject: "Demo shop",
  texts: { en: { question: "On {plan|nothing}, how likely are you to recommend {seats}?" } },
  steps: [
    {
      id: "reason",
      kind: "choices",
      when: [{ bucket: ["detractor"] }],
      texts: { en: { question: "What should be better?" } },
      choices: ["Delivery", "Prices", "Support"].map((en) => ({ id: en.toLowerCase(), texts: { en } })),
    },
    {
      id: "support",
      kind: "rating",
      when: [{ step: "reason", is: ["support"] }],
      texts: { en: { question: "How was our support?" } },
    },
    { id: "comment", kind: "text" },
  ],
};

/** A comment with everything that breaks when texts are concatenated by hand. */
export const commentOf = (touchpoint: string) =>
  `${touchpoint}: Größe „schön“ – ß 😀👩‍👩‍👧 it's "so" \\ <b> & ☃\n{name} undefined`;

async function prepare(candor: Server): Promise<void> {
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${candor.secretKey}`, "content-type": "application/json" };
    const made = await fetch(candor.url + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (made.status !== 201) throw new Error(await made.text());
    return made.json<{ id: string }>();
  };
  const { id } = await post("/v1/surveys", survey);
  const touchpoint = { survey: id, wait_days: 0 };
  await post("/v1/touchpoints", { ...touchpoint, name: "popover", automatic: true });
  await post("/v1/touchpoints", { ...touchpoint, name: "inline" });
  await post("/v1/touchpoints", { ...touchpoint, name: "later", rules: { trigger: [{ event: "ready" }] } });
  // The tab needs its own survey: only one float per survey is shown at a time.
  const { id: other } = await post("/v1/surveys", survey);
  await post("/v1/touchpoints", {
    survey: other,
    wait_days: 0,
    name: "tab",
    automatic: true,
    show: { as: "tab", at: "left" },
  });
}

/** Large enough that the inline survey lies beside the floating one. */
const viewport = { width: 1400, height: 1400 };

/** Starts the shop's site, and Candor. */
export async function openShop(browser: Browser): Promise<Shop> {
  const candor = await startServer({ onLog: () => undefined });
  await prepare(candor);
  const told = JSON.stringify(properties).replaceAll("'", "&#39;");
  const snippet = (touchpoint: string | undefined) =>
    `<script async src="${candor.url}/v1/widget.js" data-key="${candor.publishableKey}" data-properties='${told}'${touchpoint === undefined ? "" : ` data-touchpoint="${touchpoint}"`}></script>`;
  const htmlOf = ({ head = "", body = "", touchpoint, bare }: ShopPage, path: string) =>
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title>${head}
${bare ? "" : snippet(touchpoint)}
<body><h1>A shop, ${path}</h1><a id="next" href="${path === "/first" ? "next" : "last"}">The next page</a>${body}`;

  let shown: ShopPage = {};
  const site = await serve(async (incoming, outgoing) => {
    const { pathname } = new URL(incoming.url ?? "", "http://shop");
    const file = /^\/(node_modules|test\/browser\/guest\/libraries)\/[\w./@-]+\.(js|css)$/.exec(pathname);
    if (file) {
      const type = file[2] === "css" ? "text/css" : "text/javascript; charset=utf-8";
      return outgoing.setHeader("content-type", type).end(await readFile(pathname.slice(1)));
    }
    if (pathname === "/favicon.ico") return outgoing.writeHead(204).end();
    outgoing.setHeader("content-type", "text/html; charset=utf-8").end(htmlOf(shown, pathname));
  });
  const { origin } = site;

  const forget = () => candor.d1.prepare("DELETE FROM responses").run();
  return {
    visit: async (given, before) => {
      shown = given;
      const context = await browser.newContext({ reducedMotion: "reduce", viewport });
      const page = await context.newPage();
      const errors = watchErrors(page);
      await before?.(page);
      await page.goto(`${origin}/first`);
      return { page, errors };
    },
    visitAgain: async (page, given) => {
      shown = given;
      await leave(page, origin);
      await forget();
      await page.goto(`${origin}/first`);
    },
    responses: async () => {
      const headers = { authorization: `Bearer ${candor.secretKey}` };
      const answered = await fetch(`${candor.url}/v1/responses?limit=100`, { headers });
      const { data } = await answered.json<{ data: Answered[] }>();
      return data;
    },
    kept: async (page) => {
      // Read from outside the page, whose own functions may be broken.
      const { origins } = await page.context().storageState();
      const stored = origins
        .flatMap(({ localStorage }) => localStorage)
        .find(({ name }) => name === "candor");
      const { unsent = [] }: { unsent?: { message: Answered }[] } = JSON.parse(stored?.value ?? "{}");
      return unsent.map(({ message }) => message);
    },
    clear: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
      await forget();
    },
    stop: async () => {
      site.stop();
      await candor.stop();
    },
  };
}
