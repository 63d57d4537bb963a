import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { Browser, CDPSession } from "playwright-core";
import { build } from "../scripts/build/build.ts";
import { openBrowser } from "../test/browser/browser.ts";
import { serveSite } from "../test/browser/site.ts";
import { startServer } from "../test/harness.ts";
import { drawCosts } from "./peers/draw.ts";
import { others, type Widget } from "./peers/others.ts";
import { installPackages } from "./peers/packages.ts";
import { answerLike, type PeerServer, serve } from "./peers/peer-server.ts";
import { type Figure, median, note, report, thousands } from "./tools/report.ts";

/** Compares Candor's cost for a visitor with others': same page, browser, network and method of counting. */

const loads = 7;
const slowdown = 4;
/** A phone far from the server: 150 ms round trip, 1.6 Mbit/s. */
const network = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 };
/** Longer than PostHog batches its events. */
const settleMs = 4_000;

interface Load {
  bytes: number;
  requests: number;
  /** Compiling and running scripts, ms. */
  scriptMs: number;
  /** Sum of the tasks longer than 50 ms. */
  longTaskMs: number;
  paintMs: number;
  heapBytes: number;
  /** After an answer with a comment; undefined: the widget has no rating. */
  answered?: { bytes: number; requests: number };
}

// A string instead of a function: it runs in the page, whose types this folder does not have.
const watch = `
  window.found = (selector) => {
    const look = () => {
      const parts = selector.split(" >>> ");
      const root = parts.slice(0, -1).reduce((root, host) => root?.querySelector(host)?.shadowRoot, document);
      const element = root?.querySelector(parts.at(-1));
      const box = element?.getBoundingClientRect();
      const inside = box && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
      return inside && element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && box.toJSON();
    };
    return new Promise((done, fail) => {
      const again = () => {
        const box = look();
        if (performance.now() > 30_000) return fail(selector);
        if (!box) return setTimeout(again, 20);
        // The task after the frame: by then it has been painted.
        requestAnimationFrame(() => setTimeout(() => done({ ...box, ms: performance.now() })));
      };
      again();
    });
  };
  window.longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: "longtask", buffered: true });
`;

const inPage = async (cdp: CDPSession, expression: string) => {
  const options = { awaitPromise: true, returnByValue: true };
  const { result, exceptionDetails } = await cdp.send("Runtime.evaluate", { expression, ...options });
  if (exceptionDetails) throw new Error(`not seen: ${expression}`);
  return result.value;
};

/**
 * Counts the traffic since the last call. Throws if the server could not answer a request: then the visit was not a normal one.
 */
function drain({ traffic }: PeerServer): { bytes: number; requests: number } {
  const seen = traffic.splice(0);
  const unknown = seen.find(({ request }) => / [45]\d\d$/.test(request));
  if (unknown) throw new Error(`refused: ${unknown.request}`);
  return { bytes: seen.reduce((sum, { bytes }) => sum + bytes, 0), requests: seen.length };
}

/** A new visitor sees the question, waits, and answers it if the widget takes a rating. */
async function visit(browser: Browser, url: string, widget: Widget, server: PeerServer): Promise<Load> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.emulateNetworkConditions", network);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await cdp.send("Performance.enable");
  await page.addInitScript(watch);
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    const asked = request.url();
    if (asked !== url && !asked.startsWith(server.origin) && !/^(data|blob):/.test(asked))
      elsewhere.push(asked);
  });
  page.on("pageerror", (error) => note(`${widget.name}: ${error}`));
  const find = (selector: string) => inPage(cdp, `found(${JSON.stringify(selector)})`);
  const click = async (selector: string) => {
    const { x, y, width, height } = await find(selector);
    await page.mouse.click(x + width / 2, y + height / 2);
  };

  drain(server);
  await page.goto(url, { waitUntil: "commit" });
  const { ms: paintMs } = await find(widget.question);
  await pause(settleMs);
  const seen = drain(server);
  const { metrics } = await cdp.send("Performance.getMetrics");
  const metric = (name: string) => metrics.find((entry) => entry.name === name)?.value ?? Number.NaN;
  const longTasks: number[] = await inPage(cdp, "longTasks");
  await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize: heapBytes } = await cdp.send("Runtime.getHeapUsage");

  let answered: Load["answered"];
  if (widget.answering) {
    const { rating, comment, send, thanks } = widget.answering;
    await click(rating);
    await click(comment);
    await page.keyboard.insertText("It arrived a day early.");
    await click(send);
    await find(thanks);
    await pause(settleMs);
    const more = drain(server);
    answered = { bytes: seen.bytes + more.bytes, requests: seen.requests + more.requests };
  }
  await context.close();
  if (elsewhere.length > 0) note(`${widget.name} also asked, in vain, for ${elsewhere.join(", ")}`);
  return {
    ...seen,
    scriptMs: (metric("ScriptDuration") + metric("V8CompileDuration")) * 1e3,
    longTaskMs: longTasks.reduce((sum, ms) => sum + ms, 0),
    paintMs,
    heapBytes,
    ...(answered && { answered }),
  };
}

