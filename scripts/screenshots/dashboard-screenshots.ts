import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import type { Role } from "../../shared/contract/members/members.ts";
import { openBrowser } from "../../test/browser/browser.ts";
import {
  fillWorkspace,
  linkAt,
  scoresShown,
  serveDashboard,
  signedIn,
  signIn,
  viewAt,
} from "../../test/browser/dashboard/served.ts";
import type { Server } from "../../test/harness.ts";
import { startMailServer } from "../../test/mail-server.ts";
import { api, setSender } from "../../test/server/mail/mailing.ts";
import { Database } from "../../worker/db/database.ts";
import { build } from "../build/build.ts";
import { createDemoSurveys, createWorkspace } from "../demo/seed.ts";

/**
 * Takes pictures of the dashboard's views, to be laid beside the design's. The first argument is the folder; without it, a
 * temporary one. Further arguments choose pictures by their names.
 */
const [folder = await mkdtemp(join(tmpdir(), "candor-dashboard-")), ...wanted] = process.argv.slice(2);

const desktop = { viewport: { width: 1426, height: 1051 } };
const phone = { viewport: { width: 386, height: 836 }, isMobile: true, hasTouch: true };

interface Shot {
  name: string;
  /** Of a view of the workspace, or a whole address. */
  path: string | ((server: Server) => string | Promise<string>);
  options?: BrowserContextOptions;
  /** Before the address is opened: what is answered to it. */
  before?: (page: Page) => Promise<unknown>;
  /** Prepares the page for its picture. */
  prepare?: (page: Page) => Promise<unknown>;
}

const settled = async (page: Page) => {
  await scoresShown(page);
  await page.locator(".said li").first().waitFor();
};
const withBreakdown = async (page: Page) => {
  await settled(page);
  await page.locator(".forest tbody tr").first().waitFor();
};

/** Light, dark, a phone in the dark, and Arabic. */
const inFourLooks = ({ name, ...shot }: Shot): Shot[] => [
  { ...shot, name: `${name}-light`, options: desktop },
  { ...shot, name: `${name}-dark`, options: { ...desktop, colorScheme: "dark" } },
  { ...shot, name: `${name}-phone`, options: { ...phone, colorScheme: "dark" } },
  { ...shot, name: `${name}-arabic`, options: { ...desktop, locale: "ar" } },
];

/** Somebody new joins: with the session of the others they would not be asked who they are, and would end it. */
const byNobody = (shot: Shot): Shot[] =>
  inFourLooks(shot).map((look) => ({
    ...look,
    options: { ...look.options, storageState: { cookies: [], origins: [] } },
  }));

const keys = (page: Page, ...pressed: string[]) =>
  pressed.reduce((before, key) => before.then(() => page.keyboard.press(key)), settled(page));
const opened = (page: Page) => page.locator("dialog[open], .pop:popover-open").first().waitFor();
/** Opens a form of the bar that says what is shown. */
const popped = (page: Page, button: string) =>
  settled(page)
    .then(() => page.locator(button).click())
    .then(() => opened(page));

