import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
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
import { api } from "../../test/server/mail/mailing.ts";
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

const keys = (page: Page, ...pressed: string[]) =>
  pressed.reduce((before, key) => before.then(() => page.keyboard.press(key)), settled(page));

const shots: Shot[] = [
  ...inFourLooks({ name: "home", path: "", prepare: settled }),
  ...inFourLooks({ name: "touchpoint", path: "/touchpoints/checkout", prepare: withBreakdown }),
  { name: "points-light", path: "/touchpoints/relationship", options: desktop, prepare: withBreakdown },
  {
    name: "rating-light",
    path: "/touchpoints/ticket-closed?interval=day",
    options: desktop,
    prepare: withBreakdown,
  },
  { name: "few-light", path: "/touchpoints/docs-article", options: desktop, prepare: withBreakdown },
  {
    name: "palette-light",
    path: "",
    options: desktop,
    prepare: (page) => keys(page, "ControlOrMeta+k").then(() => page.locator("dialog[open]").waitFor()),
  },
  {
    name: "keys-light",
    path: "",
    options: desktop,
    prepare: (page) => keys(page, "?").then(() => page.locator("dialog[open]").waitFor()),
  },
  {
    name: "table-light",
    path: "/touchpoints/checkout",
    options: desktop,
    prepare: (page) => keys(page, "t"),
  },
  {
    name: "filter-light",
    path: "?channel=widget,link",
    options: desktop,
    prepare: (page) =>
      settled(page).then(() => page.getByRole("button", { name: "Filter", exact: true }).click()),
  },
  {
    name: "loading-light",
    path: "",
    options: desktop,
    prepare: (page) => page.locator(".cell .bone").first().waitFor(),
  },
  { name: "empty-light", path: "?from=2020-01-01&to=2020-02-01", options: desktop },
  {
    name: "offline-light",
    path: "",
    options: desktop,
    prepare: async (page) => {
      await settled(page);
      await page.context().setOffline(true);
      await page.locator(".strip").waitFor();
    },
  },
];

/** The set-up link of a workspace in which nobody has answered yet. */
async function newcomer(server: Server): Promise<string> {
  // A network has five tries a minute.
  await server.d1.exec("DELETE FROM sign_in_tries");
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
  // Somebody new: whoever joined by the link would have a new session, and the other pictures none.
  ...inFourLooks({ name: "steps", path: newcomer, prepare: enter }).map((shot) => ({
    ...shot,
    options: { ...shot.options, storageState: { cookies: [], origins: [] } },
  })),
  ...inFourLooks({ name: "gallery", path: "/surveys/new", prepare: templates }),
  ...inFourLooks({ name: "make", path: "/surveys/new", prepare: making }),
  ...inFourLooks({ name: "install", path: "/touchpoints/checkout/install", prepare: installed }),
);
for (const item of ["members", "audit", "account"])
  shots.push(
    ...inFourLooks({
      name: item,
      path: `/settings/${item}`,
      prepare: (page) => page.locator("[aria-busy]").first().waitFor({ state: "detached" }),
    }),
  );

const login = (server: Server) => `${server.url}/app/login`;
const setUp = (server: Server) => linkAt(server, "setup", { workspace: server.ref, role: "owner" });
shots.push(
  ...inFourLooks({ name: "login", path: login }),
  ...inFourLooks({ name: "setup", path: setUp, prepare: (page) => page.getByRole("textbox").waitFor() }),
);

await build();
await mkdir(folder, { recursive: true });
const server = await serveDashboard();
const browser = await openBrowser();
try {
  await fillWorkspace(server);
  await api(server, "POST", "/v1/keys", { name: "Website", kind: "publishable" });
  await signIn(server, "editor", "Ines Duarte");
  await signIn(server, "analyst", "Noor Haddad");
  const token = await signIn(server);
  for (const { name, path, options, prepare } of shots) {
    if (wanted.length > 0 && !wanted.some((one) => name.startsWith(one))) continue;
    const context = await browser.newContext({ ...signedIn(token), ...options });
    const page = await context.newPage();
    if (name.startsWith("loading")) await page.route("**/v1/**", () => undefined);
    await page.goto(typeof path === "string" ? viewAt(server, path) : await path(server));
    await page.locator("h1").waitFor();
    await prepare?.(page);
    await page.screenshot({
      path: join(folder, `${name}.png`),
      fullPage: !/palette|keys|filter|make/.test(name),
    });
    await context.close();
  }
  console.log(folder);
} finally {
  await browser.close();
  await server.stop();
}
