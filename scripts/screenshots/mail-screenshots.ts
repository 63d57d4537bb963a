import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { openBrowser } from "../../test/browser/browser.ts";
import { type Server, startServer } from "../../test/harness.ts";
import { api, setSender } from "../../test/server/mail/mailing.ts";
import { build } from "../build/build.ts";

/**
 * Takes pictures of the rows and of whole mails, to check a change by eye. The argument is the folder; without it, a
 * temporary one.
 */
const folder = process.argv[2] ?? (await mkdtemp(join(tmpdir(), "candor-mails-")));

/** A phone, the usual width of a mail, and the widest that the row may be. */
const widths = [320, 600, 700];

interface Look {
  colorScheme: "light" | "dark";
  /** The mail program's own background colour. */
  page: string;
  /** Whether the program recolours mails by itself, as Gmail and Outlook do on a dark phone. */
  recolours: boolean;
}

const looks: Record<string, Look> = {
  light: { colorScheme: "light", page: "#ffffff", recolours: false },
  dark: { colorScheme: "dark", page: "#121212", recolours: false },
  recoloured: { colorScheme: "dark", page: "#121212", recolours: true },
};

async function take(browser: Browser, name: string, html: string): Promise<void> {
  for (const width of widths) {
    for (const [look, { colorScheme, page: colour, recolours }] of Object.entries(looks)) {
      const viewport = { width, height: 800 };
      const context = await browser.newContext({ viewport, deviceScaleFactor: 2, colorScheme });
      const page = await context.newPage();
      const whole = html.startsWith("<!doctype");
      const around = `<body style="margin:0;padding:16px 8px;background-color:${colour}">${html}</body>`;
      await page.setContent(whole ? html : `<!doctype html><html lang="en">${around}</html>`);
      const body = await page.locator("body").boundingBox();
      await page.setViewportSize({ width, height: Math.ceil(body?.height ?? 0) });
      // Set last: a new document or viewport size resets it, and a full-page picture changes the size.
      const cdp = await context.newCDPSession(page);
      await cdp.send("Emulation.setAutoDarkModeOverride", { enabled: recolours });
      await page.screenshot({ path: join(folder, `${name}-${width}-${look}.png`) });
      await context.close();
    }
  }
}

/** The HTML row of the survey asked at a touchpoint. */
async function rowOf(server: Server, touchpoint: string, locale = "en"): Promise<string> {
  const { survey } = await api(server, "GET", `/v1/touchpoints/${touchpoint}`);
  const query = `touchpoint=${touchpoint}&locale=${locale}`;
  return (await api(server, "GET", `/v1/surveys/${survey}/email?${query}`)).html;
}

const texts = {
  en: {
    intro: "Hello {{first_name|there}},\n\nyour order arrived last week. We would like to know how it went.",
    outro: "One click is all it takes; you may add a word on the page that opens.",
    signature: "Kind regards\nKim of Demo shop",
  },
  ar: {
    intro: "مرحبًا {{first_name|بك}}،\n\nوصل طلبك الأسبوع الماضي، ونودّ أن نعرف رأيك.",
    outro: "نقرة واحدة تكفي، ويمكنك إضافة كلمة في الصفحة التي تُفتح.",
    signature: "مع أطيب التحيات\nفريق المتجر",
  },
};

/** A template's mail in a language. */
async function mailOf(server: Server, template: string, locale: string): Promise<string> {
  const query = `touchpoint=relationship&locale=${locale}`;
  return (await api(server, "GET", `/v1/templates/${template}/preview?${query}`)).html;
}

await build();
await mkdir(folder, { recursive: true });
// The server's request log would hide the one line that matters.
const server = await startServer({ onLog: () => {} });
const browser = await openBrowser();
try {
  await setSender(server);
  const { id } = await api(server, "POST", "/v1/templates", { name: "pictures", texts });
  await take(browser, "nps", await rowOf(server, "relationship"));
  await take(browser, "csat", await rowOf(server, "checkout"));
  await take(browser, "arabic", await rowOf(server, "relationship", "ar"));
  await take(browser, "mail", await mailOf(server, id, "en"));
  await take(browser, "mail-arabic", await mailOf(server, id, "ar"));
  console.log(folder);
} finally {
  await browser.close();
  await server.stop();
}
