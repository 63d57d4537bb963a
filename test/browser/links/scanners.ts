import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import PostalMime from "postal-mime";
import type { Server } from "../../harness.ts";
import type { MailServer } from "../../mail-server.ts";
import { api, campaignOf, everyMinute } from "../../server/mail/mailing.ts";

/** How mail scanners and people treat the links of a mail, for the tests and `npm run bench -- scanners`. */

interface MailedLink {
  response: string;
  /** The address of each rating, lowest first. */
  urls: string[];
  /** Every address in the mail: the ratings' and the unsubscribe link's. */
  all: string[];
}

/** Sends a campaign by real mails and returns the links in those that arrived. At most 100. */
export async function mailedLinks(server: Server, mails: MailServer, count: number): Promise<MailedLink[]> {
  const before = mails.taken.length;
  const campaign = await campaignOf(server, { touchpoint: "relationship" });
  const recipients = Array.from({ length: count }, (_, n) => ({ email: `${campaign}-${n}@shop.example` }));
  await api(server, "POST", `/v1/campaigns/${campaign}/recipients`, { recipients });
  await api(server, "PATCH", `/v1/campaigns/${campaign}`, { state: "running" });
  await everyMinute(server);
  const { data } = await api(server, "GET", `/v1/invitations?campaign=${campaign}&limit=100`);
  const responses = new Map<string, string>(
    data.map(({ mail, response }: { mail: { email: string }; response: string }) => [mail.email, response]),
  );
  return await Promise.all(
    mails.taken.slice(before).map(async ({ to, raw }) => {
      const { html = "" } = await PostalMime.parse(raw);
      const all = [...html.matchAll(/href="([^"]+)"/g)].map(([, url = ""]) => url);
      return { response: responses.get(to) ?? "", urls: all.slice(0, 11), all };
    }),
  );
}

/** The rating by response, for the links that were answered. */
export async function answered(server: Server): Promise<Map<string, number>> {
  const { results } = await server.d1
    .prepare("SELECT id, rating FROM responses")
    .all<{ id: string; rating: number }>();
  return new Map(results.map(({ id, rating }) => [id, rating]));
}

