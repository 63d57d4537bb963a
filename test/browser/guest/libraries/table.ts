import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "playwright-core";

/** A real library, as pages embed it. */
export interface Library {
  /** Its files. */
  files: readonly string[];
  /** How the page uses it before Candor's snippet, and the markup that it needs. */
  head?: string;
  body?: string;
  /** What a visitor does with the library between two surveys. */
  use?: (page: Page) => Promise<unknown>;
}

const npm = (path: string) => `/node_modules/${path}`;
const own = (name: string) => `/test/browser/guest/libraries/${name}.js`;
const whenLoaded = (script: string) =>
  `<script>addEventListener("DOMContentLoaded", () => { ${script} });</script>`;
const field = "<label>Code <input></label>";

/** Opens something that traps the focus over the page, unless another such thing is open. */
const opens = (script: string) => async (page: Page) => {
  const focused = page.locator("input:focus");
  if ((await focused.count()) > 0) return;
  await page.evaluate(script);
  await page.getByLabel("Code").last().focus();
  if ((await page.locator("candor-survey").count()) > 0) await noticed(page);
};

/** Waits until the widget has loaded reach.js. It looks for obstacles twice a second; only a test answers a survey faster. */
async function noticed(page: Page): Promise<void> {
  for (;;) {
    const fetched = (await page.requests()).find((request) => request.url().endsWith("/reach.js"));
    if (await fetched?.response()) return;
    await pause(50);
  }
}

/** Goes to the next page by replacing this page's body, without a navigation of the browser. */
export const goOn = async (page: Page) => {
  const next = page.locator("#next");
  const to = await next.getAttribute("href");
  await next.click();
  await page.getByRole("heading", { name: `/${to}` }).waitFor();
};

export const LIBRARIES: Readonly<Record<string, Library>> = {
  "Prototype.js": { files: [own("prototype")] },
  "MooTools 1.4.5": {
    files: [npm("mootools/lib/mootools-core-1.4.5-server.js"), own("mootools")],
    head: whenLoaded('$$("h1").each((heading) => heading.addEvent("click", () => {}));'),
  },
  datejs: { files: [own("datejs")] },
  "jQuery 1": {
    files: [npm("jquery/dist/jquery.min.js")],
    head: whenLoaded('jQuery(document).on("click keydown focusin", "*", () => true); jQuery.noConflict();'),
  },
  "Turbo 8": { files: [npm("@hotwired/turbo/dist/turbo.es2017-umd.js")], use: goOn },
  htmx: {
    files: [npm("htmx.org/dist/htmx.min.js")],
    body: '<script>document.body.setAttribute("hx-boost", "true");</script>',
    use: goOn,
  },
  Alpine: {
    files: [npm("alpinejs/dist/cdn.min.js")],
    body: `<div x-data="{ keys: 0, open: false }" @keydown.window="keys++" @click.outside="open = true">
      <span x-text="keys"></span><template x-if="open"><p x-transition>Open</p></template></div>`,
  },
  "zone.js": {
    files: [npm("zone.js/bundles/zone.umd.min.js")],
    head: '<script>Zone.current.fork({ name: "app" }).run(() => setInterval(() => {}, 50));</script>',
  },
  // The libraries that open something come last: two open at once would each take the focus from the other.
  "Bootstrap 5": {
    files: [npm("bootstrap/dist/js/bootstrap.bundle.min.js")],
    head: `<link rel="stylesheet" href="${npm("bootstrap/dist/css/bootstrap.min.css")}">`,
    body: `<div class="modal" id="modal" tabindex="-1"><div class="modal-dialog"><div class="modal-content">${field}</div></div></div>`,
    use: opens("new bootstrap.Modal('#modal').show()"),
  },
  "focus-trap": {
    files: [npm("tabbable/dist/index.umd.min.js"), npm("focus-trap/dist/focus-trap.umd.min.js")],
    body: `<div id="trap" role="dialog" aria-modal="true" aria-label="Voucher">${field}</div>`,
    use: opens("focusTrap.createFocusTrap('#trap', { allowOutsideClick: true }).activate()"),
  },
};

/** Head and body of a page with all of these libraries. */
export const pageWith = (libraries: readonly Library[]) => ({
  head: libraries
    .map(({ files, head = "" }) => files.map((file) => `<script src="${file}"></script>`).join("") + head)
    .join("\n"),
  body: libraries.map(({ body = "" }) => body).join("\n"),
});
