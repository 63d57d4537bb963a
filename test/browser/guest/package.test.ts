import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build as buildApp } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildPackage } from "../../../scripts/build/build-package.ts";
import { server, setUpServer, visit } from "../fixture.ts";
import { type Site, serve } from "../site.ts";

/** The package as npm packs it, in apps that use nothing else of this project. */

const run = promisify(execFile);

let folder: string;
let site: Site;

setUpServer();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "candor-package-"));
  const built = await buildPackage(join(folder, "built"));
  const { stdout } = await run("npm", ["pack", built, "--pack-destination", folder, "--json"]);
  const [{ filename }]: [{ filename: string }] = JSON.parse(stdout);
  const installed = join(folder, "node_modules/candor-widget");
  await mkdir(installed, { recursive: true });
  await run("tar", ["-xzf", join(folder, filename), "-C", installed, "--strip-components=1"]);
  for (const name of ["react", "react-dom", "vue", "scheduler", "csstype", "@types", "@vue"])
    await symlink(resolve("node_modules", name), join(folder, "node_modules", name));
  await writeFile(join(folder, "package.json"), '{"type": "module"}');
  site = await serve(async (request, response) => {
    const path = new URL(request.url ?? "", "http://site").pathname;
    const file = await readFile(join(folder, path)).catch(() => null);
    const type = path.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8";
    response.writeHead(file ? 200 : 404, { "content-type": type }).end(file);
  });
});
afterAll(async () => {
  site.stop();
  await rm(folder, { recursive: true });
});

const options = () =>
  `{ origin: "${server.url}", key: "${server.publishableKey}", touchpoint: "relationship" }`;

/** A page's script for each framework. */
const apps: Record<string, () => string> = {
  plain: () => `
    import { candor, init } from "candor-widget";
    candor("on", "answered", ({ detail }) => { document.title = "answered " + detail.rating; });
    init(${options()});
    document.body.append(Object.assign(document.createElement("div"), { innerHTML: '<candor-survey touchpoint="checkout"></candor-survey>' }));`,
  React: () => `
    import { createElement as h, StrictMode } from "react";
    import { createRoot } from "react-dom/client";
    import { candor } from "candor-widget";
    import { Candor, CandorSurvey } from "candor-widget/react";
    candor("on", "answered", ({ detail }) => { document.title = "answered " + detail.rating; });
    const App = () => h(StrictMode, null, h(Candor, { options: ${options()} }), h(CandorSurvey, { touchpoint: "checkout", properties: { plan: "pro" } }));
    createRoot(document.getElementById("app")).render(h(App));`,
  Vue: () => `
    import { createApp, h } from "vue";
    import { candor } from "candor-widget";
    import { Candor, CandorSurvey } from "candor-widget/vue";
    candor("on", "answered", ({ detail }) => { document.title = "answered " + detail.rating; });
    createApp({ render: () => [h(Candor, { options: ${options()} }), h(CandorSurvey, { touchpoint: "checkout", properties: { plan: "pro" } })] }).mount("#app");`,
};

test.each(Object.keys(apps))(
  "packed, installed and built into a %s app it asks and saves the answers",
  async (name) => {
    const root = join(folder, name);
    await mkdir(root);
    await writeFile(join(root, "main.js"), apps[name]?.() ?? "");
    await writeFile(
      join(root, "index.html"),
      '<!doctype html><html lang="en"><title>App</title><div id="app"></div><script type="module" src="./main.js"></script>',
    );
    await buildApp({ root, base: "./", logLevel: "silent", build: { outDir: "dist", minify: false } });
    const files = await readdir(join(root, "dist/assets"));
    // Modules that are fetched later stay separate files.
    expect(files.length).toBeGreaterThan(3);
    const { page, errors } = await visit(`${site.origin}/${name}/dist/index.html`);
    const popover = page.locator("candor-survey[popover]");
    await popover.getByRole("radio", { name: "9 of 10" }).click();
    await expect.poll(() => page.title()).toBe("answered 9");
    await popover.getByRole("button", { name: "Close" }).click();
    await page.locator("candor-survey[touchpoint=checkout]").getByRole("radio", { name: "4 of 5" }).click();
    await expect.poll(() => page.title()).toBe("answered 4");
    expect(errors).toEqual([]);
  },
);

test("on a server it draws the element and does nothing else", async () => {
  await writeFile(
    join(folder, "server.mjs"),
    `import { createElement as h } from "react";
     import { renderToString } from "react-dom/server";
     import { createSSRApp, h as vh } from "vue";
     import { renderToString as renderVue } from "vue/server-renderer";
     import { candor, init } from "candor-widget";
     import { Candor, CandorSurvey } from "candor-widget/react";
     import * as Vue from "candor-widget/vue";
     const options = ${options()};
     init(options);
     const silent = await candor("why");
     const react = renderToString(h("main", null, h(Candor, { options }), h(CandorSurvey, { touchpoint: "checkout" })));
     const vue = await renderVue(createSSRApp({ render: () => vh("main", [vh(Vue.Candor, { options }), vh(Vue.CandorSurvey, { touchpoint: "checkout" })]) }));
     console.log(JSON.stringify({ silent: silent ?? null, react, vue }));`,
  );
  const { stdout } = await run(process.execPath, [join(folder, "server.mjs")]);
  const { silent, react, vue } = JSON.parse(stdout);
  expect(silent).toBeNull();
  expect(react).toBe('<main><candor-survey touchpoint="checkout"></candor-survey></main>');
  expect(vue).toContain('<candor-survey touchpoint="checkout"></candor-survey>');
});

test("its types take what is right and refuse what is wrong", async () => {
  const source = (body: string) => `import { candor, init } from "candor-widget";
import { Candor, CandorSurvey } from "candor-widget/react";
import { createElement as h } from "react";
${body}`;
  const right = `init({ origin: "https://a.example", key: "pk_1" });
candor("track", "order", { total: 1 });
candor("on", "answered", ({ detail }) => detail.rating?.toFixed());
h(Candor, { options: { origin: "https://a.example" } });
h(CandorSurvey, { touchpoint: "checkout", properties: { plan: "pro" } });`;
  const wrong = 'init({ key: "pk_1" });';
  const check = async (name: string, body: string) => {
    await writeFile(join(folder, name), source(body));
    const settings = [
      "--noEmit",
      "--strict",
      "--skipLibCheck",
      "--module",
      "esnext",
      "--moduleResolution",
      "bundler",
    ];
    return run(resolve("node_modules/.bin/tsc"), [...settings, "--ignoreConfig", join(folder, name)]).then(
      () => "",
      ({ stdout }) => String(stdout),
    );
  };
  expect(await check("right.ts", right)).toBe("");
  expect(await check("wrong.ts", wrong)).toContain("origin");
});
