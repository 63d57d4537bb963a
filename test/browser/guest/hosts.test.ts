import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { server, setUpServer, visit } from "../fixture.ts";
import { type Site, serve } from "../site.ts";

/** Hostile pages on another origin: the survey is asked and answered, and the page sees no error. */

let site: Site;

interface Host {
  /** HTML before the snippet. */
  head?: string;
  /** HTML after the snippet. */
  tail?: string;
  snippet?: string;
  doctype?: string;
  csp?: string;
  /** The page is put into a frame of the site with these sandbox permissions. */
  frame?: string;
}

const snippet = (attributes = "") =>
  `<script async src="CANDOR/v1/widget.js" data-key="KEY" data-touchpoint="checkout"${attributes}></script>`;
const inlineScript = "document.title += ' ran';";
const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Like Prototype.js 1.6: every string and array has a toJSON. */
const prototypeJs = `<script>
  String.prototype.toJSON = function () { return JSON.stringify({ s: String(this) }).slice(5, -1); };
  Array.prototype.toJSON = function () { return "[" + this.map(function (each) { return JSON.stringify(each); }).join(", ") + "]"; };
  Array.prototype.each = function (f) { for (var i = 0; i < this.length; i++) f(this[i]); };
  Object.extend = function (to, from) { for (var name in from) to[name] = from[name]; return to; };
  window.$ = function (id) { return document.getElementById(id); };
</script>`;

const hosts: Record<string, Host> = {
  "a universal reset": {
    head: "<style>*, *::before, *::after { margin: 0; padding: 0; box-sizing: content-box; border: 0; font: inherit; } button { display: none } [popover] { display: none !important }</style>",
  },
  "* { all: unset !important }": { head: "<style>* { all: unset !important }</style>" },
  "overlays with the largest z-index": {
    head: '<div style="position:fixed;inset:0;z-index:2147483647;background:#fff8"></div><div style="position:fixed;inset:auto 0 0;height:120px;z-index:2147483647;background:#fc0">We use cookies</div>',
  },
  "a <base href> of elsewhere": { head: '<base href="https://elsewhere.example/deep/">' },
  "quirks mode": { doctype: "" },
  "patched Array.prototype, fetch, customElements and JSON": {
    head: `<script>
      Array.prototype.last = function () { return this[this.length - 1]; };
      Object.prototype.inherited = "everywhere";
      const real = window.fetch;
      window.fetch = function () { return real.apply(this, arguments).then((answer) => answer); };
      customElements.define = function () { throw new Error("no elements here"); };
      const write = JSON.stringify;
      JSON.stringify = function (value) { return write.call(JSON, value, null, 2); };
    </script>`,
  },
  "an old Prototype.js and jQuery": {
    head: `${prototypeJs}<script>window.jQuery = window.$ = function () { return { ready: function (f) { f(); } }; }; jQuery.noConflict = function () {};</script>`,
  },
  "document.write after it has loaded": {
    tail: "<script>const waits = setInterval(() => { if (!document.querySelector('candor-survey')) return; clearInterval(waits); document.write('<title>Written</title><p>Written</p>' + SNIPPET); document.close(); }, 50);</script>",
  },
  "an element whose id is candor": { head: '<form id="candor"><input type="hidden" name="q"></form>' },
  "the script twice": { tail: snippet() },
  "a frame in a sandbox": { frame: "allow-scripts" },
  "a policy for its origin alone": {
    csp: "default-src 'none'; script-src CANDOR; connect-src CANDOR; require-trusted-types-for 'script'; trusted-types 'none'",
  },
  "a policy with a nonce and strict-dynamic": {
    csp: "default-src 'none'; script-src 'nonce-r4nd0m' 'strict-dynamic'; connect-src CANDOR; base-uri 'none'; object-src 'none'",
    snippet: snippet(' nonce="r4nd0m"'),
  },
  "a policy with hashes": {
    csp: `default-src 'none'; script-src ${hashOf(inlineScript)} CANDOR; connect-src CANDOR; style-src 'none'`,
    tail: `<script>${inlineScript}</script>`,
  },
  "Trusted Types with a policy of its own": {
    csp: "script-src CANDOR 'unsafe-inline'; require-trusted-types-for 'script'; trusted-types own",
    tail: "<script>trustedTypes.createPolicy('own', { createHTML: (text) => text });</script>",
  },
};
const names = Object.keys(hosts);

