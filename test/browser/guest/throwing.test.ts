import { cp, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAst } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { browser, server, setUpServer } from "../fixture.ts";
import { type Site, serve } from "../site.ts";

/** The built widget with one function that throws when called. The page gives the function's number. */

let folder: string;
let site: Site;
let functions = 0;
/** Functions of the tab's module, which only a tab fetches. */
const ofTab = new Set<number>();

interface Node {
  type: string;
  start: number;
  end: number;
  body?: Node | Node[];
  [name: string]: unknown;
}

/** A function whose body is a try statement cannot throw: it is the one that catches. */
const onlyTries = (body: Node) =>
  body.type === "BlockStatement" && (body.body as Node[]).every(({ type }) => type === "TryStatement");

function withThrows(source: string): string {
  const insertions: [at: number, text: string][] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const each of value) look(each);
      return;
    }
    const node = value as Node | null;
    if (typeof node?.type !== "string") return;
    if (/^(ArrowFunctionExpression|FunctionExpression|FunctionDeclaration)$/.test(node.type)) {
      const body = node.body as Node;
      if (!onlyTries(body)) {
        functions += 1;
        const thrower = `if(self.failing===${functions}){self.hit=1;throw Error("${functions} fails")}`;
        if (body.type === "BlockStatement") insertions.push([body.start + 1, thrower]);
        else {
          insertions.push([body.start, `((()=>{try{}finally{${thrower}}})(),`]);
          insertions.push([body.end, ")"]);
        }
      }
    }
    for (const [name, child] of Object.entries(node)) if (name !== "type") look(child);
  };
  look(parseAst(source));
  return (
    insertions
      // At the same position, an insertion that ends an expression comes before one that begins another.
      .sort(([one, text], [other]) => other - one || (text === ")" ? 1 : -1))
      .reduce((text, [at, inserted]) => text.slice(0, at) + inserted + text.slice(at), source)
  );
}

// Each frame must be a visitor of its own: frames share local storage and locks, and only one page of a visitor asks at a time.
const driver = `<script>
  Object.defineProperty(self, "localStorage", { value: {} });
  Object.defineProperty(navigator, "locks", { value: undefined });
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  /** What the function that throws keeps from coming is not waited for. */
  const until = async (holds) => {
    while (!self.hit && !holds()) await pause(50);
    await pause(50);
  };
  const root = () => [...document.querySelectorAll("candor-survey:not([touchpoint])")].at(-1)?.shadowRoot;
  const find = (selector) => root()?.querySelector(selector);
  const press = (element, key) =>
    element?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const isTab = location.search.includes("way-tab");
  window.candor ??= (...call) => (candor.q ??= []).push(call);
  candor("on", "shown", () => {});
  addEventListener("load", async () => {
    await until(() => find("button"));
    dispatchEvent(new Event("online"));
    document.dispatchEvent(new MouseEvent("mouseleave", { clientY: -1 }));
    press(find("[role=radio]"), "ArrowRight");
    root()?.querySelectorAll("[role=radio]")[2]?.click();
    await until(() => isTab || find(".send"));
    find(".send")?.click();
    await until(() => isTab || find("textarea"));
    find(".send")?.click();
    await until(() => !find(".send"));
    for (const name of ["why", "storage"]) await candor(name);
    await candor("track", "something", { a: 1 });
    await candor("identify", { properties: { plan: "pro" } });
    history.pushState({}, "", location.href + "&next");
    dispatchEvent(new Event("load"));
    await candor("why");
    await candor("show", "relationship");
    await until(() => find("[role=radio]"));
    find(".close")?.click();
    document.querySelector("[data-candor-open]").click();
    await until(() => find("[role=radio]"));
    await candor("consent", true);
    await candor("hide");
    await candor("reset");
    await candor("off", "shown", () => {});
    await candor("init", {});
    await candor("shutdown");
    self.ended = 1;
  }, { once: true });
</script>`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "candor-throwing-"));
  await cp("dist/assets", folder, { recursive: true });
  const files = await readdir(join(folder, "v1"), { recursive: true });
  for (const name of files.filter((file) => file.endsWith(".js"))) {
    const path = join(folder, "v1", name);
    // The loader exists twice; pages load the one that is not pinned.
    if (/\/widget\.js$/.test(name)) continue;
    const before = functions;
    await writeFile(path, withThrows(await readFile(path, "utf8")));
    if (name.endsWith("/tab.js")) for (let n = before + 1; n <= functions; n++) ofTab.add(n);
  }
});
setUpServer(() => ({ demo: true, assets: folder }));
beforeAll(async () => {
  site = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://site");
    response.setHeader("content-type", "text/html; charset=utf-8");
    if (pathname === "/frame") {
      const touchpoint = searchParams.get("touchpoint");
      const script = `<script async src="${server.url}/v1/widget.js" data-key="${server.publishableKey}" data-touchpoint="${touchpoint}"></script>`;
      return response.end(
        `<!doctype html><html lang="en"><script>self.failing=${searchParams.get("f")}</script>${driver}<button data-candor-open="checkout"></button>` +
          `<candor-survey touchpoint="checkout"></candor-survey>${script}`,
      );
    }
    const from = Number(searchParams.get("from"));
    const frames = Array.from({ length: Number(searchParams.get("count")) }, (_, index) => from + index).map(
      (n) =>
        `<iframe src="/frame?f=${n}&touchpoint=way-${ofTab.has(n) ? "tab" : "steps"}" width="300" height="300"></iframe>`,
    );
    response.end(`<!doctype html><html lang="en"><title>Frames</title>${frames.join("")}`);
  });
});
afterAll(() => site.stop());

test("each function of the widget throws in turn, and no error reaches the page", async () => {
  expect(functions).toBeGreaterThan(100);
  const together = 40;
  const hit = new Set<number>();
  const errors = new Set<string>();
  for (let from = 0; from <= functions; from += together) {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.on("pageerror", (error) => errors.add(`${error.message} ${error.stack?.split("\n")[1] ?? ""}`));
    page.on("console", (message) => {
      if (message.type() === "error") errors.add(message.text());
    });
    const count = Math.min(together, functions + 1 - from);
    await page.goto(`${site.origin}/?from=${from}&count=${count}`);
    const frames = page.frames().filter((frame) => frame.url().includes("/frame"));
    expect(frames).toHaveLength(count);
    for (const frame of frames) {
      await frame.waitForFunction("self.ended", undefined, { timeout: 300_000 });
      const [number, wasHit] = await frame.evaluate<[number, boolean]>("[self.failing, self.hit === 1]");
      if (wasHit) hit.add(number);
    }
    await context.close();
  }
  expect([...errors]).toEqual([]);
  // Functions for rules that this survey does not have.
  const missed = Array.from({ length: functions }, (_, n) => n + 1).filter((n) => !hit.has(n));
  expect(missed.length / functions, `not reached: ${missed.join(", ")}`).toBeLessThan(0.25);
}, 900_000);