const candor = (url: string): Widget => {
  const rating = 'candor-survey >>> [role=radio][aria-label^="9"]';
  return {
    name: "Candor",
    snippet: "candor.html",
    answer: answerLike(url),
    question: rating,
    answering: {
      rating,
      comment: "candor-survey >>> textarea",
      send: "candor-survey >>> textarea ~ button",
      thanks: "candor-survey >>> [role=status] svg",
    },
  };
};

interface Measured {
  widget: Widget;
  server: PeerServer;
  loads: Load[];
}

/** Loads every widget `loads` times, in turn, so that load on the machine affects all alike. */
async function measure(widgets: readonly Widget[], key: string): Promise<Measured[]> {
  const measured: Measured[] = [];
  const snippets: string[] = [];
  for (const widget of widgets) {
    const server = await serve(widget.answer);
    const text = widget.snippet ? await readFile(`bench/peers/${widget.snippet}`, "utf8") : "";
    snippets.push(text.replaceAll("%ORIGIN%", server.origin).replaceAll("%KEY%", key));
    measured.push({ widget, server, loads: [] });
  }
  const site = await serveSite(snippets);
  const browser = await openBrowser();
  try {
    for (let round = 0; round <= loads; round++) {
      for (const [index, { widget, server, loads }] of measured.entries()) {
        const load = await visit(browser, site.pages[index] ?? "", widget, server);
        note(`${widget.name}: ${JSON.stringify(load)}`);
        // The first round warms browser and servers.
        if (round > 0) loads.push(load);
      }
    }
    return measured;
  } finally {
    await browser.close();
    site.stop();
    for (const { server } of measured) server.stop();
  }
}

/** The median of every widget for one measure, Candor first. */
function column(
  measured: readonly Measured[],
  what: string,
  pick: (load: Load) => number | undefined,
  unit = "",
): Figure {
  const medians = measured.flatMap(({ widget, loads }) => {
    const values = loads.map(pick).filter((value) => value !== undefined);
    return values.length > 0 ? [{ ...widget, value: median(values) }] : [];
  });
  const [first, ...rest] = medians;
  const own = first?.value ?? Number.NaN;
  const told = rest.map(({ name, snippet, value }) => {
    const ratio = snippet && own > 0 ? `, ${(value / own).toFixed(1)} times` : "";
    return `${name} ${thousands(value)}${ratio}`;
  });
  return {
    what: `${what}, beside others`,
    figure: `${thousands(own)}${unit}; ${told.join("; ")}`,
    target: "the least of all surveys",
    met: rest.every(({ answering, value }) => !answering || own <= value),
  };
}

/** Another widget's bytes as a multiple of Candor's, at least `parts`. Not measured if the other is missing. */
function partOf(measured: readonly Measured[], snippet: string, parts: number): Figure {
  const bytesOf = (file: string) =>
    median(measured.find(({ widget }) => widget.snippet === file)?.loads.map(({ bytes }) => bytes) ?? []);
  const ratio = bytesOf(snippet) / bytesOf("candor.html");
  const name = measured.find(({ widget }) => widget.snippet === snippet)?.widget.name;
  return {
    what: `bytes as a part of those of ${name ?? "today's Formbricks"}`,
    figure: name ? `1/${ratio.toFixed(1)}` : "not measured: FORMBRICKS_JS does not say where its scripts are",
    target: `1/${parts}`,
    ...(name && { met: ratio >= parts }),
  };
}

async function figures(): Promise<Figure[]> {
  await build();
  const server = await startServer({ onLog: () => undefined });
  try {
    const widgets = [candor(server.url), ...(await others(process.env.FORMBRICKS_JS))];
    const measured = await measure(widgets, server.publishableKey);
    const costs = measured.flatMap(({ widget: { name, snippet, answering }, loads }) => ({
      name,
      isSurvey: snippet && answering,
      bytes: median(loads.map(({ bytes }) => bytes)),
      paintMs: median(loads.map(({ paintMs }) => paintMs)),
    }));
    await writeFile("docs/images/peers.svg", drawCosts(costs.filter(({ isSurvey }) => isSurvey)));
    const slow = `at ${slowdown} times slower CPU`;
    return [
      column(measured, "bytes (brotli, both ways) of seeing an NPS question", ({ bytes }) => bytes),
      partOf(measured, "posthog.html", 15),
      partOf(measured, "formbricks.html", 25),
      column(measured, "requests of seeing it", ({ requests }) => requests),
      column(measured, `time of scripts ${slow}`, ({ scriptMs }) => scriptMs, " ms"),
      column(measured, `tasks over 50 ms ${slow}, together`, ({ longTaskMs }) => longTaskMs, " ms"),
      column(
        measured,
        "time until it is painted, 150 ms and 1.6 Mbit/s away",
        ({ paintMs }) => paintMs,
        " ms",
      ),
      column(measured, "JS heap after collection", ({ heapBytes }) => heapBytes / 1e3, " kB"),
      column(measured, "bytes of seeing it and answering with a comment", ({ answered }) => answered?.bytes),
      column(measured, "requests of that", ({ answered }) => answered?.requests),
    ];
  } finally {
    await server.stop();
  }
}

const installed = await installPackages().then(
  () => true,
  (error) => note(String(error)),
);
report(
  installed
    ? await figures()
    : [{ what: "Candor beside others", figure: "not measured: npm could not install them", target: "-" }],
  "npm run bench -- peers",
);
