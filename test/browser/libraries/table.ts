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
const whenLoaded = (script: string) =>
  `<script>addEventListener("DOMContentLoaded", () => { ${script} });</script>`;

/** The next page takes the place of this one's body, without the browser going there. */
const goOn = async (page: Page) => {
  await page.locator("#next").click();
  await page.getByRole("heading", { name: "/next" }).waitFor();
};

export const LIBRARIES: Readonly<Record<string, Library>> = {
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
};

/** The head and the body of a page that has them all. */
export const pageWith = (libraries: readonly Library[]) => ({
  head: libraries
    .map(({ files, head = "" }) => files.map((file) => `<script src="${file}"></script>`).join("") + head)
    .join("\n"),
  body: libraries.map(({ body = "" }) => body).join("\n"),
});