const shots: Shot[] = [
  ...inFourLooks({ name: "home", path: "", prepare: settled }),
  ...inFourLooks({ name: "touchpoint", path: "/touchpoints/checkout", prepare: withBreakdown }),
  ...inFourLooks({ name: "points", path: "/touchpoints/relationship", prepare: withBreakdown }),
  ...inFourLooks({
    name: "rating",
    path: "/touchpoints/ticket-closed?interval=day",
    prepare: withBreakdown,
  }),
  ...inFourLooks({ name: "few", path: "/touchpoints/docs-article", prepare: withBreakdown }),
  ...inFourLooks({ name: "table", path: "/touchpoints/checkout", prepare: (page) => keys(page, "t") }),
  ...inFourLooks({
    name: "palette",
    path: "",
    prepare: (page) => keys(page, "ControlOrMeta+k").then(() => opened(page)),
  }),
  ...inFourLooks({ name: "keys", path: "", prepare: (page) => keys(page, "?").then(() => opened(page)) }),
  ...inFourLooks({
    name: "filter",
    path: "?channel=widget,link",
    prepare: (page) => popped(page, ".scroll > button.pick"),
  }),
  ...inFourLooks({
    name: "range",
    path: "",
    prepare: (page) => popped(page, ".scroll .seg > [popovertarget]"),
  }),
  ...inFourLooks({
    name: "loading",
    path: "",
    before: (page) => page.route("**/v1/**", () => undefined),
    prepare: (page) => page.locator(".cell .bone").first().waitFor(),
  }),
  ...inFourLooks({
    name: "failed",
    path: "",
    before: (page) => page.route("**/v1/scores/stream*", (route) => route.fulfill({ status: 503 })),
    prepare: (page) => page.locator(".nothing").first().waitFor(),
  }),
  ...inFourLooks({
    name: "empty",
    path: "?from=2020-01-01&to=2020-02-01",
    prepare: (page) => page.locator(".score.none").first().waitFor(),
  }),
  ...inFourLooks({
    name: "offline",
    path: "",
    prepare: async (page) => {
      await settled(page);
      await page.context().setOffline(true);
      await page.locator(".strip").waitFor();
    },
  }),
  ...inFourLooks({
    name: "expired",
    path: "",
    prepare: async (page) => {
      await settled(page);
      await page.context().clearCookies();
      await page.keyboard.press("1");
      await opened(page);
    },
  }),
];

/** The set-up link of a workspace in which nobody has answered yet. */
async function newcomer(server: Server): Promise<string> {
  const db = new Database(server.d1);
  const { ref, secretKey } = await createWorkspace(db, "Northwind");
  await createDemoSurveys(db, ref);
  await api({ ...server, secretKey }, "POST", "/v1/keys", { name: "Website", kind: "publishable" });
  return linkAt(server, "setup", { workspace: ref, role: "owner" });
}

/** Becomes the owner, and opens home. */
async function enter(page: Page): Promise<void> {
  await page.getByRole("textbox").fill("Mara Keller");
  const entered = page.waitForResponse("**/v1/sessions");
  await page.locator("form [type=submit]").click();
  await entered;
  await page.goto(new URL("/app", page.url()).href);
  await page.locator(".checklist .snippet").waitFor();
}

const templates = (page: Page) => page.locator(".templates li").first().waitFor();
const making = (page: Page) =>
  templates(page)
    .then(() => page.locator(".templates button").nth(1).click())
    .then(() => page.locator("dialog[open]").waitFor());
const installed = (page: Page) => page.locator(".badges img").first().waitFor();

shots.push(
  ...byNobody({ name: "steps", path: newcomer, prepare: enter }),
  ...inFourLooks({ name: "gallery", path: "/surveys/new", prepare: templates }),
  ...inFourLooks({ name: "make", path: "/surveys/new", prepare: making }),
  ...inFourLooks({ name: "install", path: "/touchpoints/checkout/install", prepare: installed }),
);
shots.push(...inFourLooks({ name: "settings", path: "/settings" }));
for (const item of ["members", "audit", "account"])
  shots.push(
    ...inFourLooks({
      name: item,
      path: `/settings/${item}`,
      prepare: (page) => page.locator("[aria-busy]").first().waitFor({ state: "detached" }),
    }),
  );

const login = (server: Server) => `${server.url}/app/login`;
const joins = (purpose: "setup" | "invitation", role: Role) => (server: Server) =>
  linkAt(server, purpose, { workspace: server.ref, role });
