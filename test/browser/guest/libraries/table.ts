import { setTimeout as pause } from "node:timers/promises";
import type { Page } from "playwright-core";

/** A library of the world's, as pages have it. */
export interface Library {
  /** Its files. */
  files: readonly string[];
  /** What the page does with it, before Candor's snippet; and what of it stands in the page. */
  head?: string;
  body?: string;
  /** What a visitor does with it between two surveys. */
  use?: (page: Page) => Promise<unknown>;
}

const npm = (path: string) => `/node_modules/${path}`;
const own = (name: string) => `/test/browser/guest/libraries/${name}.js`;
const whenLoaded = (script: string) =>
  `<script>addEventListener("DOMContentLoaded", () => { ${script} });</script>`;
const field = "<label>Code <input></label>";

/** Something that keeps the focus within itself is opened over the page, unless another one is. */
const opens = (script: string) => async (page: Page) => {
  const focused = page.locator("input:focus");
  if ((await focused.count()) > 0) return;
  await page.evaluate(script);
  await page.getByLabel("Code").last().focus();
  if ((await page.locator("candor-survey").count()) > 0) await noticed(page);
};

/** The widget looks twice a second what has come to stand in its way. Nobody is done with a survey sooner, but a test. */
async function noticed(page: Page): Promise<void> {
  for (;;) {
    const fetched = (await page.requests()).find((request) => request.url().endsWith("/reach.js"));
    if (await fetched?.response()) return;
    await pause(50);
  }
}

/** The next page takes the place of this one's body, without the browser going there. */
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
  // What opens something over the page comes last: of two that are open at once each would take the focus from the other.
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

/** The head and the body of a page that has them all. */
export const pageWith = (libraries: readonly Library[]) => ({
  head: libraries
    .map(({ files, head = "" }) => files.map((file) => `<script src="${file}"></script>`).join("") + head)
    .join("\n"),
  body: libraries.map(({ body = "" }) => body).join("\n"),
});