/** Everything that is stored except unconfirmed clicks, which are kept apart. */
export async function visibleState(server: Server): Promise<string> {
  const { results } = await server.d1
    .prepare(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'
       AND name <> 'clicks' ORDER BY name`,
    )
    .all<{ name: string }>();
  const rows = results.map(({ name }) => server.d1.prepare(`SELECT * FROM "${name}"`).all());
  return JSON.stringify((await Promise.all(rows)).map(({ results: found }) => found));
}

/** Runs the tasks in order, `atOnce` at a time. */
async function inTurn<Task>(
  tasks: readonly Task[],
  atOnce: number,
  run: (task: Task, index: number) => Promise<void>,
) {
  const queue = [...tasks.entries()];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await run(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

const agents = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
  "BarracudaLinkProtect",
  "python-requests/2.32",
  "",
];

/**
 * Sends GET and HEAD for every link of a mail, forwards, backwards and mixed, all eleven ratings within a second, and
 * for every address in the pages.
 */
export async function fetchAll(links: readonly MailedLink[], times: number): Promise<number> {
  const orders: ((urls: string[]) => string[])[] = [
    (urls) => urls,
    (urls) => urls.toReversed(),
    // Mixed: every fifth of the twelve links, in a cycle.
    (urls) => urls.map((_, place) => urls[(place * 5) % urls.length] ?? ""),
  ];
  let fetched = 0;
  await inTurn(
    Array.from({ length: Math.ceil(times / 12) }, (_, n) => n),
    4,
    async (n) => {
      const { all } = links[n % links.length] ?? { all: [] };
      const mixed = (orders[n % orders.length] ?? orders[0])?.(all) ?? [];
      await Promise.all(
        mixed.map(async (url, index) => {
          const method = (n + index) % 3 === 0 ? "HEAD" : "GET";
          const answer = await fetch(url, {
            method,
            headers: { "user-agent": agents[n % agents.length] ?? "" },
          });
          const html = await answer.text();
          fetched += 1;
          // Every link of the page, the hidden one too; scripts and styles as a browser without JavaScript fetches them.
          if (index > 1) return;
          for (const [, to = ""] of html.matchAll(/(?:href|src)="([^"]+)"/g)) {
            await (await fetch(new URL(to.replaceAll("&amp;", "&"), url))).arrayBuffer();
            fetched += 1;
          }
        }),
      );
    },
  );
  return fetched;
}

/** A browser that opens a link, runs its scripts, waits, scrolls and clicks by script, and follows every link. */
export async function loadAll(
  browser: Browser,
  links: readonly MailedLink[],
  loads: number,
  waitMs: number,
): Promise<void> {
  await inTurn(
    Array.from({ length: loads }, (_, n) => n),
    20,
    async (n) => {
      const { all } = links[n % links.length] ?? { all: [] };
      // Each has its own context: a context's pages share one clock, which stops while one of them navigates.
      const context = await browser.newContext({ viewport: { width: 1200, height: 500 } });
      await context.clock.install();
      await context.addInitScript(() => {
        Object.defineProperty(document, "visibilityState", { get: () => "visible" });
        document.hasFocus = () => true;
      });
      const page = await context.newPage();
      await page.goto(all[n % 12] ?? "", { waitUntil: "load" });
      await page.clock.runFor(waitMs);
      await page.evaluate(() => {
        // Events from a script look like a person's, but the browser marks them as untrusted.
        scrollTo(0, document.body.scrollHeight);
        for (const type of [
          "pointermove",
          "pointerdown",
          "mousemove",
          "click",
          "keydown",
          "wheel",
          "touchstart",
        ])
          document.body.dispatchEvent(new Event(type, { bubbles: true }));
        window.dispatchEvent(new Event("focus"));
        document.querySelector<HTMLElement>("h1")?.click();
        document.querySelector<HTMLElement>("textarea")?.focus();
      });
      if (n % 4 === 0) {
        const hrefs = await page.evaluate(() => [...document.links].map(({ href }) => href));
        for (const href of hrefs) await page.goto(href);
      }
      await page.screenshot({ fullPage: true });
      await context.close();
    },
  );
}

export const gestures = ["move", "tap", "key", "wheel"] as const;
type Gesture = (typeof gestures)[number];

const options: Record<Gesture, BrowserContextOptions> = {
  move: {},
  tap: { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } },
  key: {},
  wheel: {},
};

/** One gesture of a person who has clicked and looks, outside any control. */
async function gesture(page: Page, how: Gesture): Promise<void> {
  if (how === "tap") await page.touchscreen.tap(200, 20);
  else if (how === "key") await page.keyboard.press("Tab");
  else if (how === "wheel") {
    await page.mouse.wheel(0, 60);
  } else {
    await page.mouse.move(300, 300);
    await page.mouse.move(310, 305);
  }
}

/** People click a rating in a mail and then make one gesture. Returns how many were counted with that rating. */
export async function peopleAnswer(
  browser: Browser,
  server: Server,
  links: readonly MailedLink[],
): Promise<number> {
  const contexts = await Promise.all(gestures.map((how) => browser.newContext(options[how])));
  await inTurn(links, 4, async ({ urls }, n) => {
    const how = gestures[n % gestures.length] ?? "move";
    const page = (await contexts[n % gestures.length]?.newPage()) as Page;
    await page.goto(urls[n % 11] ?? "");
    const saved = page.waitForResponse((answer) => answer.request().method() === "POST");
    await gesture(page, how);
    await (await saved).finished();
    await page.close();
  });
  await Promise.all(contexts.map((context) => context.close()));
  const ratings = await answered(server);
  return links.filter(({ response }, n) => ratings.get(response) === n % 11).length;
}