const asksName = (page: Page) => page.getByRole("textbox").waitFor();
/** Mailed to a member whose address it is. */
const mailedLink = async (server: Server) => {
  // An address gets five an hour.
  await server.d1.exec("DELETE FROM one_time_links WHERE purpose = 'login'");
  const address = "mara@shop.example";
  const member = await server.d1
    .prepare("UPDATE members SET address = ?1 WHERE name = 'Mara Keller' RETURNING ref")
    .bind(address)
    .first<{ ref: number }>();
  const given = { address, mailed: true, device: "Firefox on Linux" };
  return linkAt(server, "login", { memberRef: member?.ref ?? 0, ...given });
};
const sent = async (page: Page) => {
  await page.locator("input[type=email]").fill("mara@shop.example");
  await page.keyboard.press("Enter");
  await page.locator(".match").waitFor();
};
shots.push(
  ...inFourLooks({ name: "login", path: login }),
  ...inFourLooks({ name: "login-sent", path: login, prepare: sent }),
  ...inFourLooks({
    name: "login-confirm",
    path: mailedLink,
    prepare: (page) => page.locator(".match").waitFor(),
  }),
  ...inFourLooks({ name: "login-dead", path: (server) => `${server.url}/app/join` }),
  ...byNobody({ name: "setup", path: joins("setup", "owner"), prepare: asksName }),
  ...byNobody({ name: "join", path: joins("invitation", "analyst"), prepare: asksName }),
  ...inFourLooks({ name: "foreign", path: (server) => `${server.url}/app/w/wsp_other` }),
);

/** On which pages the snippet of checkout stands, one of them not of the key's origins. */
async function showOnPages(server: Server): Promise<void> {
  const origins = ["https://shop.example", "https://checkout.shop.example"];
  await api(server, "POST", "/v1/keys", { name: "Website", kind: "publishable", origins });
  const insert = `INSERT INTO sightings SELECT ref, ?1, ?2, ?3 FROM touchpoints WHERE name = 'checkout'`;
  for (const [index, origin] of [...origins, "http://localhost:5173"].entries())
    await server.d1
      .prepare(insert)
      .bind(
        origin,
        Date.now() - (90 - index * 20) * 86_400_000,
        Date.now() - (1 + index * index * 90) * 60_000,
      )
      .run();
}

/** Somebody is invited, and somebody's role has changed. */
async function changeMembers(server: Server, session: string): Promise<void> {
  const send = async (method: string, path: string, body: object) => {
    const headers = {
      origin: server.url,
      cookie: `session=${session}`,
      "content-type": "application/json",
      "candor-workspace": server.id,
    };
    const answer = await fetch(server.url + path, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
  await send("POST", "/v1/members/invitations", { role: "analyst", email: "tom@shop.example" });
  const { data } = await api(server, "GET", "/v1/members");
  const noor = data.find(({ name }: { name: string }) => name === "Noor Haddad");
  await send("PATCH", `/v1/members/${noor.id}`, { role: "editor" });
}

await build();
await mkdir(folder, { recursive: true });
const mails = await startMailServer();
const server = await serveDashboard({ MAIL_URL: mails.url });
const browser = await openBrowser();
try {
  await setSender(server);
  await fillWorkspace(server);
  await showOnPages(server);
  await signIn(server, "editor", "Ines Duarte");
  await signIn(server, "analyst", "Noor Haddad");
  const token = await signIn(server);
  await changeMembers(server, token);
  for (const { name, path, options, before, prepare } of shots) {
    if (wanted.length > 0 && !wanted.some((one) => name.startsWith(one))) continue;
    const context = await browser.newContext({ ...signedIn(token), ...options });
    const page = await context.newPage();
    await before?.(page);
    // A network has five tries a minute.
    await server.d1.exec("DELETE FROM sign_in_tries");
    await page.goto(typeof path === "string" ? viewAt(server, path) : await path(server));
    await page.locator("h1").waitFor();
    await prepare?.(page);
    const whole = !/palette|keys|filter|range|make|expired/.test(name);
    // A phone's page is not whole before its window is: what is fixed stood in the middle, and the pointer was a mouse.
    if (whole && options?.isMobile) {
      const { height = 0 } = (await page.locator("body").boundingBox()) ?? {};
      await page.setViewportSize({ ...phone.viewport, height: Math.ceil(height) });
    }
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: whole && !options?.isMobile });
    await context.close();
  }
  console.log(folder);
} finally {
  await browser.close();
  await server.stop();
  await mails.stop();
}