setUpServer();
beforeAll(async () => {
  const put = (text: string) =>
    text.replaceAll("CANDOR", server.url).replaceAll("KEY", server.publishableKey);
  site = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://site");
    const host = hosts[names[Number(pathname.slice(1))] ?? ""];
    response.setHeader("content-type", "text/html; charset=utf-8");
    if (!host) return response.end("");
    const { head = "", tail = "", doctype = "<!doctype html>", csp, frame } = host;
    if (frame && !searchParams.has("framed"))
      return response.end(
        `<!doctype html><iframe sandbox="${frame}" src="${pathname}?framed" width="800" height="600"></iframe>`,
      );
    if (csp) response.setHeader("content-security-policy", put(csp));
    const quoted = JSON.stringify(snippet()).replaceAll("</script>", "<\\/script>");
    const body = head + (host.snippet ?? snippet()) + tail.replace("SNIPPET", quoted);
    response.end(put(`${doctype}<html lang="en"><title>A shop</title><h1>A shop</h1>${body}`));
  });
});
afterAll(() => site.stop());

const visitHost = (name: string) =>
  visit(`${site.origin}/${names.indexOf(name)}`, { reducedMotion: "no-preference" });

const saved = async (comment: string) => {
  const headers = { authorization: `Bearer ${server.secretKey}` };
  const answer = await fetch(`${server.url}/v1/responses?limit=100`, { headers });
  const { data }: { data: { comment: string | null; rating: number }[] } = await answer.json();
  return data.filter((row) => row.comment === comment).map(({ rating }) => rating);
};

test.each(names)(
  "on a page with %s the survey is asked and answered, and nothing is reported",
  async (name) => {
    const { page, errors } = await visitHost(name);
    // The page's later document.write comes first.
    if (name.startsWith("document.write")) {
      // It removes the survey that was seen, which is not asked again automatically.
      await page.getByText("Written").waitFor();
      await page.evaluate("candor('show', 'checkout')");
    }
    const where = hosts[name]?.frame ? page.frameLocator("iframe") : page;
    await where.getByRole("radio", { name: "4 of 5" }).click();
    await where.getByRole("textbox").fill(name);
    await where.getByRole("button", { name: "Send" }).click();
    await where.getByText("Thank you for your feedback.").waitFor();
    expect(await saved(name)).toEqual([4]);
    expect(errors).toEqual([]);
  },
);

test("a page that comes back from the browser's cache goes on, and a print has no survey on it", async () => {
  const { page, errors } = await visitHost("quirks mode");
  await page.getByRole("radio").first().waitFor();
  await page.goto(`${site.origin}/none`);
  await page.goBack();
  // The browser may restore the page or reload it. A reloaded page does not ask the same visitor again automatically.
  await page.waitForFunction("typeof candor === 'function' && candor.q === 0");
  await page.evaluate("candor('show', 'checkout')");
  await page.getByRole("radio", { name: "2 of 5" }).click();
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("Thank you for your feedback.").waitFor();
  await page.evaluate("candor('show', 'relationship')");
  await page.getByRole("radio").first().waitFor();
  await page.emulateMedia({ media: "print" });
  expect(await page.getByRole("radio").first().isVisible()).toBe(false);
  expect(errors).toEqual([]);
});

test("a cookie bar at the bottom of the window stays to be seen and pressed", async () => {
  const { page } = await visitHost("overlays with the largest z-index");
  const survey = page.locator("candor-survey section");
  await survey.waitFor();
  const box = await survey.boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(720 - 120);
});
